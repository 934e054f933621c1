import { Damaged, NotRead } from '../../faults.ts';
import { type Bytes, MemoryBytes, PiecedBytes } from '../../image/bytes.ts';
import type { Stretches } from './ext.ts';

const MAGIC = 0xc03b3998;
const kind = { descriptor: 1, commit: 2, superblock1: 3, superblock2: 4, revoke: 5 };
const feature = { is64bit: 0x2, checksum2: 0x8, checksum3: 0x10, fastCommit: 0x20 };
const tagFlag = { escaped: 1, sameUuid: 2, last: 8 };
const JOURNAL_BLOCKS_MAX = 1 << 22;

/** Where the newest committed copy of a block stands. An escaped one had its first four bytes, the journal's own mark, put to zero. */
interface Copy {
  at: number;
  escaped: boolean;
  transaction: number;
}

/** The file system as mounting would find it: committed blocks of its journal laid over it, in memory (JBD2; everything big-endian). */
export async function replayed(bytes: Bytes, journal: Stretches, blockBytes: number): Promise<Bytes> {
  const blocks = await placesOf(journal, blockBytes);
  const block = (index: number): Promise<Buffer> => bytes.read((blocks[index] ?? Number.NaN) * blockBytes, blockBytes);
  const head = await block(0);
  const type = head.readUInt32BE(4);
  if (head.readUInt32BE(0) !== MAGIC || (type !== kind.superblock1 && type !== kind.superblock2))
    throw new Damaged('the journal of the file system is not one');
  const features = type === kind.superblock2 ? head.readUInt32BE(40) : 0;
  if (features & ~0x3f || features & feature.fastCommit)
    throw new NotRead(
      'an ext4 journal with fast commits, which was not replayed',
      'Export it while it is at rest or frozen.',
    );
  const [first, end] = [head.readUInt32BE(20), Math.min(head.readUInt32BE(16), blocks.length)];
  if (head.readUInt32BE(12) !== blockBytes || first < 1 || first >= end)
    throw new Damaged('sizes of the journal that cannot be');
  const next = (index: number) => (index + 1 >= end ? first : index + 1);
  const copies = new Map<number, Copy>();
  const revoked = new Map<number, number>();
  let index = head.readUInt32BE(28);
  if (index !== 0 && (index < first || index >= end)) throw new Damaged('the journal begins outside itself');
  let transaction = head.readUInt32BE(24);
  let pending: [number, Copy][] = [];
  let revoking: number[] = [];
  for (let seen = 0; index !== 0 && seen <= end; seen += 1) {
    const here = await block(index);
    if (here.readUInt32BE(0) !== MAGIC || here.readUInt32BE(8) !== transaction) break;
    const what = here.readUInt32BE(4);
    index = next(index);
    if (what === kind.descriptor)
      for (const { block: target, escaped } of tagsOf(here, features)) {
        pending.push([target, { at: blocks[index] ?? 0, escaped, transaction }]);
        index = next(index);
        seen += 1;
      }
    else if (what === kind.revoke) revoking.push(...revokedIn(here, features));
    else if (what === kind.commit) {
      for (const [target, copy] of pending) copies.set(target, copy);
      for (const target of revoking) revoked.set(target, transaction);
      [pending, revoking] = [[], []];
      transaction = (transaction + 1) >>> 0;
    } else break;
  }
  for (const [target, until] of revoked)
    if ((copies.get(target)?.transaction ?? Infinity) <= until) copies.delete(target);
  return overlaid(bytes, blockBytes, copies);
}

async function placesOf({ bytes, stretches }: Stretches, blockBytes: number): Promise<number[]> {
  if (bytes / blockBytes > JOURNAL_BLOCKS_MAX) throw new Damaged('a journal larger than any');
  const places: number[] = [];
  for await (const { at, from, blocks } of stretches) {
    if (at + blocks > JOURNAL_BLOCKS_MAX) throw new Damaged('a journal larger than any');
    for (let block = 0; from !== null && block < blocks; block += 1) places[at + block] = from + block;
  }
  return places;
}

function* tagsOf(descriptor: Buffer, features: number): Generator<{ block: number; escaped: boolean }> {
  const wide = (features & feature.is64bit) !== 0;
  const third = (features & feature.checksum3) !== 0;
  const second = (features & feature.checksum2) !== 0;
  const length = third ? 16 : (wide ? 12 : 8) + (second ? 2 : 0);
  const end = descriptor.length - (third || second ? 4 : 0);
  for (let at = 12; at + length <= end; ) {
    const flags = third ? descriptor.readUInt32BE(at + 4) : descriptor.readUInt16BE(at + 6);
    const high = wide ? descriptor.readUInt32BE(at + 8) : 0;
    yield { block: descriptor.readUInt32BE(at) + high * 2 ** 32, escaped: (flags & tagFlag.escaped) !== 0 };
    if (flags & tagFlag.last) return;
    at += length + (flags & tagFlag.sameUuid ? 0 : 16);
  }
}

function revokedIn(block: Buffer, features: number): number[] {
  const end = Math.min(block.readUInt32BE(12), block.length);
  const found: number[] = [];
  if (features & feature.is64bit)
    for (let at = 16; at + 8 <= end; at += 8) found.push(block.readUInt32BE(at) * 2 ** 32 + block.readUInt32BE(at + 4));
  else for (let at = 16; at + 4 <= end; at += 4) found.push(block.readUInt32BE(at));
  return found;
}

function overlaid(bytes: Bytes, blockBytes: number, copies: ReadonlyMap<number, Copy>): Bytes {
  const mark = new MemoryBytes(Buffer.of(0xc0, 0x3b, 0x39, 0x98));
  const changed = Float64Array.from(copies.keys()).sort();
  return new PiecedBytes(bytes.size, async (offset) => {
    const block = Math.floor(offset / blockBytes);
    const inside = offset % blockBytes;
    const copy = copies.get(block);
    if (copy?.escaped === true && inside < mark.size) return { length: mark.size - inside, in: mark, at: inside };
    if (copy !== undefined) return { length: blockBytes - inside, in: bytes, at: copy.at * blockBytes + inside };
    const next = changed[firstAbove(changed, block)];
    return { length: (next === undefined ? bytes.size : next * blockBytes) - offset, in: bytes, at: offset };
  });
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
