import type { Structure } from '../../../restore/cleanPoint/content.ts';
import { compressedFormat } from '../../../restore/signs.ts';
import { jetTorn } from './databases/jet.ts';
import { sqliteTorn } from './databases/sqlite.ts';
import { inflates } from './deflate.ts';
import { dicomTorn } from './dicom.ts';
import { endTorn } from './ends.ts';
import { jpeg2000Torn, jpegTorn } from './jpeg.ts';
import { judgedTorn } from './judged.ts';
import { compoundTorn } from './office/compound.ts';
import { pdfTorn } from './pdf.ts';
import { bmpTorn, isBmp } from './pictures/bmp.ts';
import { tiffTorn } from './pictures/tiff.ts';
import { pngTorn } from './png.ts';
import { textTorn } from './text.ts';
import type { Walk } from './torn.ts';

/** Archives (zip, gzip, zstd) are judged by unfolding them: see `lookInside`. */
export const walks: { readonly [format: string]: Walk } = {
  bmp: bmpTorn,
  compound: compoundTorn,
  dicom: dicomTorn,
  'encrypted-document': compoundTorn,
  jet: jetTorn,
  jpeg: (content) => jpegTorn(content, 0, content.length),
  jpeg2000: (content) => jpeg2000Torn(content, 0, content.length),
  pdf: pdfTorn,
  png: pngTorn,
  sqlite: sqliteTorn,
  tiff: tiffTorn,
  'orthanc-zlib': (content) => (inflates(content.subarray(8)) ? [] : [{ from: 8, to: content.length, shows: 'cut' }]),
};

/** What holds things of any kind, compressed ones too, in a structure of its own: its head alone explains nothing that is even. */
const holders: readonly (readonly [format: string, at: number, mark: string])[] = [
  ['compound', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0\x08\0\0\0'],
  ['tiff', 0, 'MM\0+\0\x08\0\0'],
  ['sqlite', 0, 'SQLite format 3\0'],
  ['jet', 4, 'Standard Jet DB\0'],
  ['jet', 4, 'Standard ACE DB\0'],
];

/** The format at the head of a content, of those that are even by nature or may hold what is. */
export function formatOf(content: Buffer): string | null {
  return (
    compressedFormat(content) ??
    holders.find(([, at, mark]) => content.toString('latin1', at, at + mark.length) === mark)?.[0] ??
    (isBmp(content) ? 'bmp' : null)
  );
}

export function structureOf(format: string | null, content: Buffer): Structure {
  const torn = format === null ? textTorn(content) : (walks[format]?.(content) ?? endTorn(format, content));
  return torn === undefined ? null : judgedTorn(content, torn);
}
