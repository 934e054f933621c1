import { hasZlibHead, inflating } from './deflate.ts';
import { jpeg2000Torn, jpegTorn } from './jpeg.ts';
import type { Torn } from './torn.ts';

/** Streams unfolded of one file: what one made to cost is given. */
const unfoldedMax = 2000;
const dictionaryBytesMax = 1024;
/** What is looked at of a file that has not its end. */
const endBytes = 16_384;

/**
 * PDF (ISO 32000 §7.3.8, §7.5): between its streams stands text and its markers, each stream is as its first filter asks, `%%EOF` is near its
 * end. Streams of a document protected by a password are random by nature and not judged.
 */
export function pdfTorn(content: Buffer): Torn[] {
  const torn: Torn[] = [];
  const isProtected = content.includes('/Encrypt');
  let left = unfoldedMax;
  let at = 0;
  for (let next = streamAfter(content, at); next !== undefined; next = streamAfter(content, at)) {
    torn.push(...between(content, at, next.start));
    const end = content.indexOf('endstream', next.start);
    const to = end < 0 ? content.length : end;
    const told = next.length === undefined ? to : next.start + next.length;
    // A length may be wrong by the end of a line; a stream that runs on has lost its end, and what follows.
    if (to > told + runOnBytes) torn.push(...between(content, told, to));
    if (!isProtected && left-- > 0)
      torn.push(...streamTorn(content, next.start, Math.min(told, to), next.filter, end < 0));
    at = to;
    if (end < 0) break;
  }
  torn.push(...between(content, at, content.length));
  // Some bytes may follow it: readers look for it in the last kilobyte.
  const isEnded = content.subarray(-1024).includes('%%EOF');
  return isEnded
    ? torn
    : [...torn, { from: Math.max(at, content.length - endBytes), to: content.length, shows: 'broken' }];
}

interface Stream {
  start: number;
  filter: string;
  /** Where the length stands in the dictionary itself. */
  length: number | undefined;
}

function streamAfter(content: Buffer, from: number): Stream | undefined {
  for (let at = content.indexOf('stream', from); at >= 0; at = content.indexOf('stream', at + 6)) {
    const start =
      content[at + 6] === 0x0a ? at + 7 : content[at + 6] === 0x0d && content[at + 7] === 0x0a ? at + 8 : -1;
    if (start < 0 || content.toString('latin1', Math.max(0, at - 3), at) === 'end') continue;
    const before = content.toString('latin1', Math.max(from, at - dictionaryBytesMax), at);
    const own = before.slice(before.lastIndexOf(' obj') + 1);
    const length = /\/Length (\d+)(?! \d+ R)\b/.exec(own)?.[1];
    return {
      start,
      filter: /\/Filter\s*\[?\s*\/(\w+)/.exec(own)?.[1] ?? '',
      length: length === undefined ? undefined : Number(length),
    };
  }
  return undefined;
}

/** Shorter ones are the markers around a stream. */
const runOnBytes = 4096;

/** What stands between streams is text, in whatever encoding, with strings of any bytes in it. */
function between(content: Buffer, from: number, to: number): Torn[] {
  if (to - from < runOnBytes) return [];
  for (let at = from; at < to; at += 4096) {
    const piece = content.subarray(at, Math.min(to, at + 4096));
    let odd = 0;
    for (const byte of piece)
      if (byte >= 0x7f || (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) odd += 1;
    if (odd > piece.length / 4) return [{ from: at, to, shows: 'broken' }];
  }
  return [];
}

function streamTorn(content: Buffer, from: number, to: number, filter: string, isEndless: boolean): Torn[] {
  // The end of a picture may be missing, and all readers show it.
  if (filter === 'DCTDecode') return jpegTorn(content, from, to).filter((torn) => torn.from < torn.to);
  if (filter === 'JPXDecode' && to - from > 8)
    return jpeg2000Torn(content, from, to).filter((torn) => torn.from < torn.to);
  const found = filter === 'FlateDecode' || filter === 'Fl' ? inflating(content.subarray(from, to)) : 'sound';
  if (found === 'sound') return [];
  // Deflated bytes may be as even as random ones: they are none where not even the head of a stream stands. What is wrong inside, and then
  // finds neither its own end nor that of another stream, is no cut.
  if (!hasZlibHead(content, from)) return [{ from, to, shows: 'broken' }];
  const isLost = isEndless && found === 'wrong';
  return [isLost ? { from: Math.max(from, to - endBytes), to, shows: 'broken' } : { from, to, shows: 'cut' }];
}
