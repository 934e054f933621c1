import { inflateRawSync } from 'node:zlib';
import { inflates } from './deflate.ts';
import { jpeg2000Torn, jpegTorn } from './jpeg.ts';
import type { Torn } from './torn.ts';

const metaStart = 132;
const undefinedLength = 0xffff_ffff;
const [item, itemEnd, sequenceEnd] = [0xfffe_e000, 0xfffe_e00d, 0xfffe_e0dd];
const pixels = 0x7fe0_0010;
const transferSyntax = 0x0002_0010;
/** DICOM PS3.5 §7.1.2: these have two bytes reserved and a length of four. */
const longForms = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const [implicit, deflated, bigEndian] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];
/** Pixels, overlays, curves, tables. */
const bulkBytesMin = 8192;

interface Element {
  tag: number;
  kind: string;
  start: number;
  length: number;
}

/**
 * Elements one after the other (PS3.5 §7.1), those of sequences among them. Pixels as they are have no form of their own, but
 * noise of a detector is not as even as random bytes; compressed they stand in fragments (§A.4), each as its own format asks.
 */
export function dicomTorn(content: Buffer): Torn[] | undefined {
  const bulk: Torn[] = [];
  let syntax = '';
  for (let at = metaStart; at + 8 <= content.length; ) {
    const isMeta = content.readUInt16LE(at) === 2;
    if (!isMeta && syntax === deflated)
      return inflates(content.subarray(at), inflateRawSync) ? [] : [{ from: at, to: content.length, shows: 'cut' }];
    const found = elementAt(content, at, isMeta ? '' : syntax);
    const lost: Torn = { from: at, to: content.length, shows: 'broken' };
    if (found === undefined) return [...bulk, lost];
    const { tag, kind, start, length } = found;
    if (tag === transferSyntax) syntax = content.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
    if (tag === pixels && length === undefinedLength) return [...bulk, ...fragmentsTorn(content, start)];
    // Of unknown kind and length: written by other rules than the rest.
    if (kind === 'UN' && length === undefinedLength) return undefined;
    const isOpen = [item, itemEnd, sequenceEnd].includes(tag) || length === undefinedLength || kind === 'SQ';
    if (!isOpen && start + length > content.length) return [...bulk, lost];
    if (!isOpen && length >= bulkBytesMin) bulk.push({ from: start, to: start + length, shows: 'formless' });
    at = isOpen ? start : start + length;
  }
  return bulk;
}

function elementAt(content: Buffer, at: number, syntax: string): Element | undefined {
  const isBig = syntax === bigEndian;
  const two = (from: number) => (isBig ? content.readUInt16BE(from) : content.readUInt16LE(from));
  const four = (from: number) => (isBig ? content.readUInt32BE(from) : content.readUInt32LE(from));
  const tag = two(at) * 0x1_0000 + two(at + 2);
  if (syntax === implicit || [item, itemEnd, sequenceEnd].includes(tag))
    return { tag, kind: '', start: at + 8, length: four(at + 4) };
  const kind = content.toString('latin1', at + 4, at + 6);
  if (!/^[A-Z]{2}$/.test(kind)) return undefined;
  if (!longForms.has(kind)) return { tag, kind, start: at + 8, length: two(at + 6) };
  return at + 12 > content.length ? undefined : { tag, kind, start: at + 12, length: four(at + 8) };
}

function fragmentsTorn(content: Buffer, first: number): Torn[] {
  const torn: Torn[] = [];
  for (let at = first; at + 8 <= content.length; ) {
    const tag = content.readUInt16LE(at) * 0x1_0000 + content.readUInt16LE(at + 2);
    if (tag === sequenceEnd) return torn;
    const [start, length] = [at + 8, content.readUInt32LE(at + 4)];
    if (tag !== item || start + length > content.length)
      return [...torn, { from: at, to: content.length, shows: 'broken' }];
    torn.push(...fragmentTorn(content, start, start + length));
    at = start + length;
  }
  return [...torn, { from: content.length, to: content.length, shows: 'cut' }];
}

/** A picture may go on over several fragments: one that begins as none is not judged, nor is the end of one. Runs (§G.3) are never even. */
function fragmentTorn(content: Buffer, from: number, to: number): Torn[] {
  if (to - from < 64) return [];
  const mark = content.readUInt16BE(from);
  if (mark === 0xffd8) return jpegTorn(content, from, to).filter(isSeen);
  if (mark === 0xff4f) return jpeg2000Torn(content, from, to).filter(isSeen);
  const segments = content.readUInt32LE(from);
  const isRuns = segments >= 1 && segments <= 15 && content.readUInt32LE(from + 4) === 64;
  return isRuns ? [{ from, to, shows: 'formless' }] : [];
}

const isSeen = ({ from, to }: Torn): boolean => from < to;
