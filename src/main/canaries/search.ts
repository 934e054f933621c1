import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that must lie nowhere in clear: a text, or the bytes of a key. */
export interface Canary {
  name: string;
  value: string | Uint8Array;
}

/** The shapes it could be written in by anybody who did not mean to. */
export function shapes({ value }: Canary): { shape: string; bytes: Buffer }[] {
  const bytes = Buffer.from(value);
  const wide = typeof value === 'string' ? Buffer.from(value, 'utf16le') : undefined;
  const texts =
    typeof value === 'string'
      ? [['escaped', escaped(value)] as const, ['percent', encodeURIComponent(value)] as const]
      : [];
  return [
    { shape: 'raw', bytes },
    { shape: 'hex', bytes: Buffer.from(bytes.toString('hex')) },
    { shape: 'HEX', bytes: Buffer.from(bytes.toString('hex').toUpperCase()) },
    ...(wide === undefined
      ? []
      : [
          { shape: 'UTF-16LE', bytes: wide },
          { shape: 'UTF-16BE', bytes: Buffer.from(wide).swap16() },
        ]),
    ...texts.map(([shape, text]) => ({ shape, bytes: Buffer.from(text) })),
    ...[0, 1, 2].flatMap((offset) => {
      const inner = base64At(bytes, offset);
      return [
        { shape: `base64+${offset}`, bytes: Buffer.from(inner) },
        { shape: `base64url+${offset}`, bytes: Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')) },
      ];
    }),
  ];
}

/** What of it stays the same in base64 when `offset` bytes stand before it: its first and last letters depend on the neighbours. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const begun = offset === 0 ? 0 : offset + 1;
  return text.slice(begun, Math.floor(((offset + bytes.length) * 8) / 6));
}

/** As JSON writes what is not ASCII when told to. */
const escaped = (text: string): string =>
  [...text]
    .map((letter) => (letter > '\u007e' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter))
    .join('');

/** Each file of the folder, hidden and temporary ones included, in which one of them lies: `file: canary (shape)`. */
export function found(folder: string, canaries: readonly Canary[]): string[] {
  const sought = canaries.flatMap((canary) => shapes(canary).map((one) => ({ ...one, name: canary.name })));
  return files(folder).flatMap((file) => {
    const content = read(join(folder, file));
    const lower = Buffer.from(content.toString('latin1').toLowerCase(), 'latin1');
    const hits = sought.filter(({ bytes }) => content.includes(bytes) || lower.includes(lowered(bytes)));
    return hits.map(({ name, shape }) => `${file}: ${name} (${shape})`);
  });
}

const lowered = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1');

export const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** A file may go between being listed and being read: then it holds nothing. */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
