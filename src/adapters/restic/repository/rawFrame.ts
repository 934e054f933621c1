/** RFC 8878, 3.1.1: a zstd frame is a magic number, a descriptor, lengths, blocks. */
const magic = 0xfd2fb528;
const descriptorAt = 4;
const singleSegment = 0x20;
/** A checksum, a dictionary, or what is reserved: not restic's. */
const unusual = 0x0f;
/** Bytes of the content's length, by the descriptor's first two bits; shorter or longer is not restic's for what does not compress. */
const lengthBytes = [0, 2, 4, 0];
const blockHeadBytes = 3;
const blockBytesMax = 128 * 1024;

/**
 * What does not compress (pictures, archives, what is encrypted) stands in its frame as it was, cut into blocks: it is taken from there
 * without a decoder, its parts moved together in place. Undefined, and nothing moved, where any of the frame is otherwise.
 */
export function rawContent(frame: Buffer): Buffer | undefined {
  const blocks = rawBlocks(frame);
  const [first, ...others] = blocks ?? [];
  if (first === undefined) return undefined;
  let { end } = first;
  for (const block of others) {
    frame.copyWithin(end, block.start, block.end);
    end += block.end - block.start;
  }
  return frame.subarray(first.start, end);
}

function rawBlocks(frame: Buffer): { start: number; end: number }[] | undefined {
  const descriptor = frame[descriptorAt] ?? 0;
  const length = lengthBytes[descriptor >> 6] ?? 0;
  if (length === 0 || (descriptor & unusual) !== 0 || frame.readUInt32LE() !== magic) return undefined;
  const blocks: { start: number; end: number }[] = [];
  let at = descriptorAt + ((descriptor & singleSegment) === 0 ? 2 : 1) + length;
  for (let last = 0; last === 0; ) {
    const start = at + blockHeadBytes;
    if (start > frame.length) return undefined;
    const head = frame.readUIntLE(at, blockHeadBytes);
    last = head & 1;
    at = start + (head >> 3);
    // Type 0 is raw.
    if ((head & 6) !== 0 || at - start > blockBytesMax || at > frame.length) return undefined;
    blocks.push({ start, end: at });
  }
  return at === frame.length ? blocks : undefined;
}
