import { createCipheriv, createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compressedFormat } from '../signs.ts';
import { EvennessMeter, encryptionOf, judgedBytesMin, type Look, notJudged } from './content.ts';

const sampleBytes = 65_536;

function look(content: Uint8Array): Look {
  const meter = new EvennessMeter();
  meter.add(content);
  return { format: compressedFormat(content) ?? null, structure: null, evenness: meter.end() };
}
const looksEncrypted = (content: Uint8Array): boolean => encryptionOf('file', look(content)) !== undefined;

/** What an attack makes of a file: AES-256-CTR under a key of its own. */
function encrypted(content: Buffer, seed: number): Buffer {
  const key = createHash('sha256').update(`key ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, key.subarray(0, 16)).update(content);
}

const size = fc.integer({ min: judgedBytesMin, max: sampleBytes });
const rows = (bytes: number, row: (index: number) => string): Buffer => {
  let text = '';
  for (let index = 0; text.length < bytes; index += 1) text += row(index);
  return Buffer.from(text, 'utf8').subarray(0, bytes);
};

describe('encrypted content', () => {
  test('of any size from 2 KiB, whatever it was before, looks encrypted', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.constantFrom('', 'Ordonnance;'), (bytes, seed, word) => {
        const before = rows(bytes, () => word.padEnd(16, ' '));
        const judged = Array.from({ length: 20 }, (_one, index) => looksEncrypted(encrypted(before, seed + index)));
        // One block in a million is left to chance: never two of twenty.
        expect(judged.filter((one) => !one).length).toBeLessThan(2);
      }),
      { numRuns: 40 },
    );
  });

  test('smaller than 2 KiB it is not judged: few bytes say little', () => {
    expect(looksEncrypted(encrypted(Buffer.alloc(judgedBytesMin - 1), 1))).toBe(false);
  });
});

describe('ordinary content does not look encrypted', () => {
  test.each<[string, (bytes: number) => Buffer]>([
    ['nothing but zeros', (bytes) => Buffer.alloc(bytes)],
    [
      'a table',
      (bytes) => rows(bytes, (index) => `${index};${(index * 7919) % 1000};Paracétamol 1 g;${index % 24}:00\n`),
    ],
    ['a letter', (bytes) => rows(bytes, (index) => `Cher confrère, le patient ${index} va mieux.\n`)],
    [
      'JSON',
      (bytes) => rows(bytes, (index) => JSON.stringify({ resourceType: 'Patient', id: `${index}`, active: true })),
    ],
    ['base64', (bytes) => Buffer.from(encrypted(Buffer.alloc(bytes), 1).toString('base64').slice(0, bytes))],
    ['hexadecimal', (bytes) => Buffer.from(encrypted(Buffer.alloc(bytes), 1).toString('hex').slice(0, bytes))],
    [
      'numbers of 32 bits that grow',
      (bytes) =>
        Buffer.from(new Uint32Array(Math.ceil(bytes / 4)).map((_n, index) => index * 3).buffer).subarray(0, bytes),
    ],
  ])('%s', (_name, make) => {
    fc.assert(
      fc.property(size, (bytes) => !looksEncrypted(make(bytes))),
      { numRuns: 20 },
    );
  });

  test.each<[string, readonly number[], number]>([
    ['JPEG', [0xff, 0xd8, 0xff, 0xe0], 0],
    ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0],
    ['PDF', [...Buffer.from('%PDF-1.7')], 0],
    ['ZIP', [0x50, 0x4b, 0x03, 0x04], 0],
    ['JPEG 2000', [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20], 0],
    ['DICOM', [...Buffer.from('DICM')], 128],
    ['MP4', [...Buffer.from('ftyp')], 4],
    ['an attachment compressed by Orthanc', [0x00, 0x20, 0x04, 0, 0, 0, 0, 0, 0x78, 0x9c], 0],
  ])('%s, whose content is compressed', (_name, magic, at) => {
    const content = encrypted(Buffer.alloc(sampleBytes), 3);
    expect(looksEncrypted(content)).toBe(true);
    Buffer.from(magic).copy(content, at);
    expect(looksEncrypted(content)).toBe(false);
  });

  test('what gzip makes of a table, and an attack of that', () => {
    const table = rows(400_000, (index) => `${createHash('md5').update(`${index}`).digest('base64')}\n`);
    const packed = gzipSync(table).subarray(0, sampleBytes);
    expect(looksEncrypted(packed)).toBe(false);
    expect(looksEncrypted(encrypted(packed, 5))).toBe(true);
  });
});

describe('against the night before', () => {
  const evenness = (even: number, evenStretches = 0) => ({
    ...notJudged,
    blocks: 100,
    even,
    stretches: 6,
    evenStretches,
  });
  const plain: Look = { format: null, structure: null, evenness: evenness(0) };
  const pdf: Look = { format: 'pdf', structure: 'whole', evenness: evenness(30) };

  test.each<[string, string, Look, Look | undefined, 'whole' | 'part' | undefined]>([
    ['what was overwritten is told by itself', 'a.pdf', { ...pdf, structure: 'overwritten' }, undefined, 'part'],
    ['what is damaged by itself is not', 'a.pdf', { ...pdf, structure: 'damaged' }, undefined, undefined],
    [
      'nor where it was damaged before',
      'a.pdf',
      { ...pdf, structure: 'damaged' },
      { ...pdf, structure: 'damaged' },
      undefined,
    ],
    ['but where it was whole', 'a.pdf', { ...pdf, structure: 'damaged' }, pdf, 'part'],
    ['plain, then even in a twentieth', 'a.bin', { ...plain, evenness: evenness(5) }, plain, 'part'],
    ['plain, then even in a block', 'a.bin', { ...plain, evenness: evenness(1) }, plain, undefined],
    ['its name promises a format that is gone', 'a.pdf', { ...plain, evenness: evenness(1) }, pdf, 'part'],
    [
      'long even stretches where there were none',
      'a.mp4',
      { ...pdf, structure: null, evenness: evenness(60, 3) },
      { ...pdf, structure: null },
      'part',
    ],
    ['and whole all the same: other pictures', 'a.pdf', { ...pdf, evenness: evenness(60, 3) }, pdf, undefined],
  ])('%s', (_what, name, now, earlier, expected) => expect(encryptionOf(name, now, earlier)).toBe(expected));
});
