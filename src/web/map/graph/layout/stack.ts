/**
 * Moves things of one column as near to where they want to be as their order and their distances allow: the least sum
 * of squares (pool adjacent violators). `apart[i]`: least distance between i - 1 and i. In place, linear.
 */
export function stack(wanted: Float64Array, apart: Float64Array, top: number, bottom: number): void {
  const count = wanted.length;
  let offset = 0;
  // Without the distances, only the order remains to be kept.
  const level = new Float64Array(count);
  const size = new Uint32Array(count);
  let blocks = 0;
  for (let i = 0; i < count; i += 1) {
    offset += apart[i] ?? 0;
    level[blocks] = (wanted[i] ?? 0) - offset;
    size[blocks] = 1;
    blocks += 1;
    while (blocks > 1 && (level[blocks - 2] ?? 0) > (level[blocks - 1] ?? 0)) {
      const [above, below] = [size[blocks - 2] ?? 0, size[blocks - 1] ?? 0];
      level[blocks - 2] = ((level[blocks - 2] ?? 0) * above + (level[blocks - 1] ?? 0) * below) / (above + below);
      size[blocks - 2] = above + below;
      blocks -= 1;
    }
  }
  const lowest = Math.max(top, bottom - offset);
  let i = 0;
  offset = 0;
  for (let block = 0; block < blocks; block += 1) {
    const place = Math.min(Math.max(level[block] ?? 0, top), lowest);
    for (let nth = 0; nth < (size[block] ?? 0); nth += 1, i += 1) {
      offset += apart[i] ?? 0;
      wanted[i] = place + offset;
    }
  }
}
