import { Damaged } from '../../faults.ts';
import { type Bytes, count } from '../../image/bytes.ts';
import { crc32c } from '../../image/crc32c.ts';

/** What everything in an XFS file system is measured with. */
export interface Shape {
  bytes: Bytes;
  blockBytes: number;
  /** Version 5: everything under CRC-32C, and blocks say whose they are. */
  sums: boolean;
  /** Names are told with their kind. */
  kinds: boolean;
  groupBlocks: number;
  groups: number;
  /** Bits of a block's number inside its group, and of an inode's inside its block. */
  groupBits: number;
  inodeBits: number;
  inodeBytes: number;
  folderBlocks: number;
}

export interface Extent {
  at: number;
  /** Null: promised and never written. */
  from: number | null;
  blocks: number;
}

export interface Inode {
  id: number;
  raw: Buffer;
  mode: number;
  format: number;
  bytes: number;
  /** The part of the inode that holds its content or the map of it. */
  fork: Buffer;
  /** Extents of the map, where the fork holds them itself. */
  extents: number;
}

const WIDE_COUNTS = 16n;
export const format = { device: 0, local: 1, extents: 2, tree: 3 };
const DEPTH_MAX = 9;

/** Bytes of a block from its number in the file system, which begins with that of its group. */
export function placeOf({ groupBits, groupBlocks, groups, blockBytes }: Shape, block: number): number {
  const group = Math.floor(block / 2 ** groupBits);
  const inside = block % 2 ** groupBits;
  if (group >= groups || inside >= groupBlocks) throw new Damaged(`block ${block} does not exist`);
  return (group * groupBlocks + inside) * blockBytes;
}

/** Sums of XFS are inverted, and little-endian where all else is not. */
export function summed(block: Buffer, at: number): boolean {
  const zeroed = Buffer.from(block);
  zeroed.writeUInt32LE(0, at);
  return (crc32c(0xffffffff, zeroed) ^ 0xffffffff) >>> 0 === block.readUInt32LE(at);
}

export async function inodeOf(shape: Shape, id: number): Promise<Inode> {
  const block = Math.floor(id / 2 ** shape.inodeBits);
  const index = id % 2 ** shape.inodeBits;
  const raw = await shape.bytes.read(placeOf(shape, block) + index * shape.inodeBytes, shape.inodeBytes);
  const version = raw[4] ?? 0;
  if (raw.toString('latin1', 0, 2) !== 'IN') throw new Damaged(`inode ${id} is not one`);
  if (shape.sums && (!summed(raw, 100) || count(raw.readBigUInt64BE(152)) !== id))
    throw new Damaged(`inode ${id} is not what its checksum says`);
  const mode = raw.readUInt16BE(2);
  if (mode === 0) throw new Damaged(`inode ${id} is not in use`);
  const start = version >= 3 ? 176 : 100;
  const attributesAt = (raw[82] ?? 0) * 8;
  const wide = version >= 3 && (raw.readBigUInt64BE(120) & WIDE_COUNTS) !== 0n;
  return {
    id,
    raw,
    mode,
    format: raw[5] ?? 0,
    bytes: count(raw.readBigUInt64BE(56)),
    fork: raw.subarray(start, attributesAt === 0 ? raw.length : start + attributesAt),
    extents: wide ? count(raw.readBigUInt64BE(24)) : raw.readUInt32BE(76),
  };
}

/** Where an inode's content stands, in order. */
export async function* extentsOf(shape: Shape, inode: Inode): AsyncGenerator<Extent> {
  if (inode.format === format.extents) yield* records(inode.fork, 0, inode.extents);
  else if (inode.format === format.tree) {
    const level = inode.fork.readUInt16BE(0);
    const most = Math.floor((inode.fork.length - 4) / 16);
    yield* children(shape, inode.fork, 4, inode.fork.readUInt16BE(2), most, level, inode.id);
  } else throw new Damaged(`inode ${inode.id} does not say where its content stands`);
}

async function* children(
  shape: Shape,
  node: Buffer,
  start: number,
  entries: number,
  most: number,
  level: number,
  owner: number,
): AsyncGenerator<Extent> {
  if (entries > most || level < 1 || level > DEPTH_MAX) throw new Damaged('the map of a file is not one');
  for (let index = 0; index < entries; index += 1) {
    const at = placeOf(shape, count(node.readBigUInt64BE(start + most * 8 + index * 8)));
    const block = await shape.bytes.read(at, shape.blockBytes);
    const header = shape.sums ? 72 : 24;
    if (block.toString('latin1', 0, 4) !== (shape.sums ? 'BMA3' : 'BMAP') || block.readUInt16BE(4) !== level - 1)
      throw new Damaged('the map of a file leads elsewhere');
    if (shape.sums && (!summed(block, 64) || count(block.readBigUInt64BE(56)) !== owner))
      throw new Damaged('a part of the map of a file is not what its checksum says');
    const told = block.readUInt16BE(6);
    if (level === 1) yield* records(block, header, told);
    else yield* children(shape, block, header, told, Math.floor((shape.blockBytes - header) / 16), level - 1, owner);
  }
}

/** 128 bits each: whether it was never written, 54 of the file's block, 52 of the disk's, 21 of how many. */
function* records(from: Buffer, start: number, entries: number): Generator<Extent> {
  if (start + entries * 16 > from.length) throw new Damaged('the map of a file reaches out of its place');
  for (let index = 0; index < entries; index += 1) {
    const high = from.readBigUInt64BE(start + index * 16);
    const low = from.readBigUInt64BE(start + index * 16 + 8);
    const at = count((high & 0x7fff_ffff_ffff_ffffn) >> 9n);
    const block = count(((high & 0x1ffn) << 43n) | (low >> 21n));
    yield { at, from: high >> 63n ? null : block, blocks: Number(low & 0x1f_ffffn) };
  }
}
