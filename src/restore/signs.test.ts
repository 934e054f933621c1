import { createCipheriv, createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasLockedName, isRansomNote, looksEncrypted, SAMPLE_BYTES, SMALLEST_JUDGED_BYTES } from './signs.ts';

/** What an attack makes of a file: AES-256-CTR under a key of its own. */
function encrypted(content: Buffer, seed: number): Buffer {
  const key = createHash('sha256').update(`key ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, key.subarray(0, 16)).update(content);
}

const size = fc.integer({ min: SMALLEST_JUDGED_BYTES, max: SAMPLE_BYTES });
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
        // The threshold leaves one in ten thousand of the smallest to chance: never two of twenty.
        expect(judged.filter((one) => !one).length).toBeLessThan(2);
      }),
      { numRuns: 40 },
    );
  });

  test('smaller than 2 KiB it is not judged: few bytes say little', () => {
    expect(looksEncrypted(encrypted(Buffer.alloc(SMALLEST_JUDGED_BYTES - 1), 1))).toBe(false);
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
    const content = encrypted(Buffer.alloc(SAMPLE_BYTES), 3);
    expect(looksEncrypted(content)).toBe(true);
    Buffer.from(magic).copy(content, at);
    expect(looksEncrypted(content)).toBe(false);
  });

  test('what gzip makes of a table, and an attack of that', () => {
    const table = rows(400_000, (index) => `${createHash('md5').update(`${index}`).digest('base64')}\n`);
    const packed = gzipSync(table).subarray(0, SAMPLE_BYTES);
    expect(looksEncrypted(packed)).toBe(false);
    expect(looksEncrypted(encrypted(packed, 5))).toBe(true);
  });
});

describe('names', () => {
  test.each([
    'README_TO_DECRYPT.txt',
    'HOW_TO_RESTORE_YOUR_FILES.html',
    'how_to_decrypt.hta',
    'LISEZ-MOI-VOS-FICHIERS.txt',
    'RECOVER-FILES.txt',
    '!!!READ_ME_RECOVER.txt',
    'DECRYPT-FILES.txt',
  ])('%s is a ransom note', (name) => expect(isRansomNote(name)).toBe(true));
  test.each([
    'README.txt',
    'README.md',
    'lisez-moi.txt',
    'restore.sh',
    'compte-rendu-recovery.pdf',
    'liste des fichiers.xlsx',
    'notice.html',
  ])('%s is not', (name) => expect(isRansomNote(name)).toBe(false));

  test.each(['labo.csv.locked', 'PG_VERSION.LOCKED', 'scan.dcm.lockbit', 'x.encrypted'])('%s was renamed', (name) =>
    expect(hasLockedName(name)).toBe(true),
  );
  test.each(['locked', 'unlocked.txt', 'encrypted.pdf', 'postmaster.pid', 'a.lock', 'table.encoding'])(
    '%s was not',
    (name) => expect(hasLockedName(name)).toBe(false),
  );
});
