import { Damaged } from '../../faults.ts';

const CHUNK_BYTES = 4096;

/** [MS-XCA] 2.5, LZNT1: chunks of 4 KiB, each with its length; a chunk of length zero ends them and the rest is zeros. */
export function unpackedUnit(packed: Buffer, length: number): Buffer {
  const plain = Buffer.alloc(length);
  let at = 0;
  for (let to = 0; to < length && at + 2 <= packed.length; to += CHUNK_BYTES) {
    const header = packed.readUInt16LE(at);
    if (header === 0) break;
    const bytes = (header & 0xfff) + 1;
    const chunk = packed.subarray(at + 2, at + 2 + bytes);
    if (chunk.length !== bytes) throw new Damaged('a compressed part of a file ends too soon');
    if (header & 0x8000) unpackChunk(chunk, plain.subarray(to, to + CHUNK_BYTES));
    else chunk.copy(plain, to);
    at += 2 + bytes;
  }
  return plain;
}

/** A byte of flags before eight parts: a byte itself, or two bytes of how far back and how long. */
function unpackChunk(chunk: Buffer, plain: Buffer): void {
  let to = 0;
  for (let at = 0; at < chunk.length; ) {
    const flags = chunk[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < chunk.length; bit += 1) {
      if (!(flags & (1 << bit))) {
        if (to >= plain.length) throw new Damaged('a compressed part of a file is longer than it may be');
        plain[to++] = chunk[at++] ?? 0;
        continue;
      }
      const pair = chunk.readUInt16LE(at);
      at += 2;
      let lengthBits = 12;
      for (let reach = to - 1; reach >= 0x10; reach >>>= 1) lengthBits -= 1;
      const back = (pair >>> lengthBits) + 1;
      const length = (pair & ((1 << lengthBits) - 1)) + 3;
      if (back > to || to + length > plain.length)
        throw new Damaged('a compressed part of a file reaches out of itself');
      for (let done = 0; done < length; done += 1, to += 1) plain[to] = plain[to - back] ?? 0;
    }
  }
}
