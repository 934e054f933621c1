import { jpegTorn } from '../jpeg.ts';
import { pngTorn } from '../png.ts';
import type { Torn, Walk } from '../torn.ts';

/** Random bytes begin before the head that shows it, by no more than a record's length. */
const lostBefore = 4096;
const lostAfter = 12_288;
const lost = (at: number, end: number): Torn[] => [
  { from: Math.max(0, at - lostBefore), to: Math.min(end, at + lostAfter), shows: 'plain' },
];

/** MS-XLS §2.1.4: a kind and a length of at most 8,224 bytes; no password hides these two (MS-OFFCRYPTO §2.3.7.1). */
const recordBytesMax = 8224;
const isSheetRecord = (kind: number): boolean =>
  kind < 0x0500 || (kind >= 0x0800 && kind < 0x0900) || kind >> 8 === 0x10;

function sheetTorn(stream: Buffer): Torn[] | undefined {
  const version = stream.readUInt16LE(4);
  // BOF of BIFF5 and BIFF8.
  if (stream.readUInt16LE(0) !== 0x0809 || (version !== 0x0500 && version !== 0x0600)) return undefined;
  for (let at = 0; at + 4 <= stream.length; ) {
    const bytes = stream.readUInt16LE(at + 2);
    if (!isSheetRecord(stream.readUInt16LE(at)) || bytes > recordBytesMax) return lost(at, stream.length);
    at += 4 + bytes;
  }
  return [];
}

/** MS-ODRAW §2.2.23 to 2.2.31: pictures, by kind and by what stands before it, without the lowest four bits. */
const pictures = new Map([
  [0xf01a, [0x3d4, 0x3d5]],
  [0xf01b, [0x216, 0x217]],
  [0xf01c, [0x542, 0x543]],
  [0xf01d, [0x46a, 0x46b, 0x6e2, 0x6e3]],
  [0xf01e, [0x6e0, 0x6e1]],
  [0xf01f, [0x7a8, 0x7a9]],
  [0xf029, [0x6e4, 0x6e5]],
  [0xf02a, [0x46a, 0x46b, 0x6e2, 0x6e3]],
]);
/** What stands before the picture itself: one or two names of 16 bytes, one byte more. */
const pictureHeadsMax = 64;

const isPicture = (stream: Buffer, at: number): boolean =>
  pictures.get(stream.readUInt16LE(at + 2))?.includes(stream.readUInt16LE(at) >> 4) === true;

/** Pictures one after the other (MS-PPT §2.1.3), each as its own format asks. */
function picturesTorn(stream: Buffer): Torn[] {
  const torn: Torn[] = [];
  for (let at = 0; at + 8 <= stream.length; ) {
    const end = at + 8 + stream.readUInt32LE(at + 4);
    if (!isPicture(stream, at) || end > stream.length) return [...torn, ...lost(at, stream.length)];
    for (const one of pictureTorn(stream, at, end)) torn.push(one);
    at = end;
  }
  return torn;
}

function pictureTorn(stream: Buffer, at: number, end: number): Torn[] {
  const head = stream.subarray(at, Math.min(end, at + pictureHeadsMax));
  const [jpeg, png] = [head.indexOf('\xff\xd8\xff', 'latin1'), head.indexOf('\x89PNG', 'latin1')];
  if (jpeg >= 0) return jpegTorn(stream, at + jpeg, end).filter(({ from, to }) => from < to);
  if (png < 0) return [];
  const from = at + png;
  return pngTorn(stream.subarray(from, end)).map((one) => ({ ...one, from: one.from + from, to: one.to + from }));
}

/** Records in records (MS-PPT §2.3.1): 4 bits of version, 12 of instance, a kind, a length. */
function slidesTorn(stream: Buffer): Torn[] | undefined {
  // CryptSession10Container (§2.3.7): what a password protects is encrypted with its heads.
  if (stream.includes(Buffer.of(0x0f, 0x00, 0x14, 0x2f))) return undefined;
  for (let at = 0; at + 8 <= stream.length; ) {
    const [isHolder, kind] = [stream.readUInt16LE(at) % 16 === 15, stream.readUInt16LE(at + 2)];
    const end = at + 8 + stream.readUInt32LE(at + 4);
    if (end > stream.length || !((kind >= 0x03e8 && kind < 0x3000) || kind >= 0xf000)) return lost(at, stream.length);
    at = isHolder ? at + 8 : end;
  }
  return [];
}

/** MS-DOC §2.5.1: what begins the stream; from this version on pictures stand in records of their own. */
const documentMark = 0xa5ec;
const recordsSince = 0x00c1;
/** Length of the list of embedded fonts (§2.5.6): these stand in the stream, compressed. */
const fontsAt = 0x286;

/** Text, its form and what says where (MS-DOC §2.1.1), but for the pictures that float on it. */
function documentTorn(stream: Buffer): Torn[] | undefined {
  if (stream.length < fontsAt + 4) return undefined;
  const isRead = stream.readUInt16LE(0) === documentMark && stream.readUInt16LE(2) >= recordsSince;
  const isProtected = (stream.readUInt16LE(0x0a) & 0x0100) !== 0;
  if (!isRead || isProtected || stream.readUInt32LE(fontsAt) !== 0) return undefined;
  const torn: Torn[] = [];
  let from = 0;
  for (
    let mark = stream.indexOf(0xf0, 3);
    mark >= 0 && mark + 5 <= stream.length;
    mark = stream.indexOf(0xf0, mark + 1)
  ) {
    const at = mark - 3;
    if (at < from || !isPicture(stream, at)) continue;
    const end = at + 8 + stream.readUInt32LE(at + 4);
    if (end > stream.length) continue;
    torn.push({ from, to: at, shows: 'plain' });
    for (const one of pictureTorn(stream, at, end)) torn.push(one);
    from = end;
  }
  return [...torn, { from, to: stream.length, shows: 'plain' }];
}

/** Streams whose form is published, by name. */
export const streamWalks: readonly { of: RegExp; walk: Walk }[] = [
  { of: /^(Workbook|Book)$/, walk: sheetTorn },
  { of: /^PowerPoint Document$/, walk: slidesTorn },
  { of: /^Pictures$/, walk: picturesTorn },
  { of: /^WordDocument$/, walk: documentTorn },
  // MS-OXMSG §2.1.3: properties of a mail that are text.
  { of: /^__substg1\.0_[0-9A-F]{4}001[EF]$/, walk: (stream) => [{ from: 0, to: stream.length, shows: 'plain' }] },
];
