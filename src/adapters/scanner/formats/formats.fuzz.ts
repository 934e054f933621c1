import { deflateSync } from 'node:zlib';
import { endTorn } from './ends.ts';
import { access, bmp, compound, letter, sheet, slides, sqlite, tiff } from './fixture.ts';
import { judgedTorn } from './judged.ts';
import { streamWalks } from './office/streams.ts';
import { lzwTorn } from './pictures/lzw.ts';
import { walks as walkOf } from './structure.ts';
import type { Walk } from './torn.ts';

const named = ['dicom', 'jpeg', 'jpeg2000', 'pdf', 'png', 'compound', 'jet', 'sqlite', 'tiff', 'bmp'] as const;
const walks: readonly Walk[] = [
  ...named.map(
    (format): Walk =>
      (content) =>
        walkOf[format]?.(content),
  ),
  ...streamWalks.map(({ walk }) => walk),
  (content) => lzwTorn(content, 0, content.length),
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
      sheet(3000),
      access(2),
      sqlite(20),
      tiff(5, hex('8010 4220 2028 0000')),
      bmp(100),
      hex('09080800 00060500 00000000 0a000000'),
      hex('0f00e803 0a000000 0000a80f 02000000 4142'),
      hex('a0461df0 04000000 ffd8ffd9'),
      Buffer.concat([hex('eca5c100'), Buffer.alloc(700), hex('a0461df0 04000000 ffd8ffd9')]),
      hex('ffd8ffd9'),
      hex('80105020 2028'),
      hex('fd377a585a00 0000 595a'),
      hex('377abcaf271c 0004 00000000 0000000000000000 0000000000000000 00000000'),
      hex('425a6839 177245385090 00000000'),
      hex('00000008 66747970 00000008 6d646174'),
      hex('52494646 04000000 57415645'),
      hex('4f676753'),
    ]
      .map((content, kind) => Buffer.concat([Buffer.of(kind), content]))
      .concat(
        [letter(3000), slides(3000), compound('Pictures', Buffer.alloc(5000))].map((content) =>
          Buffer.concat([Buffer.of(named.indexOf('compound')), content]),
        ),
      ),
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
