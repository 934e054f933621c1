import { Damaged } from '../../faults.ts';
import { crc32c } from '../../image/crc32c.ts';
import type { DiskEntry } from '../fileSystem.ts';

/** Last entry of a block that keeps its checksum: no inode, twelve bytes, this type. */
const TAIL_TYPE = 0xde;
const DOT = 46;

/** The names in one block of a folder. Blocks of its hashed index look like a single entry without inode: they are passed by. */
export function* entriesIn(block: Buffer, seed: number, sums: boolean): Generator<DiskEntry> {
  const tail = block.length - 12;
  if (sums && block.readUInt32LE(tail) === 0 && block.readUInt16LE(tail + 4) === 12 && block[tail + 7] === TAIL_TYPE)
    if (crc32c(seed, block.subarray(0, tail)) !== block.readUInt32LE(tail + 8))
      throw new Damaged('a block of a folder is not what its checksum says');
  for (let at = 0; at + 8 <= block.length; ) {
    const id = block.readUInt32LE(at);
    const said = block.readUInt16LE(at + 4);
    // Blocks of 64 KiB: their length does not fit its field.
    const length = said === 0 || said === 65535 ? block.length - at : said;
    const nameBytes = block[at + 6] ?? 0;
    if (length < 8 || length % 4 !== 0 || at + length > block.length || nameBytes + 8 > length)
      throw new Damaged('a name in a folder reaches out of its place');
    const name = Buffer.from(block.subarray(at + 8, at + 8 + nameBytes));
    if (id !== 0 && nameBytes > 0 && !isDots(name)) yield { name, id };
    at += length;
  }
}

/** Only the first two of a folder are its own; a third `..` would be one too, and leads nowhere either. */
const isDots = (name: Buffer): boolean => name.length <= 2 && name.every((byte) => byte === DOT);
