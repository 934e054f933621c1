import type { BlobPlace } from './blobTable.ts';
import { Damaged } from './damaged.ts';
import { decompressed } from './decompressed.ts';
import { rawContent } from './rawFrame.ts';
import { nameOf, type Opener, sealBytes } from './sealed.ts';

/**
 * The plain bytes of a blob, or a throw of `Damaged`: its seal (MAC) is checked before decrypting, its SHA-256 against its id after
 * decompressing. What decompresses to more than the index says is refused without being made.
 */
export function openBlob(
  opener: Pick<Opener, 'open'>,
  sealed: Buffer,
  id: string,
  place: Omit<BlobPlace, 'pack' | 'offset'>,
): Buffer {
  const opened = sealed.length === place.length ? opener.open(sealed) : undefined;
  if (opened === undefined) throw new Damaged(`blob ${id}`, 'its seal is broken');
  const plain = place.compressed ? (rawContent(opened) ?? decompressed(opened, place.plainLength)) : opened;
  if (plain === undefined) throw new Damaged(`blob ${id}`, 'does not decompress to what the index says');
  if (plain.buffer !== opened.buffer) release(opened);
  if (plain.length !== place.plainLength) throw new Damaged(`blob ${id}`, 'is not as long as the index says');
  if (nameOf(plain) !== id) throw new Damaged(`blob ${id}`, 'its content is not the one its name says');
  return plain;
}

/** The plain length of a blob that is not compressed. */
export const uncompressedLength = (length: number): number => Math.max(0, length - sealBytes);

/** Smaller buffers may share a pool of Node's, and cost nothing. */
const releasedBytesMin = 128 * 1024;

/**
 * Gives the memory of a large buffer back at once, its bytes with it: the collector sees small objects only and lets hundreds of
 * megabytes behind them wait. For buffers that nobody else holds.
 */
export function release(bytes: Buffer): void {
  if (bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength >= releasedBytesMin) bytes.buffer.transfer(0);
}
