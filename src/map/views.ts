import type { CareFacts } from './care.ts';
import type { CompiledMap } from './compile.ts';
import { noFacts } from './facts.ts';
import { readFacts } from './gap/history.ts';
import { impactAt } from './impact.ts';
import type { CareFunction, Component, ComponentKind, ComponentState, Confirmation, Need, Words } from './model.ts';

/** The map as a graph: care functions on top, what they need below. */
export interface MapGraphView {
  document: string | null;
  /** Sites and suppliers by id, as people call them. */
  sites: { id: string; name: Words }[];
  suppliers: { id: string; name: string }[];
  nodes: {
    id: string;
    kind: ComponentKind | 'careFunction';
    name: Words;
    site: string | null;
    supplier: string | null;
    tier: 1 | 2 | 3 | null;
    /** Of a component; for a care function its supply in the same words. */
    state: ComponentState;
    since: string | null;
    code: string | null;
    confirmed: { by: string; on: string } | null;
    restorable: boolean;
  }[];
  /**
   * `from` needs `to`; `group` tells one alternative set from another: `any-1 1/2`. `confirmed`: by whom this link was, or
   * all of `from`'s. `because`: a link only proposed, and what suggests it; it counts for nothing until it is confirmed.
   */
  edges: {
    from: string;
    to: string;
    need: 'all' | 'any' | 'atLeast';
    group: string | null;
    graceSeconds: number | null;
    confirmed: Confirmation | null;
    because: string | null;
  }[];
}

/** The graph with everything's state at `now` (ms; by default the instant of the latest fact); without a map, an empty one. */
export function mapGraphView(
  map: CompiledMap | null,
  facts: CareFacts = noFacts,
  { now, document = null }: { now?: number; document?: string | null } = {},
): MapGraphView {
  if (map === null) return { document: null, sites: [], suppliers: [], nodes: [], edges: [] };
  const read = readFacts(map, facts);
  const own = new Map([...read.last].map(([id, { state }]) => [id, state]));
  const latest = Math.max(0, ...[...read.last.values()].map(({ since }) => since));
  const states = impactAt(read.supplies, own, now ?? latest);
  const seen = (id: string) => {
    const last = read.last.get(id);
    return { since: last === undefined ? null : new Date(last.since).toISOString(), code: last?.code || null };
  };
  const node = (thing: Component | CareFunction) => ({
    id: thing.id,
    name: thing.name,
    state: states.get(thing.id)?.state ?? ('unknown' as const),
    ...seen(thing.id),
  });
  return {
    document,
    sites: [...map.sites.values()].map(({ id, name }) => ({ id, name })),
    suppliers: [...map.suppliers.values()].map(({ id, name }) => ({ id, name })),
    nodes: [
      ...map.document.careFunctions.map((care) => ({
        ...node(care),
        kind: 'careFunction' as const,
        site: siteOf(map, care),
        supplier: null,
        tier: care.tier,
        confirmed: care.confirmed ?? null,
        restorable: false,
      })),
      ...map.document.components.map((component) => ({
        ...node(component),
        kind: component.kind,
        site: component.site ?? null,
        supplier: component.supplier ?? null,
        tier: null,
        confirmed: component.confirmed ?? null,
        restorable: component.restore !== undefined,
      })),
    ],
    edges: [...map.document.careFunctions, ...map.document.components].flatMap(edgesOf),
  };
}

/** Where all its wards are; null where they are on several sites. */
function siteOf(map: CompiledMap, { wards }: CareFunction): string | null {
  const sites = new Set(wards.map((ward) => map.wards.get(ward)?.site));
  const [site = null] = sites;
  return sites.size === 1 ? site : null;
}

type Edge = MapGraphView['edges'][number];

function edgesOf({ id: from, needs, proposed = [], confirmed }: Component | CareFunction): Edge[] {
  let groups = 0;
  const edges: Edge[] = [];
  const leaf = (to: string, graceSeconds = 0) => ({ from, to, graceSeconds: graceSeconds > 0 ? graceSeconds : null });
  const walk = (need: Need, word: Edge['need'], group: string | null): void => {
    if ('need' in need) {
      const sureBy = need.confirmed ?? confirmed ?? null;
      edges.push({ ...leaf(need.need, need.graceSeconds), need: word, group, confirmed: sureBy, because: null });
    } else if ('all' in need) {
      // Inside an alternative, all of a side still belong to that alternative.
      for (const part of need.all) walk(part, word, group);
    } else {
      const [own, least, of] =
        'any' in need ? (['any', 1, need.any] as const) : (['atLeast', need.atLeast, need.of] as const);
      const set = `${own}-${++groups} ${least}/${of.length}`;
      for (const part of of) walk(part, own, set);
    }
  };
  if (needs !== undefined) walk(needs, 'all', null);
  for (const { need, graceSeconds, because } of proposed)
    edges.push({ ...leaf(need, graceSeconds), need: 'all', group: null, confirmed: null, because });
  return edges;
}
