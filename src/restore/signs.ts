import type { Examination } from './ports.ts';

export type SignCode = Examination['signs'][number]['code'];

/** Date of the rules below; shown beside every verdict. */
export const RULES_OF = '2026-11-22';

/** Bytes read from the head of each file to judge it. */
export const SAMPLE_BYTES = 65_536;

/**
 * Files with encrypted content, or renamed, that make a sign: one or two may be what somebody encrypted on purpose (a key
 * store). Where there are few files at all, most of them. P, to tune with a later issue's tables.
 */
export const ENCRYPTED_FILES = 3;
export const ENCRYPTED_SHARE = 0.5;

/** Folders that hold a note of the same name: one alone may be a manual ("how to restore files"). */
export const NOTE_FOLDERS = 2;

/** Shannon entropy of a sample, in bits a byte (0 to 8). */
export function entropyBits(sample: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / sample.length) * Math.log2(count / sample.length);
  }
  return bits;
}

/** First bytes of formats whose content is even by nature: a match explains high entropy. As long as the format fixes them. */
const compressed: readonly (readonly [format: string, mark: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]], // office documents too
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['riff', [0x52, 0x49, 0x46, 0x46]], // WebP, AVI
  ['jpeg2000', [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20]], // in its box
  ['jpeg2000', [0xff, 0x4f, 0xff, 0x51]], // bare
  ['ogg', [0x4f, 0x67, 0x67, 0x53]], // dictated reports
  ['mp3', [0x49, 0x44, 0x33]],
];

/** DICOM PS3.10 §7.1: `DICM` after a preamble; ISO/IEC 14496-12 §4.3: `ftyp` after the first box's size. */
const markedAt: readonly (readonly [format: string, at: number, mark: readonly number[]])[] = [
  ['dicom', 128, [0x44, 0x49, 0x43, 0x4d]],
  ['mp4', 4, [0x66, 0x74, 0x79, 0x70]],
];

/** The format at the head of a sample, of those whose content is even by nature; undefined where it is none of them. */
export function compressedFormat(sample: Uint8Array): string | undefined {
  const has = (mark: readonly number[], at: number) => mark.every((byte, index) => sample[at + index] === byte);
  return (
    compressed.find(([, magic]) => has(magic, 0))?.[0] ??
    markedAt.find(([, at, mark]) => has(mark, at))?.[0] ??
    (isOrthancZip(sample) ? 'orthanc-zlib' : undefined)
  );
}

/** Orthanc's compressed attachments: the uncompressed size in eight bytes, little-endian, then a zlib stream (RFC 1950). */
function isOrthancZip(sample: Uint8Array): boolean {
  const head = ((sample[8] ?? 0) << 8) | (sample[9] ?? 0);
  return sample[5] === 0 && sample[6] === 0 && sample[7] === 0 && sample[8] === 0x78 && head % 31 === 0;
}

const ransomNote =
  /(^|[\W_])(read[\W_]?me|how[\W_]?to|restore|recover|decrypt|lisez[\W_]?moi)[\w\W]*(decrypt|restore|recover|ransom|files|fichiers|rancon)[\w\W]*\.(txt|html?|hta)$/i;
export const isRansomNote = (name: string): boolean => ransomNote.test(name);

/** Suffixes given to many files at once by known families; a rename alone is a sign, whatever stands inside. */
const lockedSuffix = /\.(locked|encrypted|crypt|enc|lockbit|akira|ryuk|blackcat|phobos)$/i;
export const hasLockedName = (name: string): boolean => lockedSuffix.test(name);
