import type { MapGraphView } from '../../map/views.ts';

export type MapNode = MapGraphView['nodes'][number];
export type MapEdge = MapGraphView['edges'][number];

/** A whole map of more than this is an overview: choosing an element draws what hangs together with it, and nothing else. */
export const NODES_READ = 60;
/** Of no graph is more drawn than this, nearest first: people would not read it, and the layout would take seconds. */
export const NODES_DRAWN = 160;

/** As `Map.groupBy`, which browsers of 2023 do not have. */
export function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** What a node needs and what needs it, all the way along: what a loss touches, and what may have caused it. */
export function connected(edges: readonly MapEdge[], start: string): { needs: Set<string>; neededBy: Set<string> } {
  return { needs: reach(edges, start, 'from', 'to'), neededBy: reach(edges, start, 'to', 'from') };
}

/** Nearest first. */
function reach(edges: readonly MapEdge[], start: string, near: 'from' | 'to', far: 'from' | 'to'): Set<string> {
  const next = grouped(edges, (edge) => edge[near]);
  const found = new Set<string>([start]);
  for (const here of found) for (const edge of next.get(here) ?? []) found.add(edge[far]);
  found.delete(start);
  return found;
}

/** The whole map while it can be read; otherwise what hangs together with `centre`, or the surroundings of its first element. */
export function drawn(view: MapGraphView, centre: string | null): { nodes: MapNode[]; edges: MapEdge[] } {
  const isSmall = view.nodes.length <= (centre === null ? NODES_DRAWN : NODES_READ);
  if (isSmall) return { nodes: view.nodes, edges: view.edges };
  const kept = centre === null ? surroundings(view) : slice(view.edges, centre);
  return {
    nodes: view.nodes.filter((node) => kept.has(node.id)),
    edges: view.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  };
}

function slice(edges: readonly MapEdge[], centre: string): Set<string> {
  const { needs, neededBy } = connected(edges, centre);
  const half = (NODES_DRAWN - 1) / 2;
  const [below, above] = [
    Math.max(half, NODES_DRAWN - 1 - neededBy.size),
    Math.max(half, NODES_DRAWN - 1 - needs.size),
  ];
  return new Set([centre, ...[...needs].slice(0, below), ...[...neededBy].slice(0, above)]);
}

function surroundings({ nodes, edges }: MapGraphView): Set<string> {
  const touching = grouped(
    edges.flatMap(({ from, to }) => [
      { here: from, there: to },
      { here: to, there: from },
    ]),
    ({ here }) => here,
  );
  const [first] = nodes;
  const kept = new Set<string>(first === undefined ? [] : [first.id]);
  for (const here of kept) {
    for (const { there } of touching.get(here) ?? []) if (kept.size < NODES_DRAWN) kept.add(there);
  }
  return kept;
}
