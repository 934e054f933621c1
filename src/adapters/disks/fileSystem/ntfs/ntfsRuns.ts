import { Damaged } from '../../faults.ts';
import { type Bytes, type Piece, PiecedBytes } from '../../image/bytes.ts';
import { STRETCH_BYTES, type Stretch } from '../fileSystem.ts';
import { unpackedUnit } from './lznt1.ts';

/** Clusters one after another, `from` null where they are a hole. */
export interface Run {
  clusters: number;
  from: number | null;
}

/** Mapping pairs: a byte of two lengths, then the count and the signed distance from the run before. */
export function runsIn(packed: Buffer): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 0; at < packed.length && packed[at] !== 0; ) {
    const head = packed[at] ?? 0;
    const [countBytes, distanceBytes] = [head & 15, head >>> 4];
    if (countBytes === 0 || countBytes > 6 || distanceBytes > 6) throw new Damaged('runs of a file that cannot be');
    const clusters = packed.readUIntLE(at + 1, countBytes);
    if (clusters === 0) throw new Damaged('a run of no clusters');
    if (distanceBytes === 0) runs.push({ clusters, from: null });
    else {
      from += packed.readIntLE(at + 1 + countBytes, distanceBytes);
      if (from < 0) throw new Damaged('a run before the volume');
      runs.push({ clusters, from });
    }
    at += 1 + countBytes + distanceBytes;
  }
  return runs;
}

export interface Layout {
  bytes: Bytes;
  clusterBytes: number;
}

/** A value that stands in clusters, as bytes by offset. */
export function valueBytes({ bytes, clusterBytes }: Layout, runs: readonly Run[], size: number): Bytes {
  const starts: number[] = [];
  let total = 0;
  for (const { clusters } of runs) {
    starts.push(total);
    total += clusters * clusterBytes;
  }
  if (total < size) throw new Damaged('a file is longer than its clusters');
  return new PiecedBytes(size, async (offset): Promise<Piece> => {
    const index = lastAtMost(starts, offset);
    const run = runs[index];
    if (run === undefined) throw new Damaged('no run holds these bytes');
    const inside = offset - (starts[index] ?? 0);
    const length = run.clusters * clusterBytes - inside;
    return { length, in: run.from === null ? null : bytes, at: (run.from ?? 0) * clusterBytes + inside };
  });
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Its stretches, holes passed by; what lies beyond `initialized` was never written and reads as zeros. */
export async function* plainContent(
  layout: Layout,
  runs: readonly Run[],
  size: number,
  initialized: number,
): AsyncGenerator<Stretch> {
  const end = Math.min(size, initialized);
  let at = 0;
  for (const { clusters, from } of runs) {
    const length = Math.min(clusters * layout.clusterBytes, end - at);
    for (let done = 0; from !== null && done < length; done += STRETCH_BYTES)
      yield {
        at: at + done,
        data: await layout.bytes.read(from * layout.clusterBytes + done, Math.min(STRETCH_BYTES, length - done)),
      };
    at += clusters * layout.clusterBytes;
  }
  if (at < size) throw new Damaged('a file is longer than its clusters');
}

/** Clusters compressed together: all there, they are plain; none, a hole; some, packed. */
export async function* compressedContent(
  layout: Layout,
  runs: readonly Run[],
  size: number,
  unit: number,
): AsyncGenerator<Stretch> {
  if (unit === 0) throw new Damaged('a compressed file that does not say how');
  const unitBytes = unit * layout.clusterBytes;
  if (unitBytes > 1 << 24) throw new Damaged('a compressed file in parts that cannot be');
  const left = runs.map((run) => ({ ...run }));
  for (let at = 0; at < size; at += unitBytes) {
    const parts: Buffer[] = [];
    for (let wanted = unit; wanted > 0; ) {
      const [run] = left;
      if (run === undefined) throw new Damaged('a file is longer than its clusters');
      const taken = Math.min(run.clusters, wanted);
      if (run.from !== null) {
        parts.push(await layout.bytes.read(run.from * layout.clusterBytes, taken * layout.clusterBytes));
        run.from += taken;
      }
      run.clusters -= taken;
      wanted -= taken;
      if (run.clusters === 0) left.shift();
    }
    if (parts.length === 0) continue;
    const read = Buffer.concat(parts);
    const data = read.length === unitBytes ? read : unpackedUnit(read, unitBytes);
    yield { at, data: data.subarray(0, Math.min(unitBytes, size - at)) };
  }
}
