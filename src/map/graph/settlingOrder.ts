/** Links as the builder has them: node `i` needs `to[start[i]]` to `to[start[i] + count[i] - 1]`. */
export interface Links {
  size: number;
  start: Int32Array;
  count: Int32Array;
  to: Int32Array;
}

/**
 * The new place of every node, each after all it needs, things that need one another in a ring in one stretch; and, by new
 * place, the first place of its ring. Tarjan's algorithm, on numbers and without recursion: what one hospital owns stays
 * together, so that a change reads memory in order.
 */
export function settlingOrder({ size, start, count, to }: Links): { place: Int32Array; ring: Int32Array } {
  const unplaced = -1;
  const place = new Int32Array(size).fill(unplaced);
  const ring = new Int32Array(size);
  const index = new Int32Array(size);
  const lowest = new Int32Array(size);
  const edge = new Int32Array(size);
  const path = new Int32Array(size);
  const work = new Int32Array(size);
  let seen = 0;
  let placed = 0;
  let onPath = 0;
  for (let root = 0; root < size; root += 1) {
    if (index[root] !== 0) continue;
    let depth = 0;
    work[0] = root;
    while (depth >= 0) {
      const node = work[depth] ?? 0;
      if (index[node] === 0) {
        seen += 1;
        index[node] = seen;
        lowest[node] = seen;
        path[onPath] = node;
        onPath += 1;
      }
      const taken = edge[node] ?? 0;
      if (taken < (count[node] ?? 0)) {
        edge[node] = taken + 1;
        const target = to[(start[node] ?? 0) + taken] ?? 0;
        if (index[target] === 0) {
          depth += 1;
          work[depth] = target;
        } else if (place[target] === unplaced) {
          lowest[node] = Math.min(lowest[node] ?? 0, index[target] ?? 0);
        }
        continue;
      }
      depth -= 1;
      if (depth >= 0) {
        const parent = work[depth] ?? 0;
        lowest[parent] = Math.min(lowest[parent] ?? 0, lowest[node] ?? 0);
      }
      if (lowest[node] !== index[node]) continue;
      const from = placed;
      for (let member = -1; member !== node; placed += 1) {
        onPath -= 1;
        member = path[onPath] ?? 0;
        place[member] = placed;
        ring[placed] = from;
      }
    }
  }
  return { place, ring };
}
