import type { ComponentState } from '../../../map/model.ts';
import { type Layer, layerOf, layers } from './layers.ts';
import type { MapEdge, MapNode } from './nodes.ts';

/** Everything of one layer on one site: it can be folded into one box. */
export interface Pile {
  /** `site|layer`. */
  key: string;
  site: string | null;
  layer: Layer;
  members: number[];
}

/** A box of the picture: one element, or a folded pile of them. */
export type Thing =
  | { kind: 'element'; id: string; layer: Layer; lane: number; at: number }
  | { kind: 'pile'; id: string; layer: Layer; lane: number; pile: Pile };

/** A line of the picture; where a pile is folded, all links between the same two boxes. */
export interface Link {
  from: number;
  to: number;
  /** What the surest of them is: confirmed by a person, told by nobody, only proposed. */
  sureness: 'confirmed' | 'unconfirmed' | 'proposed';
  /** The set of alternatives it belongs to (`1/2`: one of two is enough), where all of them do. */
  alternative: string | null;
  count: number;
}

export interface Shown {
  things: Thing[];
  links: Link[];
  /** Sites from top to bottom; null: what is on none. One lane where the picture is not told apart by site. */
  lanes: (string | null)[];
  /** The box of each element of the map, folded or not; -1: left out. */
  boxOf: Int32Array;
}

const pileKey = (site: string | null, layer: Layer): string => `${site ?? ''}|${layer}`;

/** All piles of the map, in the order of sites and layers. */
export function pilesOf(nodes: readonly MapNode[], bySite: boolean): Pile[] {
  const piles = new Map<string, Pile>();
  nodes.forEach((node, at) => {
    const site = bySite ? node.site : null;
    const layer = layerOf(node);
    const key = pileKey(site, layer);
    const pile = piles.get(key);
    if (pile === undefined) piles.set(key, { key, site, layer, members: [at] });
    else pile.members.push(at);
  });
  return [...piles.values()];
}

/** What is drawn of a map: `folded` piles as one box each, `only` these elements where given. */
export function shownOf(
  { nodes, edges }: { nodes: readonly MapNode[]; edges: readonly MapEdge[] },
  { bySite, folded, only }: { bySite: boolean; folded: ReadonlySet<string>; only?: ReadonlySet<string> | undefined },
): Shown {
  const piles = pilesOf(nodes, bySite);
  const lanes = lanesOf(piles);
  const things: Thing[] = [];
  const boxOf = new Int32Array(nodes.length).fill(-1);
  const kept = (at: number) => only === undefined || only.has(nodes[at]?.id ?? '');
  for (const pile of piles.toSorted(inOrder(lanes))) {
    const members = pile.members.filter(kept);
    const lane = lanes.indexOf(pile.site);
    // A pile of one is no smaller folded.
    const isFolded = folded.has(pile.key) && members.length > 1;
    if (isFolded) {
      for (const at of members) boxOf[at] = things.length;
      things.push({ kind: 'pile', id: pile.key, layer: pile.layer, lane, pile: { ...pile, members } });
    } else {
      for (const at of members) {
        boxOf[at] = things.length;
        things.push({ kind: 'element', id: nodes[at]?.id ?? '', layer: pile.layer, lane, at });
      }
    }
  }
  return { things, links: linksOf(nodes, edges, boxOf), lanes, boxOf };
}

/** Sites in the order they first appear among the elements; what is on none comes first, as care functions mostly are. */
function lanesOf(piles: readonly Pile[]): (string | null)[] {
  const sites = [...new Set(piles.map(({ site }) => site))];
  return sites.toSorted((one, other) => Number(other === null) - Number(one === null));
}

const inOrder = (lanes: readonly (string | null)[]) => (one: Pile, other: Pile) =>
  lanes.indexOf(one.site) - lanes.indexOf(other.site) || layers.indexOf(one.layer) - layers.indexOf(other.layer);

const surenessOf = ({ because, confirmed }: MapEdge): Link['sureness'] =>
  because !== null ? 'proposed' : confirmed === null ? 'unconfirmed' : 'confirmed';
const rank: { [sureness in Link['sureness']]: number } = { proposed: 0, unconfirmed: 1, confirmed: 2 };

function linksOf(nodes: readonly MapNode[], edges: readonly MapEdge[], boxOf: Int32Array): Link[] {
  const place = new Map(nodes.map(({ id }, at) => [id, at]));
  const links = new Map<number, Link>();
  for (const edge of edges) {
    const from = boxOf[place.get(edge.from) ?? -1] ?? -1;
    const to = boxOf[place.get(edge.to) ?? -1] ?? -1;
    if (from < 0 || to < 0 || from === to) continue;
    const key = from * nodes.length + to;
    const known = links.get(key);
    const sureness = surenessOf(edge);
    const alternative = edge.group?.split(' ')[1] ?? null;
    if (known === undefined) links.set(key, { from, to, sureness, alternative, count: 1 });
    else {
      known.count += 1;
      if (rank[sureness] > rank[known.sureness]) known.sureness = sureness;
      if (known.alternative !== alternative) known.alternative = null;
    }
  }
  return [...links.values()];
}

/** How many of a pile are in each state. */
export function statesOf(pile: Pile, stateAt: (at: number) => ComponentState): Map<ComponentState, number> {
  const counts = new Map<ComponentState, number>();
  for (const at of pile.members) counts.set(stateAt(at), (counts.get(stateAt(at)) ?? 0) + 1);
  return counts;
}

/** Of a pile: the worst thing in it. Unknown outweighs up: a pile with an unwatched element is not fine. */
const worstFirst: readonly ComponentState[] = ['down', 'isolated', 'degraded', 'restoring', 'unknown', 'up'];
export const worstOf = (counts: ReadonlyMap<ComponentState, number>): ComponentState =>
  worstFirst.find((state) => counts.has(state)) ?? 'unknown';
