import { deflateSync } from 'node:zlib';
import { dicomTorn } from './dicom.ts';
import { endTorn } from './ends.ts';
import { jpeg2000Torn, jpegTorn } from './jpeg.ts';
import { pdfTorn } from './pdf.ts';
import { pngTorn } from './png.ts';
import { judgedTorn } from './structure.ts';
import type { Walk } from './torn.ts';

const walks: readonly Walk[] = [
  dicomTorn,
  (content) => jpegTorn(content, 0, content.length),
  (content) => jpeg2000Torn(content, 0, content.length),
  pdfTorn,
  pngTorn,
  ...['xz', '7z', 'bzip2', 'mp4', 'riff', 'ogg'].map(
    (format): Walk =>
      (content) =>
        endTorn(format, content),
  ),
];
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const packed = deflateSync(Buffer.from('BT ET'));
const dicom = Buffer.concat([
  Buffer.alloc(128),
  Buffer.from('DICM'),
  hex('0200 1000 5549 1400'),
  Buffer.from('1.2.840.10008.1.2.1\0'),
  hex('0800 1511 5351 0000 ffffffff feff00e0 ffffffff 0800 0500 4353 0200 4142 feff0de0 00000000 feffdde0 00000000'),
  hex('e07f 1000 4f42 0000 ffffffff feff00e0 00000000 feff00e0 04000000 ffd8ffd9 feffdde0 00000000'),
]);

/** The first byte says which format: whatever the rest is, what is torn lies inside it. */
export const fuzz = {
  name: 'structure of files',
  seeds: (): Uint8Array[] =>
    [
      dicom,
      hex('ffd8 ffe0 0004 0000 ffda 0008 01 0100 003f00 1234 ff00 ffd0 56 ffd9'),
      hex(
        '0000000c 6a502020 0d0a870a 00000000 6a703263 ff4f ff51 0004 0000 ff90 000a 0000 00000000 0001 ff93 1234 ffd9',
      ),
      Buffer.concat([
        Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Length ${packed.length} /Filter [/FlateDecode] >>\nstream\n`),
        packed,
        Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF'),
      ]),
      hex('89504e470d0a1a0a 00000000 49454e44 ae426082'),
      hex('fd377a585a00 0000 595a'),
      hex('377abcaf271c 0004 00000000 0000000000000000 0000000000000000 00000000'),
      hex('425a6839 177245385090 00000000'),
      hex('00000008 66747970 00000008 6d646174'),
      hex('52494646 04000000 57415645'),
      hex('4f676753'),
    ].map((content, kind) => Buffer.concat([Buffer.of(kind), content])),
  run(input: Uint8Array): void {
    const content = Buffer.from(input.subarray(1));
    if (content.length < 16) return;
    const torn = walks[(input[0] ?? 0) % walks.length]?.(content) ?? [];
    for (const { from, to } of torn)
      if (from < 0 || to > content.length || from > to)
        throw new Error(`torn from ${from} to ${to} of ${content.length}`);
    judgedTorn(content, torn);
  },
};
