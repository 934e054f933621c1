import { isEven, judgedBytesMin, type Structure } from '../../../restore/cleanPoint/content.ts';
import { inflates } from './deflate.ts';
import { dicomTorn } from './dicom.ts';
import { endTorn } from './ends.ts';
import { jpeg2000Torn, jpegTorn } from './jpeg.ts';
import { pdfTorn } from './pdf.ts';
import { pngTorn } from './png.ts';
import { textTorn } from './text.ts';
import type { Torn, Walk } from './torn.ts';

/** Archives (zip, gzip, zstd) are judged by unfolding them: see `lookInside`. */
const walks: { readonly [format: string]: Walk } = {
  dicom: dicomTorn,
  jpeg: (content) => jpegTorn(content, 0, content.length),
  jpeg2000: (content) => jpeg2000Torn(content, 0, content.length),
  pdf: pdfTorn,
  png: pngTorn,
  'orthanc-zlib': (content) => (inflates(content.subarray(8)) ? [] : [{ from: 8, to: content.length, shows: 'cut' }]),
};

export function structureOf(format: string | null, content: Buffer): Structure {
  const torn = format === null ? textTorn(content) : (walks[format]?.(content) ?? endTorn(format, content));
  return torn === undefined ? null : judgedTorn(content, torn);
}

export function judgedTorn(content: Buffer, torn: readonly Torn[]): Structure {
  const overwritten = torn.some(({ from, to, shows }) => {
    if (shows === 'random') return true;
    return shows === 'formless'
      ? hasEven(content, from, to, formlessBytes)
      : shows === 'broken' && hasEvenStretch(content, from, to);
  });
  if (overwritten) return 'overwritten';
  if (torn.length === 0) return 'whole';
  return torn.some(({ shows }) => shows !== 'formless') ? 'damaged' : null;
}

const blockBytes = 4096;
/** Of compressed bytes that are no random ones a stretch of this length seldom looks like them; one of 4 KiB often does. */
const stretchBytes = 16_384;
/** Of what is not compressed at all. */
const formlessBytes = 8192;

/** Whether random bytes stand somewhere in a part: in a stretch of half of it where it is short. */
const hasEvenStretch = (content: Buffer, from: number, to: number): boolean =>
  hasEven(content, from, to, Math.min(stretchBytes, Math.max(judgedBytesMin, Math.floor((to - from) / 2))));

/** Where a part is long, in the blocks of a disk: whole ones are what is encrypted. */
function hasEven(content: Buffer, from: number, to: number, length: number): boolean {
  const step = Math.min(blockBytes, length);
  for (let at = length < stretchBytes / 2 ? from : Math.ceil(from / step) * step; at + length <= to; at += step)
    if (isEven(content.subarray(at, at + length))) return true;
  return false;
}
