import { lettersMax } from './limits.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes looked at to tell a text from anything else. */
const sampleBytes = 64 * 1024;

/** Which encoding a file of text is in; undefined: it is no text. What is not UTF-8 comes from an older spreadsheet. */
export function encodingOf(bytes: Uint8Array): Encoding | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i += 1) if (sample[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  // Latin letters in UTF-16 have a zero at every other place, on one side only.
  const isMany = (count: number) => count > sample.length / 5;
  if (isMany(odd) && even < odd / 10) return 'utf-16le';
  if (isMany(even) && odd < even / 10) return 'utf-16be';
  if (even + odd > 0) return undefined;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return isPlain(new TextDecoder().decode(sample)) ? 'utf-8' : undefined;
  } catch {
    return isPlain(new TextDecoder('windows-1252').decode(sample)) ? 'windows-1252' : undefined;
  }
}

/** Control characters do not come in what people write; one in two hundred is a slip. */
function isPlain(text: string): boolean {
  const odd = text.match(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g)?.length ?? 0;
  return odd <= text.length / 200;
}

/** The text of a file, its byte order mark taken off; undefined: it is no text. */
export function decoded(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes);
  return encoding === undefined ? undefined : new TextDecoder(encoding).decode(bytes);
}

/** One text of a source as it goes on a map: well formed, on one line, without its spaces around, and not without end. */
export function line(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\u0000-\u001f\u00a0]+/g, ' ')
    .trim()
    .slice(0, lettersMax);
}
