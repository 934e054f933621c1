import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawContent } from './rawFrame.ts';

const blockBytesMax = 128 * 1024;

/** A frame as restic writes it for what does not compress: lengths of four bytes, blocks as they are. */
function framed(plain: Buffer, cuts: number, single: boolean): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(plain.length);
  const blocks: Buffer[] = [];
  const bytes = Math.min(Math.ceil(plain.length / cuts), blockBytesMax);
  for (let at = 0; at === 0 || at < plain.length; at += bytes) {
    const part = plain.subarray(at, at + bytes);
    const head = Buffer.alloc(3);
    head.writeUIntLE((part.length << 3) | (at + bytes >= plain.length ? 1 : 0), 0, 3);
    blocks.push(head, part);
  }
  const descriptor = single ? [0xa0] : [0x80, 0x70];
  return Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, ...descriptor), length, ...blocks]);
}

test('what a frame holds as it was is what zlib says it holds', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (seed, times, cuts, single) => {
        const plain = Buffer.alloc(seed.length * times, seed);
        const frame = framed(plain, cuts, single);
        expect(zstdDecompressSync(frame).equals(plain)).toBe(true);
        expect(rawContent(frame)?.equals(plain)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test('cut, longer, compressed in part or of another make, a frame is left as it is', () => {
  const frame = framed(Buffer.from('Compte rendu de consultation, service de cardiologie'), 4, true);
  const changed = (at: number, byte: number): Buffer => Object.assign(Buffer.from(frame), { [at]: byte });
  const others = [
    Buffer.alloc(0),
    ...Array.from({ length: frame.length - 1 }, (_, bytes) => frame.subarray(0, bytes)),
    Buffer.concat([frame, Buffer.of(0)]),
    zstdCompressSync(Buffer.alloc(1000, 'dossier ')),
    changed(0, 0x29),
    // A checksum; a first block that is repeated, then compressed.
    changed(4, 0xa4),
    changed(9, (frame[9] ?? 0) | 2),
    changed(9, (frame[9] ?? 0) | 4),
  ];
  for (const other of others) {
    const before = Buffer.from(other);
    expect(rawContent(other), other.toString('hex')).toBeUndefined();
    expect(other.equals(before)).toBe(true);
  }
});
