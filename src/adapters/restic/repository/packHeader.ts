import { uncompressedLength } from './blob.ts';
import type { BlobKind, BlobPlace } from './blobTable.ts';
import { Damaged } from './damaged.ts';
import { type Opener, sealBytes } from './sealed.ts';

export interface HeaderEntry extends Omit<BlobPlace, 'pack'> {
  id: string;
  kind: BlobKind;
}

/** A pack ends with its sealed header, then the header's length (design.rst, «Pack Format»). */
const lengthBytes = 4;
/** Restic's own limit of a header. */
const headerBytesMax = 16 * 1024 * 1024;
const idBytes = 32;

/** How many bytes at the end of a pack hold its header, from its last four bytes. Throws `Damaged`. */
export function headerBytes(lastFour: Buffer, packBytes: number, pack: string): number {
  const sealed = lastFour.length === lengthBytes ? lastFour.readUInt32LE() : 0;
  if (sealed <= sealBytes || sealed > headerBytesMax || sealed + lengthBytes > packBytes)
    throw new Damaged(`pack ${pack}`, 'is cut, or its header’s length is wrong');
  return sealed + lengthBytes;
}

/**
 * What a pack says of itself: blobs that follow each other from its first byte to its header, so that every byte is under a seal.
 * `tail` is its last `headerBytes` bytes. Throws `Damaged`.
 */
export function readHeader(opener: Opener, tail: Buffer, packBytes: number, pack: string): HeaderEntry[] {
  const opened = opener.open(tail.subarray(0, -lengthBytes));
  if (opened === undefined) throw new Damaged(`pack ${pack}`, 'the seal of its header is broken');
  return parseHeader(opened, packBytes - tail.length, pack);
}

/** An opened header; `heldBytes` is how long the blobs before it are. Throws `Damaged`. */
export function parseHeader(opened: Buffer, heldBytes: number, pack: string): HeaderEntry[] {
  const entries: HeaderEntry[] = [];
  let offset = 0;
  for (let at = 0; at < opened.length; ) {
    const type = opened[at] ?? 0;
    const compressed = type === 2 || type === 3;
    const bytes = 1 + 4 + (compressed ? 4 : 0) + idBytes;
    if (type > 3 || at + bytes > opened.length) throw new Damaged(`pack ${pack}`, 'its header cannot be understood');
    const length = opened.readUInt32LE(at + 1);
    entries.push({
      id: opened.toString('hex', at + bytes - idBytes, at + bytes),
      kind: type === 1 || type === 3 ? 'tree' : 'data',
      offset,
      length,
      compressed,
      plainLength: compressed ? opened.readUInt32LE(at + 5) : uncompressedLength(length),
    });
    offset += length;
    at += bytes;
  }
  if (offset !== heldBytes) throw new Damaged(`pack ${pack}`, 'its length is not that of what it holds');
  return entries;
}
