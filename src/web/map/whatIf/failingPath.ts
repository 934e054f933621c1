import type { MapGraphView } from '../../../map/views.ts';
import { grouped } from '../graph/nodes.ts';

/** Everything on a way from `start` to one of the `roots` through what is not well: why it is down, as a path. */
export function failingPath({ nodes, edges }: MapGraphView, start: string, roots: readonly string[]): Set<string> {
  const failing = new Set(nodes.filter(({ state }) => state !== 'up').map(({ id }) => id));
  const ways = edges.filter(({ from, to, because }) => because === null && failing.has(from) && failing.has(to));
  const down = reached(
    grouped(ways, ({ from }) => from),
    [start],
    ({ to }) => to,
  );
  const up = reached(
    grouped(ways, ({ to }) => to),
    roots,
    ({ from }) => from,
  );
  return new Set([start, ...[...down].filter((id) => up.has(id))]);
}

function reached<Way>(
  next: ReadonlyMap<string, readonly Way[]>,
  from: readonly string[],
  end: (way: Way) => string,
): Set<string> {
  const found = new Set(from);
  for (const here of found) for (const way of next.get(here) ?? []) found.add(end(way));
  return found;
}
