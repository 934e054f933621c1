import type { Random } from './random.ts';

/** The longest input made: parsers of ours bound their messages well below, and longer ones only slow the search. */
export const longestInput = 65_536;

const encoder = new TextEncoder();
/** Bytes that parsers are known to stumble on: ends of ranges, ends of text, what frames HL7 over MLLP, broken UTF-8. */
const awkwardBytes = [
  0x00, 0x01, 0x0a, 0x0b, 0x0d, 0x1c, 0x20, 0x22, 0x27, 0x2d, 0x5c, 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff,
];
const awkwardTexts = [
  '-1',
  '0',
  '1e999',
  '-0',
  '9007199254740993',
  'NaN',
  '__proto__',
  'constructor',
  '\ud800',
  '\u2028',
  '{}',
  '[]',
  '""',
].map((text) => encoder.encode(text));

/** One to eight small changes of `input`; `other` lends pieces, `dictionary` lends the words the code under test knows. */
export function mutate(
  input: Uint8Array,
  other: Uint8Array,
  dictionary: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  let bytes = input;
  const changes = 1 << random.below(4);
  for (let change = 0; change < changes; change += 1) bytes = change1(bytes, other, dictionary, random);
  return bytes.length > longestInput ? bytes.slice(0, longestInput) : bytes;
}

function change1(bytes: Uint8Array, other: Uint8Array, dictionary: readonly Uint8Array[], random: Random): Uint8Array {
  // Texts grow at their end: parsers go on from there.
  const at = random.below(4) === 0 ? bytes.length : random.below(bytes.length + 1);
  const length = 1 + random.below(Math.min(32, bytes.length - at));
  switch (random.below(12)) {
    case 0:
      return withByte(bytes, at, (byte) => byte ^ (1 << random.below(8)));
    case 1:
      return withByte(bytes, at, () => random.below(256));
    case 2:
      return withByte(bytes, at, () => random.pick(awkwardBytes) ?? 0);
    case 3:
      return withByte(bytes, at, (byte) => byte + random.below(17) - 8);
    case 4:
      return splice(bytes, at, length, new Uint8Array());
    case 5:
      return splice(bytes, at, 0, bytes.slice(at, at + length));
    case 6:
      return splice(bytes, at, 0, repeated(bytes.slice(at, at + length), 1 + random.below(64)));
    case 7:
    case 10:
    case 11:
      return splice(bytes, at, random.below(2) * length, random.pick(dictionary) ?? new Uint8Array());
    case 8:
      return splice(bytes, at, random.below(2) * length, random.pick(awkwardTexts) ?? new Uint8Array());
    default: {
      const from = random.below(other.length + 1);
      return splice(
        bytes,
        at,
        random.below(2) * length,
        other.slice(from, from + 1 + random.below(other.length - from)),
      );
    }
  }
}

function withByte(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  const byte = copy[at];
  if (byte !== undefined) copy[at] = change(byte);
  return copy;
}

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  const rest = bytes.subarray(at + removed);
  const made = new Uint8Array(at + added.length + rest.length);
  made.set(bytes.subarray(0, at));
  made.set(added, at);
  made.set(rest, at + added.length);
  return made;
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  const made = new Uint8Array(piece.length * times);
  for (let time = 0; time < times; time += 1) made.set(piece, time * piece.length);
  return made;
}
