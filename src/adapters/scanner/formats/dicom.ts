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
/** Overlays, curves, tables; what a maker keeps in odd groups is of any kind. */
const bulkBytesMin = 8192;
const judgedPixelsMin = 4096;

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
    const lost = lostAt(content, at, syntax);
    if (found === undefined) return [...bulk, ...lost];
    const { tag, kind, start, length } = found;
    if (tag === transferSyntax) syntax = content.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
    if (tag === pixels && length === undefinedLength) return [...bulk, ...fragmentsTorn(content, start, syntax)];
    // Of unknown kind and length: written by other rules than the rest.
    if (kind === 'UN' && length === undefinedLength) return undefined;
    const isOpen = [item, itemEnd, sequenceEnd].includes(tag) || length === undefinedLength || kind === 'SQ';
    if (!isOpen && start + length > content.length) return [...bulk, ...lost];
    if (!isOpen) bulk.push(...bulkTorn(tag, start, start + length));
    at = isOpen ? start : start + length;
  }
  return bulk;
}

/** Where nothing is compressed, or in runs alone, one even block near the place is enough. */
const uncompressed = new Set([implicit, '1.2.840.10008.1.2.1', bigEndian, '1.2.840.10008.1.2.5']);
const nearBytes = 8192;

function lostAt(content: Buffer, at: number, syntax: string): Torn[] {
  const broken: Torn = { from: at, to: content.length, shows: 'broken' };
  if (!uncompressed.has(syntax)) return [broken];
  return [broken, { from: at, to: Math.min(content.length, at + nearBytes), shows: 'plain' }];
}

/** A document in a DICOM file (PS3.3 §C.24.2) and what a maker's own element holds may be compressed. */
const document = 0x0042_0011;

function bulkTorn(tag: number, from: number, to: number): Torn[] {
  if (tag === pixels && to - from >= judgedPixelsMin) return [{ from, to, shows: 'plain' }];
  if (to - from < bulkBytesMin || tag === document || Math.floor(tag / 0x1_0000) % 2 === 1) return [];
  return [{ from, to, shows: 'formless' }];
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

function fragmentsTorn(content: Buffer, first: number, syntax: string): Torn[] {
  const torn: Torn[] = [];
  for (let at = first; at + 8 <= content.length; ) {
    const tag = content.readUInt16LE(at) * 0x1_0000 + content.readUInt16LE(at + 2);
    if (tag === sequenceEnd) return torn;
    const [start, length] = [at + 8, content.readUInt32LE(at + 4)];
    if (tag !== item || start + length > content.length) return [...torn, ...lostAt(content, at, syntax)];
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
