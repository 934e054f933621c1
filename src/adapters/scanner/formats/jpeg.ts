import type { Torn } from './torn.ts';

/** So many codes that the format forbids, so close to each other, are random bytes: some 30 of JPEG, 13 of JPEG 2000 would be there. */
const forbiddenMin = 6;
const closeBytes = 8192;

/** Codes after 0xFF in the order they stand. A damaged file has some forbidden ones; random bytes have one every few hundred. */
class Forbidden {
  readonly #at: number[] = [];
  #random: number | undefined;

  add(at: number): boolean {
    this.#at.push(at);
    if (this.#at.length > forbiddenMin) this.#at.shift();
    if (this.#at.length === forbiddenMin && at - (this.#at[0] ?? 0) < closeBytes) this.#random = this.#at[0];
    return this.#random !== undefined;
  }

  torn(ended: boolean, to: number): Torn[] {
    if (this.#random !== undefined) return [{ from: this.#random, to, shows: 'random' }];
    const [first] = this.#at;
    if (first !== undefined) return [{ from: first, to, shows: 'cut' }];
    return ended ? [] : [{ from: to, to, shows: 'cut' }];
  }
}

const sos = 0xda;
const eoi = 0xd9;
/** JPEG-LS (ITU-T T.87 §A.1): a bit, not a byte, is put behind 0xFF in its scans. */
const sofLossless = 0xf7;

/**
 * JPEG (ITU-T T.81 §B.1): segments of a length up to a scan; in a scan 0xFF is followed by 0, a restart, or a marker that may stand there.
 * What follows the end of the picture is not looked at.
 */
export function jpegTorn(content: Buffer, from: number, to: number): Torn[] {
  const forbidden = new Forbidden();
  let [inScan, isLossless] = [false, false];
  for (let at = from + 2; at < to; ) {
    const mark = content.indexOf(0xff, at);
    if (mark < 0 || mark + 1 >= to) break;
    if (!inScan && mark > at) return [{ from: at, to, shows: 'broken' }];
    const code = content[mark + 1] ?? 0;
    at = mark + 2;
    if (code === 0xff) at = mark + 1;
    else if (code === eoi) return forbidden.torn(true, to);
    else if (inScan && isLossless && code < 0x80) continue;
    else if (code === 0 || code === 0x01 || (code >= 0xd0 && code <= 0xd7)) continue;
    else {
      const length = mark + 4 <= to ? content.readUInt16BE(mark + 2) : 0;
      if (segmentFits(inScan, code, length, content[mark + 4] ?? 0)) {
        inScan = inScan || code === sos;
        isLossless = isLossless || code === sofLossless;
        at = mark + 2 + length;
      } else if (inScan) {
        if (forbidden.add(mark)) break;
      } else return [{ from: mark, to, shows: 'broken' }];
    }
  }
  return forbidden.torn(false, to);
}

/** Between scans stand tables (DHT, DNL, DQT, DRI) and the next scan, and they are short. */
function segmentFits(inScan: boolean, code: number, length: number, first: number): boolean {
  if (code === sos) return length === 6 + 2 * first && first >= 1 && first <= 4;
  if (!inScan) return length >= 2 && code >= 0xc0;
  return [0xc4, 0xdb, 0xdc, 0xdd].includes(code) && length >= 4 && length < 2048;
}

/** JPEG 2000's own markers of a codestream (ITU-T T.800 §A.2): start of a tile part, of a packet, end of a header, of data, of all. */
const allowedAbove = new Set([0x90, 0x91, 0x92, 0x93, eoi]);

/** JPEG 2000 (ITU-T T.800): boxes (§I.4) up to the codestream, or it alone; in its data no code above 0xFF8F may stand (§B.10.1). */
export function jpeg2000Torn(content: Buffer, from: number, to: number): Torn[] {
  const stream = content.readUInt16BE(from) === 0xff4f ? { from, to } : codestream(content, from, to);
  if (!('from' in stream)) return [{ from: stream.lost, to, shows: 'broken' }];
  const forbidden = new Forbidden();
  const data = content.indexOf(Buffer.of(0xff, 0x93), stream.from);
  if (data < 0 || data >= stream.to) return [{ ...stream, shows: 'broken' }];
  for (let at = content.indexOf(0xff, data + 2); at >= 0 && at + 1 < stream.to; at = content.indexOf(0xff, at + 1)) {
    const code = content[at + 1] ?? 0;
    if (code > 0x8f && !allowedAbove.has(code) && forbidden.add(at)) break;
  }
  const ended = content.readUInt16BE(stream.to - 2) === 0xffd9;
  return forbidden.torn(ended, stream.to);
}

function codestream(content: Buffer, from: number, to: number): { from: number; to: number } | { lost: number } {
  for (let at = from; at + 8 <= to; ) {
    const [short, kind] = [content.readUInt32BE(at), content.toString('latin1', at + 4, at + 8)];
    const long = short === 1 && at + 16 <= to;
    const length = long ? Number(content.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    if (kind === 'jp2c') return { from: at + (long ? 16 : 8), to: Math.min(to, at + length) };
    if (length < 8 || !/^[\x20-\x7e]{4}$/.test(kind)) return { lost: at };
    at += length;
  }
  return { lost: Math.min(from, to) };
}
