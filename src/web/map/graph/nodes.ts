import type { MapGraphView } from '../../../map/views.ts';

export type MapNode = MapGraphView['nodes'][number];
export type MapEdge = MapGraphView['edges'][number];

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
  // What is only proposed leads nowhere yet.
  const next = grouped(
    edges.filter(({ because }) => because === null),
    (edge) => edge[near],
  );
  const found = new Set<string>([start]);
  for (const here of found) for (const edge of next.get(here) ?? []) found.add(edge[far]);
  found.delete(start);
  return found;
}
