import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encryptionOf } from '../../../restore/cleanPoint/content.ts';
import { access, bmp, compound, encrypted, letter, look, over, sheet, slides, sqlite, table, tiff } from './fixture.ts';
import { lzwTorn } from './pictures/lzw.ts';

const bytes = 120_000;
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(table(bytes).toString('latin1'), 'utf16le')]);

/** Formats that hold anything, compressed things too: what is encrypted of them is told at first sight, by their own structure. */
describe('what is encrypted of a file that may hold what is even', () => {
  test.each<[string, Buffer]>([
    ['a sheet of Excel', sheet(bytes)],
    ['a letter of Word, with a picture', letter(bytes)],
    ['slides of PowerPoint', slides(bytes)],
    ['a mail of Outlook', compound('__substg1.0_1000001F', utf16)],
    ['a database of Access', access(40)],
    ['a database of SQLite, with pictures and free pages', sqlite(400)],
    ['a TIFF as it is', tiff(1, table(bytes))],
    ['a TIFF in runs', tiff(32_773, table(bytes))],
    ['a bitmap', bmp(bytes)],
    ['a text in UTF-16', utf16],
  ])('%s', async (_what, plain) => {
    expect(encryptionOf('file', await look(plain))).toBeUndefined();
    expect(encryptionOf('file', await look(plain.subarray(0, plain.length / 2)))).toBeUndefined();
    for (const [from, to] of [
      [0, 65_536],
      [4096, plain.length],
      [Math.floor(plain.length / 2), plain.length],
      [65_536, 81_920],
    ])
      expect([from, encryptionOf('file', await look(over(plain, from ?? 0, to)))]).toEqual([from, expect.any(String)]);
  });

  test('a directory or a table of a compound file, where nothing else is known', async () => {
    const plain = compound('Of a program of which nothing is published', randomBytes(60_000));
    expect((await look(plain)).structure).toBeNull();
    expect((await look(over(plain, 60_416))).structure).toBe('overwritten');
  });

  test('a TIFF whose strip is deflated: its directory', async () => {
    const plain = tiff(8, deflateSync(randomBytes(60_000)));
    expect((await look(plain)).structure).toBe('whole');
    expect((await look(over(plain, plain.length - 8192))).structure).toBe('overwritten');
  });
});

describe('what a password protects is not what an attack encrypts', () => {
  test.each<[string, Buffer]>([
    ['Excel', sheet(bytes, true)],
    ['Word', letter(bytes, true)],
    ['Access', access(40, true)],
    ['a whole package', compound('EncryptedPackage', encrypted(table(bytes)))],
  ])('%s', async (_what, content) => expect(encryptionOf('file', await look(content))).toBeUndefined());

  test.each<[string, Buffer]>([
    ['Excel', sheet(bytes, true)],
    ['Word', letter(bytes, true)],
    ['a whole package', compound('EncryptedPackage', encrypted(table(bytes)))],
  ])('%s, and is then attacked', async (_what, content) =>
    expect(encryptionOf('file', await look(over(content, content.length / 2)))).toBe('part'),
  );
});

/** Codes of nine bits, highest first. */
function lzw(codes: readonly number[]): Buffer {
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

describe('LZW', () => {
  test.each<[string, number[], number]>([
    ['letters, then what they made', [256, 65, 66, 258, 259, 257], 0],
    ['a code made by itself', [256, 65, 258, 257], 0],
    ['a code that nothing made yet', [256, 65, 66, 300, 257], 1],
    ['no letter first', [256, 300, 257], 1],
  ])('%s', (_what, codes, torn) => {
    const packed = lzw(codes);
    expect(lzwTorn(packed, 0, packed.length)).toHaveLength(torn);
  });

  test('random bytes do not stand in it for long', () => {
    const random = Buffer.concat([lzw([256, 65]), randomBytes(20_000)]);
    const [torn] = lzwTorn(random, 0, random.length);
    expect(torn?.from).toBeLessThan(8192);
  });
});
