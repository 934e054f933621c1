import type { Head } from './ports.ts';
import { accept, type Result, refuse } from './result.ts';
import { parseHead } from './verify.ts';

/**
 * A place of the journal as a few groups that can be printed, copied by hand and read over the phone:
 * `EPOCH-SEQUENCE-` then 28 symbols of Crockford's base 32, which hold 128 bits of the entry's hash and 12 bits of check.
 *
 * Why 128 bits: who rewrites history afterwards must meet them all (2^128 hashes), and who prepares two histories at once,
 * before the code is printed, needs some 2^64: a thousand graphics cards for weeks. 80 bits would leave the second 2^40,
 * minutes on one card; all 256 would not fit a line, nor a voice.
 *
 * Why no symbol of Crockford's own check alphabet: `*`, `~`, `$`, `=` are not said aloud the same way by everyone.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const symbols = 28;
const groupSymbols = 4;
const hashBits = 128n;
/** The largest prime below 2^12: every wrong symbol, and every two neighbours exchanged, change the remainder. */
const checkPrime = 4093n;
const hashDigits = Number(hashBits) / 4;

const checkOf = (epoch: bigint, sequence: bigint, hash: bigint): bigint =>
  ((epoch << 53n) * (1n << hashBits) + sequence * (1n << hashBits) + hash) % checkPrime;

/** The code of a head or of a checkpoint: at most 62 characters, a line of any sheet. */
export function codeOf({ epoch, sequence, hash }: Head): string {
  const bits = BigInt(`0x${hash.slice(0, hashDigits)}`);
  let rest = bits * 4096n + checkOf(BigInt(epoch), BigInt(sequence), bits);
  let text = '';
  for (let place = symbols; place > 0; place--) {
    text = (alphabet[Number(rest % 32n)] ?? '') + (place % groupSymbols === 0 ? '-' : '') + text;
    rest /= 32n;
  }
  return `${epoch}-${sequence}-${text.replace(/-$/, '')}`;
}

/** Crockford's readings of what people write: O is zero, I and L are one. */
const plain = (text: string): string => text.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');

/** Reads a code in any case and spacing. Its `hash` holds the 32 first digits only: an anchor for a verification. */
export function parseCode(text: string): Result<Head> {
  const [epoch = '', sequence = '', ...groups] = plain(text.trim()).split(/[\s.,:\u2010-\u2015-]+/);
  const value = groups.join('');
  const isPlace = /^\d{1,9}$/.test(epoch) && /^\d{1,15}$/.test(sequence);
  if (!isPlace || value.length !== symbols || [...value].some((symbol) => !alphabet.includes(symbol))) {
    return notCode('it is not an epoch, a sequence and seven groups of four signs');
  }
  let number = 0n;
  for (const symbol of value) number = number * 32n + BigInt(alphabet.indexOf(symbol));
  const bits = number / 4096n;
  if (number % 4096n !== checkOf(BigInt(epoch), BigInt(sequence), bits)) {
    return notCode('a sign was misread, or two were exchanged: its check does not agree');
  }
  const hash = bits.toString(16).padStart(hashDigits, '0');
  return accept({ epoch: Number(epoch), sequence: Number(sequence), hash });
}

const notCode = (why: string) =>
  refuse('anchor-unreadable', `This is not the code of a journal: ${why}.`, {
    expected: 'EPOCH-SEQUENCE-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX, as `reflexe journal code` prints it',
    kept: 'nothing was verified',
    cure: 'Read the sheet again, group by group.',
  });

/** What was noted outside: a whole head (`EPOCH:SEQUENCE:HASH`), or its printed code. */
export function parseAnchor(text: string): Result<Head> {
  const head = parseHead(text);
  if (head !== undefined) return accept(head);
  return parseCode(text);
}
