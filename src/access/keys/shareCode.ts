/**
 * A share of the key as people write it down, print it, and read it over the telephone: Crockford's base32 (no I, L, O, U),
 * six lines of three groups of four. Each line is a Reed-Solomon word over GF(32) with two check letters: one wrong letter in a
 * line is found and placed, two letters exchanged are seen, and a line read in another's place does not pass. Nothing is
 * corrected silently: the person is told where to look.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const lines = 6;
const lettersPerLine = 12;
const dataPerLine = lettersPerLine - 2;
const version = 1;
/** Version, set, share: 37 bytes in 60 letters of 5 bits; the four bits over are zero. */
const setBytes = 3;
const shareBytes = 33;
const payloadBytes = 1 + setBytes + shareBytes;

export interface Share {
  /** Which quorum it belongs to, 6 hex digits: a share of before a rotation is told from a wrong one. */
  set: string;
  /** Its last byte is the share's own number (Shamir's x), never zero. */
  bytes: Uint8Array;
}

/** Line and letter count from 1. No letter: the line is wrong in more than one place. */
export interface Misread {
  line: number;
  letter?: number;
  why:
    | 'letter-unknown'
    | 'letter-wrong'
    | 'letters-exchanged'
    | 'line-wrong'
    | 'line-length'
    | 'lines-missing'
    | 'not-a-share';
}

export type Read = { ok: true; share: Share } | { ok: false; misread: Misread[] };

// GF(32) by the primitive polynomial x^5 + x^2 + 1.
const powers: number[] = [];
for (let value = 1; powers.length < 31; value = value & 0x10 ? ((value << 1) ^ 0x25) & 0x1f : value << 1)
  powers.push(value);
const logarithms = new Map(powers.map((value, exponent) => [value, exponent]));
const power = (exponent: number): number => powers[((exponent % 31) + 31) % 31] ?? 0;
const log = (value: number): number => logarithms.get(value) ?? 0;
const times = (one: number, other: number): number => (one === 0 || other === 0 ? 0 : power(log(one) + log(other)));

/** Both zero for a right line. The line's own number is part of the word. */
function syndromes(letters: readonly number[], line: number): [number, number] {
  let sum = line + 1;
  let weighted = times(line + 1, power(lettersPerLine));
  letters.forEach((value, at) => {
    sum ^= value;
    weighted ^= times(value, power(at));
  });
  return [sum, weighted];
}

/** The two check letters c and d at places 10 and 11: c + d = s and c·a^10 + d·a^11 = w. */
function checked(data: readonly number[], line: number): number[] {
  const [sum, weighted] = syndromes(data, line);
  const [first, second] = [power(dataPerLine), power(dataPerLine + 1)];
  const last = times(weighted ^ times(sum, first), power(-log(first ^ second)));
  return [...data, sum ^ last, last];
}

export function shareCode({ set, bytes }: Share): string {
  const payload = [
    version,
    ...Array.from({ length: setBytes }, (_, at) => Number.parseInt(set.slice(2 * at, 2 * at + 2), 16)),
    ...bytes,
  ];
  if (payload.length !== payloadBytes) throw new Error('a share has 33 bytes');
  const letters = fives(payload);
  return Array.from({ length: lines }, (_, line) => {
    const word = checked(letters.slice(line * dataPerLine, (line + 1) * dataPerLine), line);
    const text = word.map((value) => alphabet[value]).join('');
    return text.replace(/(.{4})(?=.)/g, '$1-');
  }).join('\n');
}

/** Reads what was typed: any case, any spaces and dashes, O for 0, I and L for 1. */
export function readShareCode(typed: string): Read {
  const text = typed
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll(/[\s\-–—.]/g, '');
  const missing = Math.ceil((lines * lettersPerLine - text.length) / lettersPerLine);
  if (text.length % lettersPerLine !== 0 || text.length > lines * lettersPerLine)
    return { ok: false, misread: [{ line: shortLine(typed), why: 'line-length' }] };
  if (missing > 0) return { ok: false, misread: [{ line: lines - missing + 1, why: 'lines-missing' }] };
  const words = Array.from({ length: lines }, (_, line) => [
    ...text.slice(line * lettersPerLine, (line + 1) * lettersPerLine),
  ]);
  const misread = words.flatMap((word, line) => faultOf(word, line) ?? []);
  if (misread.length > 0) return { ok: false, misread };
  const data = words.flatMap((word) => word.slice(0, dataPerLine).map((letter) => alphabet.indexOf(letter)));
  const payload = eights(data);
  if (payload === undefined || payload[0] !== version || payload.at(-1) === 0)
    return { ok: false, misread: [{ line: 1, why: 'not-a-share' }] };
  const set = [...payload.slice(1, 1 + setBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ok: true, share: { set, bytes: Uint8Array.from(payload.slice(1 + setBytes)) } };
}

/** The first line, as typed, that has not its twelve letters; the last where they were typed in one piece. */
function shortLine(typed: string): number {
  const counts = typed.split('\n').map((line) => line.replaceAll(/[\s\-–—.]/g, '').length);
  const at = counts.filter((count) => count > 0).findIndex((count) => count !== lettersPerLine);
  return Math.min(lines, at === -1 ? lines : at + 1);
}

function faultOf(word: readonly string[], line: number): Misread | undefined {
  const letters = word.map((letter) => alphabet.indexOf(letter));
  const unknown = letters.indexOf(-1);
  if (unknown !== -1) return { line: line + 1, letter: unknown + 1, why: 'letter-unknown' };
  const [sum, weighted] = syndromes(letters, line);
  if (sum === 0 && weighted === 0) return undefined;
  if (sum !== 0 && weighted !== 0) {
    const at = (log(weighted) - log(sum) + 31) % 31;
    if (at < lettersPerLine) return { line: line + 1, letter: at + 1, why: 'letter-wrong' };
  }
  if (sum === 0) {
    const exchanged = letters.findIndex((one, at) => {
      const other = letters[at + 1];
      return other !== undefined && times(one ^ other, power(at) ^ power(at + 1)) === weighted;
    });
    if (exchanged !== -1) return { line: line + 1, letter: exchanged + 1, why: 'letters-exchanged' };
  }
  return { line: line + 1, why: 'line-wrong' };
}

/** Bytes as letters of five bits. */
function fives(bytes: readonly number[]): number[] {
  const bits = bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(lines * dataPerLine * 5, '0');
  return Array.from({ length: lines * dataPerLine }, (_, at) => Number.parseInt(bits.slice(5 * at, 5 * at + 5), 2));
}

/** Undefined where a bit that carries nothing is set. */
function eights(letters: readonly number[]): number[] | undefined {
  const bits = letters.map((value) => value.toString(2).padStart(5, '0')).join('');
  if (bits.slice(8 * payloadBytes).includes('1')) return undefined;
  return Array.from({ length: payloadBytes }, (_, at) => Number.parseInt(bits.slice(8 * at, 8 * at + 8), 2));
}
