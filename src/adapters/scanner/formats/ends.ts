import { crc32 } from 'node:zlib';
import type { Torn } from './torn.ts';

/** What is looked at of a file whose end is not that of its format. */
const tailBytes = 65_536;

/** Formats whose middle may be random by nature and is not judged (LZMA, sound, films), each with what its end must be. */
const ends: { readonly [format: string]: (content: Buffer) => boolean } = {
  // .xz file format 1.0.4, §2.1.2.4: the footer's magic, then padding by fours.
  xz: (content) => {
    let end = content.length;
    while (end > 4 && content.readUInt32LE(end - 4) === 0) end -= 4;
    return content.toString('latin1', end - 2, end) === 'YZ';
  },
  // 7zFormat.txt: the signature header names the place, length and CRC of the header at the end.
  '7z': (content) => {
    if (content.length < 32) return false;
    const [offset, length] = [content.readBigUInt64LE(12), content.readBigUInt64LE(20)];
    const [from, to] = [32n + offset, 32n + offset + length];
    if (to > BigInt(content.length)) return false;
    return crc32(content.subarray(Number(from), Number(to))) === content.readUInt32LE(28);
  },
  bzip2: hasBzip2End,
  // ISO/IEC 14496-12 §4.2 and the RIFF form: lengths that add up.
  mp4: boxesAddUp,
  riff: (content) => content.length >= 8 && content.readUInt32LE(4) + 8 <= content.length,
  // RFC 3533 §6: a page is at most 65,307 bytes.
  ogg: (content) => content.subarray(-65_307).includes('OggS'),
};

export function endTorn(format: string, content: Buffer): Torn[] | undefined {
  // Of what stands before a sound end nothing is said.
  if (ends[format]?.(content) !== false) return undefined;
  return [{ from: Math.max(0, content.length - tailBytes), to: content.length, shows: 'cut' }];
}

/** The end of the last block, 48 bits (√π) anywhere among the last bits, then a sum of 32 and up to seven bits of padding. */
function hasBzip2End(content: Buffer): boolean {
  const tail = BigInt(`0x${content.subarray(-12).toString('hex') || '0'}`);
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].some(
    (shift) => ((tail >> (32n + shift)) & 0xffff_ffff_ffffn) === 0x1772_4538_5090n,
  );
}

function boxesAddUp(content: Buffer): boolean {
  let at = 0;
  while (at + 8 <= content.length) {
    const short = content.readUInt32BE(at);
    const length = short === 1 && at + 16 <= content.length ? Number(content.readBigUInt64BE(at + 8)) : short;
    if (length === 0) return true;
    if (length < 8) return false;
    at += length;
  }
  return at === content.length;
}
