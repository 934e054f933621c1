import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encryptionOf } from '../../../restore/cleanPoint/content.ts';
import { encrypted, look, over, table } from './fixture.ts';

function png(bytes: number): Buffer {
  const chunk = (name: string, content: Buffer) => {
    const [head, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    head.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(name), content])));
    return Buffer.concat([head, Buffer.from(name), content, sum]);
  };
  const picture = deflateSync(table(bytes));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', Buffer.alloc(13)),
    chunk('IDAT', picture),
    chunk('IEND', Buffer.of()),
  ]);
}

function pdf(bytes: number): Buffer {
  const packed = deflateSync(table(bytes));
  const objects = [1, 2, 3].map((number) =>
    Buffer.concat([
      Buffer.from(`${number} 0 obj\n<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
      packed,
      Buffer.from('\nendstream\nendobj\n'),
    ]),
  );
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    ...objects,
    Buffer.from('trailer\n<< /Size 4 >>\nstartxref\n9\n%%EOF\n'),
  ]);
}

describe('a file encrypted behind its head', () => {
  test.each<[string, Buffer]>([
    ['a text', table(200_000)],
    ['a PNG', png(400_000)],
    ['a PDF', pdf(400_000)],
    ['a gzip', gzipSync(table(400_000))],
  ])('%s: not as it is, but its last half, a part of it, and not where it is only cut off', async (_kind, plain) => {
    expect(encryptionOf('file', await look(plain))).toBeUndefined();
    expect(encryptionOf('file', await look(plain.subarray(0, plain.length / 2)))).toBeUndefined();
    const half = await look(over(plain, plain.length / 2));
    expect([half.structure, encryptionOf('file', half)]).toEqual(['overwritten', 'part']);
    const part = await look(over(plain, 32_768, 65_536));
    expect(encryptionOf('file', part, await look(plain))).toBe('part');
  });

  test('a JPEG is told by codes that it forbids', async () => {
    const head = Buffer.from('ffd8ffe000104a46494600010100000100010000ffda0008010100003f00', 'hex');
    const scan = Buffer.from(randomBytes(100_000).map((byte) => (byte === 0xff ? 0xfe : byte)));
    const plain = Buffer.concat([head, scan, Buffer.from([0xff, 0xd9])]);
    expect((await look(plain)).structure).toBe('whole');
    expect((await look(over(plain, 50_000))).structure).toBe('overwritten');
    plain.writeUInt16BE(0xfff3, 40_000);
    expect((await look(plain)).structure).toBe('damaged');
  });
});

/** Real documents and images: what an archive is made of. None may look encrypted; each encrypted copy must, and nearly all cut in half. */
describe('real files', () => {
  const data = process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../../../../shared/data');

  test('no false alarm, no copy missed that is encrypted whole, one in twenty of those from the middle on', async (context) => {
    if (!existsSync(data)) return context.skip('skipped: no data');
    const [alarms, missed, half, alone]: [string[], string[], string[], string[]] = [[], [], [], []];
    let judged = 0;
    for (const folder of ['file-corpus', 'dicom', 'fhir-ips', 'cap'])
      for (const entry of readdirSync(join(data, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const content = readFileSync(join(entry.parentPath, entry.name));
        if (content.length < 8192) continue;
        judged += 1;
        const plain = await look(content);
        if (encryptionOf(entry.name, plain) !== undefined) alarms.push(entry.name);
        if (encryptionOf(entry.name, await look(encrypted(content))) === undefined) missed.push(entry.name);
        // Half of a shorter one is hardly a block.
        if (content.length < 20_000) continue;
        const now = await look(over(content, content.length / 2));
        if (encryptionOf(entry.name, now, plain) === undefined) half.push(entry.name);
        if (encryptionOf(entry.name, now) === undefined) alone.push(entry.name);
      }
    expect(judged).toBeGreaterThan(100);
    expect({ alarms, missed }).toEqual({ alarms: [], missed: [] });
    expect(half.length).toBeLessThan(judged / 20);
    // Tables of other programs, whose formats are not walked.
    expect(alone.length).toBeLessThan(judged / 10);
  }, 120_000);
});
