import { accept, type Result, refuse } from '../../journal/result.ts';

/** Crockford's base 32: no I, L, O, U, so that what is read aloud or typed with gloves is what was printed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Crockford's check: the number modulo the smallest prime above 32; finds any wrong symbol and any two swapped. */
const checkPrime = 37;
const groupSymbols = 4;

/** 75 bits: with tries limited, and a fast hash at rest, out of reach; few enough to be typed. */
export const wardCardSymbols = 16;
/** 115 bits: typed once in years. */
export const envelopeSymbols = 24;

/**
 * A random code of `symbols` symbols, the last one its check. `fresh` gives 256 random bits in base64url.
 * Drawn again until the check symbol is one of the 32: Crockford's five others (`*~$=U`) are not on a phone's first keyboard.
 */
export function makeCode(symbols: number, fresh: () => string): string {
  for (;;) {
    // Five bits of each character; the last one of a 256-bit token carries fewer, and is not used.
    const values = [...fresh()].slice(0, symbols - 1).map((character) => base64url.indexOf(character) % 32);
    const check = checkOf(values);
    if (values.length === symbols - 1 && check < 32) return [...values, check].map((value) => alphabet[value]).join('');
  }
}

const checkOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => (sum * 32 + value) % checkPrime, 0);

/** As printed: groups of four. */
export const groupedCode = (code: string): string =>
  (code.match(new RegExp(`.{1,${groupSymbols}}`, 'g')) ?? []).join('-');

/** What was typed or scanned, as the code it stands for. A slip is told from a wrong card, and costs no try. */
export function readCode(typed: string, symbols: number): Result<string> {
  const code = typed
    .toUpperCase()
    .replace(/[\s._-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const values = [...code].map((symbol) => alphabet.indexOf(symbol));
  if (code.length !== symbols || values.includes(-1)) return mistyped(symbols);
  return checkOf(values.slice(0, -1)) === values.at(-1) ? accept(code) : mistyped(symbols);
}

const mistyped = (symbols: number) =>
  refuse('code-mistyped', 'This code is not typed as it is printed.', {
    expected: `${symbols} letters and digits; 0 and O, 1, I and L are the same`,
    kept: 'It does not count as a try.',
    cure: 'Compare it group by group with the paper.',
  });
