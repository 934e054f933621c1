import { Damaged } from '../../faults.ts';
import { count } from '../../image/bytes.ts';
import type { DiskEntry } from '../fileSystem.ts';
import { extentsOf, format, type Inode, placeOf, type Shape, summed } from './inode.ts';

/** Blocks of a folder from here on are its index: they name nothing of their own. */
const INDEX_BYTES = 2 ** 35;
const UNUSED = 0xffff;

export async function* entriesOf(shape: Shape, inode: Inode): AsyncGenerator<DiskEntry> {
  if (inode.format === format.local) return yield* shortEntries(inode.fork.subarray(0, inode.bytes), shape.kinds);
  const blockBytes = shape.blockBytes * shape.folderBlocks;
  for await (const { at, from, blocks } of extentsOf(shape, inode)) {
    if (from === null || at * shape.blockBytes >= INDEX_BYTES) continue;
    // A folder's block of several of the file system's is always whole in one extent, but for very scattered disks.
    if (blocks % shape.folderBlocks !== 0) throw new Damaged('a folder scattered in a way that is not read');
    for (let done = 0; done < blocks; done += shape.folderBlocks)
      yield* blockEntries(shape, await shape.bytes.read(placeOf(shape, from + done), blockBytes));
  }
}

/** Held by the inode itself: numbers of four bytes, or of eight where one needs them. */
function* shortEntries(fork: Buffer, kinds: boolean): Generator<DiskEntry> {
  const entries = fork[0] ?? 0;
  const wide = (fork[1] ?? 0) > 0;
  const numberBytes = wide ? 8 : 4;
  let at = 2 + numberBytes;
  for (let index = 0; index < (wide ? (fork[1] ?? 0) : entries); index += 1) {
    const length = fork[at] ?? 0;
    const name = Buffer.from(fork.subarray(at + 3, at + 3 + length));
    at += 3 + length + (kinds ? 1 : 0);
    if (at + numberBytes > fork.length) throw new Damaged('a folder reaches out of its inode');
    yield { name, id: wide ? count(fork.readBigUInt64BE(at)) : fork.readUInt32BE(at) };
    at += numberBytes;
  }
}

function* blockEntries({ sums, kinds }: Shape, block: Buffer): Generator<DiskEntry> {
  const magic = block.toString('latin1', 0, 4);
  const [alone, data] = sums ? ['XDB3', 'XDD3'] : ['XD2B', 'XD2D'];
  if (magic !== alone && magic !== data) throw new Damaged('a block of a folder is not one');
  if (sums && !summed(block, 4)) throw new Damaged('a block of a folder is not what its checksum says');
  const end = magic === alone ? block.length - 8 - block.readUInt32BE(block.length - 8) * 8 : block.length;
  for (let at = sums ? 64 : 16; at + 12 < end; ) {
    if (block.readUInt16BE(at) === UNUSED) {
      const length = block.readUInt16BE(at + 2);
      if (length < 8) throw new Damaged('a folder that cannot be');
      at += length;
      continue;
    }
    const length = block[at + 8] ?? 0;
    const name = Buffer.from(block.subarray(at + 9, at + 9 + length));
    if (at + 9 + length > end) throw new Damaged('a name in a folder reaches out of its place');
    const dots = length <= 2 && name.every((byte) => byte === 46);
    if (!dots) yield { name, id: count(block.readBigUInt64BE(at)) };
    at += Math.ceil((11 + length + (kinds ? 1 : 0)) / 8) * 8;
  }
}
