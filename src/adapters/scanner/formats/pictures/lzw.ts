import type { Torn } from '../torn.ts';

const [clear, end, codesMax, firstBits] = [256, 257, 4096, 9];

/**
 * LZW as of TIFF 6.0 §13: codes of 9 to 12 bits, highest first, none above the next to be made; 256 empties the table, before it is full. Random
 * bytes ask soon for what is not there, and never empty it in time.
 */
export function lzwTorn(content: Buffer, from: number, to: number): Torn[] {
  let [bits, held, heldBits, next, isFirst] = [firstBits, 0, 0, end + 1, true];
  for (let at = from; at < to; at += 1) {
    held = ((held << 8) | (content[at] ?? 0)) & 0xff_ffff;
    heldBits += 8;
    if (heldBits < bits) continue;
    heldBits -= bits;
    const code = (held >> heldBits) & ((1 << bits) - 1);
    if (code === end) return [];
    if (code === clear) [bits, next, isFirst] = [firstBits, end + 1, true];
    else {
      // Of a table of an older writer, with its bits the other way round, nothing is said.
      if (at <= from + 1) return [];
      if (code > next - (isFirst ? 2 : 0) || next >= codesMax) return [{ from: at, to, shows: 'broken' }];
      if (!isFirst) next += 1;
      isFirst = false;
      // §13: one code sooner than it would have to be.
      if (next >= (1 << bits) - 1 && bits < 12) bits += 1;
    }
  }
  return [];
}
