/**
 * Things that need one another in a ring together (strongly connected), each other thing by itself; every group after all
 * it needs. Tarjan's algorithm without recursion.
 */
export function neededFirstGroups(ids: readonly string[], next: (id: string) => readonly string[]): string[][] {
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const onPath = new Set<string>();
  const path: string[] = [];
  const found: string[][] = [];
  for (const start of ids) {
    if (index.has(start)) continue;
    const work: { id: string; edge: number }[] = [{ id: start, edge: 0 }];
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { id } = frame;
      if (frame.edge === 0) {
        index.set(id, index.size);
        lowest.set(id, index.size - 1);
        path.push(id);
        onPath.add(id);
      }
      const target = next(id)[frame.edge];
      frame.edge += 1;
      if (target !== undefined) {
        if (!index.has(target)) work.push({ id: target, edge: 0 });
        else if (onPath.has(target)) lowest.set(id, Math.min(lowest.get(id) ?? 0, index.get(target) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.id;
      if (parent !== undefined) lowest.set(parent, Math.min(lowest.get(parent) ?? 0, lowest.get(id) ?? 0));
      if (lowest.get(id) !== index.get(id)) continue;
      const ring = path.splice(path.lastIndexOf(id));
      for (const member of ring) onPath.delete(member);
      found.push(ring);
    }
  }
  return found;
}

/** Rings of things that need one another, and things that need themselves. */
export function ringsOf(ids: readonly string[], next: (id: string) => readonly string[]): string[][] {
  return neededFirstGroups(ids, next).filter(
    ([first = '', ...others]) => others.length > 0 || next(first).includes(first),
  );
}

/** Starting points tried for the shortest cycle of one ring: enough for any map a person wrote. */
const startsMax = 200;

/** The shortest cycle of a ring: `[a, b, c]` means a needs b needs c needs a. */
export function shortestCycle(ring: readonly string[], next: (id: string) => readonly string[]): readonly string[] {
  const members = new Set(ring);
  let best = ring;
  for (const start of ring.toReversed().slice(0, startsMax)) {
    const cycle = cycleFrom(start, (id) => next(id).filter((target) => members.has(target)));
    if (cycle !== undefined && (cycle.length < best.length || best === ring)) best = cycle;
    if (best.length <= 2 && best !== ring) break;
  }
  return best;
}

/** One cycle for each ring. */
export const shortestCycles = (ids: readonly string[], next: (id: string) => readonly string[]) =>
  ringsOf(ids, next).map((ring) => shortestCycle(ring, next));

function cycleFrom(start: string, next: (id: string) => readonly string[]): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const id of queue) {
    for (const target of next(id)) {
      if (target === start) {
        const cycle = [id];
        for (let one = id; one !== start; ) {
          one = cameFrom.get(one) ?? start;
          cycle.push(one);
        }
        return cycle.reverse();
      }
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, id);
      queue.push(target);
    }
  }
  return undefined;
}
