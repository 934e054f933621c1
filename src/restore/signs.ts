import type { Examination } from './ports.ts';

export type SignCode = Examination['signs'][number]['code'];

/** Date of the rules below; shown beside every verdict. */
export const RULES_OF = '2026-11-22';

/** Bytes read from the head of each file to judge it. */
export const SAMPLE_BYTES = 65_536;

/** Below this a byte histogram says little: the entropy of few random bytes is low, of few compressed ones too. */
export const SMALLEST_JUDGED_BYTES = 2048;

/** Files with encrypted content that make a sign: one may be a file somebody encrypted on purpose. P, to tune with a later issue's tables. */
export const ENCRYPTED_FILES = 3;
export const ENCRYPTED_SHARE = 0.01;

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

/**
 * Whether a sample looks encrypted: as even as random bytes of its length would be, and no known compressed format at its head.
 * The plug-in estimate of the entropy of n random bytes falls short of 8 by about 255 / (2 n ln 2) (Miller 1955); three hundredths
 * of a bit more are left for chance.
 */
export function looksEncrypted(sample: Uint8Array): boolean {
  if (sample.length < SMALLEST_JUDGED_BYTES || hasCompressedFormat(sample)) return false;
  const expected = 8 - 255 / (2 * sample.length * Math.LN2);
  return entropyBits(sample) >= expected - 0.03;
}

/** First bytes of formats whose content is even by nature: a match explains high entropy. */
const compressed: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x50, 0x4b, 0x03, 0x04],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  [0x42, 0x5a, 0x68],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x25, 0x50, 0x44, 0x46],
  [0x52, 0x49, 0x46, 0x46],
  [0xff, 0x4f, 0xff, 0x51],
];

const DICOM_AT = 128;

function hasCompressedFormat(sample: Uint8Array): boolean {
  if (compressed.some((magic) => magic.every((byte, index) => sample[index] === byte))) return true;
  return [0x44, 0x49, 0x43, 0x4d].every((byte, index) => sample[DICOM_AT + index] === byte);
}

const ransomNote =
  /(^|[\W_])(readme|how[\W_]?to|restore|recover|decrypt|lisez[\W_]?moi)[\w\W]*(decrypt|restore|recover|ransom|files|fichiers|rancon)[\w\W]*\.(txt|html?|hta)$/i;
export const isRansomNote = (name: string): boolean => ransomNote.test(name);

/** Suffixes given to many files at once by known families; a rename alone is a sign, whatever stands inside. */
const lockedSuffix = /\.(locked|encrypted|crypt|enc|lockbit|akira|ryuk|blackcat|phobos)$/i;
export const hasLockedName = (name: string): boolean => lockedSuffix.test(name);
