import type { CareFacts } from './care.ts';
import type { CompiledMap, CompiledNeed } from './compile.ts';
import { noFacts } from './facts.ts';
import { readFacts } from './gap/history.ts';
import { impactAt } from './impact.ts';
import type { CareFunction, Component, ComponentKind, ComponentState, Words } from './model.ts';

/** The map as a graph: care functions on top, what they need below. */
export interface MapGraphView {
  document: string | null;
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
  /** `from` needs `to`; `group` tells one alternative set from another: `any-1 of 2`. */
  edges: {
    from: string;
    to: string;
    need: 'all' | 'any' | 'atLeast';
    group: string | null;
    graceSeconds: number | null;
  }[];
}

/** The graph with everything's state at `now` (ms; by default the instant of the latest fact); without a map, an empty one. */
export function mapGraphView(
  map: CompiledMap | null,
  facts: CareFacts = noFacts,
  { now, document = null }: { now?: number; document?: string | null } = {},
): MapGraphView {
  if (map === null) return { document: null, nodes: [], edges: [] };
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
    nodes: [
      ...map.document.careFunctions.map((care) => ({
        ...node(care),
        kind: 'careFunction' as const,
        site: null,
        supplier: null,
        tier: care.tier,
        confirmed: null,
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
    edges: [...map.needs].flatMap(([from, need]) => edgesOf(from, need)),
  };
}

type Edge = MapGraphView['edges'][number];

function edgesOf(from: string, need: CompiledNeed): Edge[] {
  let groups = 0;
  const edges: Edge[] = [];
  const walk = (one: CompiledNeed, word: Edge['need'], group: string | null): void => {
    if (one.kind === 'one') {
      edges.push({ from, to: one.to, need: word, group, graceSeconds: one.graceSeconds > 0 ? one.graceSeconds : null });
      return;
    }
    // Inside an alternative, all of a side still belong to that alternative.
    const own = one.word === 'all' ? group : `${one.word}-${++groups} ${one.atLeast}/${one.of.length}`;
    for (const part of one.of) walk(part, one.word === 'all' ? word : one.word, own);
  };
  walk(need, 'all', null);
  return edges;
}
