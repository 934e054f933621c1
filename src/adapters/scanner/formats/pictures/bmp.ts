import type { Torn } from '../torn.ts';

/** Lengths of the second head, by version. */
const headBytes = new Set([12, 40, 52, 56, 64, 108, 124]);

/** Bitmaps of Windows (BITMAPFILEHEADER): pixels as they are, or runs of them. The head's own mark is two letters: its lengths must agree. */
export const isBmp = (content: Buffer): boolean =>
  content.length > 54 &&
  content.toString('latin1', 0, 2) === 'BM' &&
  content.readUInt32LE(6) === 0 &&
  headBytes.has(content.readUInt32LE(14)) &&
  content.readUInt32LE(10) >= 14 + content.readUInt32LE(14) &&
  content.readUInt32LE(10) < Math.min(4096, content.length);

/** Compressed as JPEG or PNG: for printers alone. */
const foreign = new Set([4, 5]);

export function bmpTorn(content: Buffer): Torn[] | undefined {
  if (!isBmp(content) || (content.readUInt32LE(14) >= 40 && foreign.has(content.readUInt32LE(30)))) return undefined;
  return [{ from: content.readUInt32LE(10), to: content.length, shows: 'plain' }];
}
