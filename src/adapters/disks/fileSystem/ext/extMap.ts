import { Damaged } from '../../faults.ts';
import type { Bytes } from '../../image/bytes.ts';
import { crc32c } from '../../image/crc32c.ts';
import type { ExtInode } from './ext.ts';

export interface ExtMap {
  bytes: Bytes;
  blockBytes: number;
  sums: boolean;
}

/** Blocks of a file from `at` on, standing from block `from` on; null is a hole, or room that was never written. */
export interface Blocks {
  at: number;
  from: number | null;
  blocks: number;
}

const EXTENTS = 0x80000;
const DEPTH_MAX = 5;
const DIRECT = 12;

/** Where a file's blocks stand, in order. */
export function blocksOf(map: ExtMap, inode: ExtInode): AsyncGenerator<Blocks> {
  const place = inode.raw.subarray(40, 100);
  return inode.flags & EXTENTS ? extents(map, place, inode.seed, DEPTH_MAX) : indirect(map, place, inode.bytes);
}

/** ext4's extent trees: a header, then leaves or the blocks of the next level. */
async function* extents(map: ExtMap, node: Buffer, seed: number, depthMax: number): AsyncGenerator<Blocks> {
  const depth = node.readUInt16LE(6);
  const entries = node.readUInt16LE(2);
  if (node.readUInt16LE(0) !== 0xf30a || depth > depthMax || 12 + entries * 12 > node.length)
    throw new Damaged('the map of a file is not one');
  for (let index = 0; index < entries; index += 1) {
    const from = 12 + index * 12;
    const at = node.readUInt32LE(from);
    if (depth === 0) {
      const length = node.readUInt16LE(from + 4);
      const start = node.readUInt16LE(from + 6) * 2 ** 32 + node.readUInt32LE(from + 8);
      yield length > 32768 ? { at, from: null, blocks: length - 32768 } : { at, from: start, blocks: length };
    } else {
      const block = node.readUInt32LE(from + 4) + node.readUInt16LE(from + 8) * 2 ** 32;
      const below = await map.bytes.read(block * map.blockBytes, map.blockBytes);
      const tail = 12 + below.readUInt16LE(4) * 12;
      if (map.sums && crc32c(seed, below.subarray(0, tail)) !== below.readUInt32LE(tail))
        throw new Damaged('a part of the map of a file is not what its checksum says');
      if (below.readUInt16LE(6) !== depth - 1) throw new Damaged('the map of a file leads back into itself');
      yield* extents(map, below, seed, depth - 1);
    }
  }
}

/** ext2 and ext3: twelve blocks, then blocks of block numbers one, two and three deep. */
async function* indirect(map: ExtMap, place: Buffer, bytes: number): AsyncGenerator<Blocks> {
  const total = Math.ceil(bytes / map.blockBytes);
  const perBlock = map.blockBytes / 4;
  let at = 0;
  async function* below(block: number, level: number): AsyncGenerator<Blocks> {
    if (at >= total) return;
    if (level === 0 || block === 0) {
      const blocks = Math.min(perBlock ** level, total - at);
      yield { at, from: block === 0 ? null : block, blocks };
      at += blocks;
      return;
    }
    const numbers = await map.bytes.read(block * map.blockBytes, map.blockBytes);
    for (let index = 0; index < perBlock && at < total; index += 1)
      yield* below(numbers.readUInt32LE(index * 4), level - 1);
  }
  async function* all(): AsyncGenerator<Blocks> {
    for (let index = 0; index < DIRECT; index += 1) yield* below(place.readUInt32LE(index * 4), 0);
    for (const level of [1, 2, 3]) yield* below(place.readUInt32LE((DIRECT + level - 1) * 4), level);
  }
  yield* joined(all());
}

/** Blocks that follow each other are read together. */
async function* joined(parts: AsyncGenerator<Blocks>): AsyncGenerator<Blocks> {
  let waiting: Blocks | undefined;
  for await (const part of parts) {
    const follows =
      waiting && (waiting.from === null ? part.from === null : part.from === waiting.from + waiting.blocks);
    if (waiting && follows) waiting = { ...waiting, blocks: waiting.blocks + part.blocks };
    else {
      if (waiting) yield waiting;
      waiting = part;
    }
  }
  if (waiting) yield waiting;
}
