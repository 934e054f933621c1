import { Damaged } from '../../faults.ts';
import type { Bytes } from '../../image/bytes.ts';
import { mended, recordNumber } from './ntfsRecord.ts';

export interface NtfsName {
  name: string;
  record: number;
}

const DOS_NAME = 2;
const LAST = 2;
const INDEX_BYTES_MAX = 1 << 16;

/** Entries of an index whose header begins at `at`: the names it holds itself, not those of blocks below it. */
export function* namesIn(block: Buffer, at: number): Generator<NtfsName> {
  const end = at + block.readUInt32LE(at + 4);
  for (let entry = at + block.readUInt32LE(at); entry + 16 <= Math.min(end, block.length); ) {
    const length = block.readUInt16LE(entry + 8);
    if (length < 16 || entry + length > block.length) throw new Damaged('a name in a folder reaches out of its place');
    if (block.readUInt16LE(entry + 12) & LAST) return;
    const key = entry + 16;
    const characters = block[key + 64] ?? 0;
    if (66 + characters * 2 > length - 16) throw new Damaged('a name in a folder reaches out of its place');
    if (block[key + 65] !== DOS_NAME)
      yield {
        name: block.toString('utf16le', key + 66, key + 66 + characters * 2),
        record: recordNumber(block.readBigUInt64LE(entry)),
      };
    entry += length;
  }
}

/** All blocks that are in use, one after another: the tree they make is not followed, so that it cannot lead astray. */
export async function* namesInBlocks(blocks: Bytes, bitmap: Buffer, blockBytes: number): AsyncGenerator<NtfsName> {
  if (blockBytes < 512 || blockBytes > INDEX_BYTES_MAX) throw new Damaged('blocks of a folder that cannot be');
  for (let index = 0; (index + 1) * blockBytes <= blocks.size; index += 1) {
    if (!((bitmap[index >>> 3] ?? 0) & (1 << (index & 7)))) continue;
    yield* namesIn(mended(await blocks.read(index * blockBytes, blockBytes), 'INDX', 'a block of a folder'), 24);
  }
}
