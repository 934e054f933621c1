import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShareCode, type Share, shareCode } from './shareCode.ts';

const shares = fc.record({
  set: fc.uint8Array({ minLength: 3, maxLength: 3 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  bytes: fc
    .uint8Array({ minLength: 33, maxLength: 33 })
    .map((bytes) => Uint8Array.from([...bytes.subarray(0, 32), (bytes[32] ?? 0) || 1])),
});
const share: Share = { set: '0a1b2c', bytes: Uint8Array.from({ length: 33 }, (_, at) => at + 1) };
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Where the nth letter stands in the printed code. */
const place = (code: string, nth: number): number => [...code.matchAll(/[0-9A-Z]/g)][nth]?.index ?? -1;
const replaced = (code: string, at: number, letter: string): string => code.slice(0, at) + letter + code.slice(at + 1);

describe('codes of shares', () => {
  it('are six lines of three groups of four, and read back', () => {
    expect(shareCode(share)).toMatch(
      /^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}(\n(([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4})){5}$/,
    );
    fc.assert(
      fc.property(shares, (one) => {
        expect(readShareCode(shareCode(one))).toEqual({ ok: true, share: one });
      }),
    );
  });

  it('are read in any case, spacing and look-alike letter', () => {
    const code = shareCode(share);
    expect(readShareCode(code.toLowerCase().replaceAll('-', ' '))).toEqual({ ok: true, share });
    expect(readShareCode(code.replaceAll('-', '').replaceAll('\n', ''))).toEqual({ ok: true, share });
    expect(readShareCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toEqual({ ok: true, share });
  });

  it('name the line and the letter of any one wrong letter, whichever it is', () => {
    const code = shareCode(share);
    for (let nth = 0; nth < 72; nth++) {
      for (const letter of letters) {
        const at = place(code, nth);
        if (code[at] === letter) continue;
        expect(readShareCode(replaced(code, at, letter))).toEqual({
          ok: false,
          misread: [{ line: Math.floor(nth / 12) + 1, letter: (nth % 12) + 1, why: 'letter-wrong' }],
        });
      }
    }
  });

  it('see two neighbours exchanged, and every pair of wrong letters', () => {
    fc.assert(
      fc.property(shares, fc.nat(70), (one, nth) => {
        const code = shareCode(one);
        const [here, there] = [place(code, nth), place(code, nth + 1)];
        if (nth % 12 === 11 || code[here] === code[there]) return;
        const read = readShareCode(replaced(replaced(code, here, code[there] ?? ''), there, code[here] ?? ''));
        expect(read).toMatchObject({
          ok: false,
          misread: [{ line: Math.floor(nth / 12) + 1, why: 'letters-exchanged' }],
        });
      }),
    );
    fc.assert(
      fc.property(shares, fc.nat(71), fc.nat(71), fc.nat(31), fc.nat(31), (one, a, b, x, y) => {
        const code = shareCode(one);
        const typed = replaced(replaced(code, place(code, a), letters[x] ?? ''), place(code, b), letters[y] ?? '');
        expect(readShareCode(typed).ok).toBe(typed === code);
      }),
    );
  });

  it('say which lines were exchanged, missing, too short, or hold a letter that is none', () => {
    const code = shareCode(share).split('\n');
    const [one = '', two = '', ...rest] = code;
    expect(readShareCode([two, one, ...rest].join('\n'))).toMatchObject({
      ok: false,
      misread: [{ line: 1 }, { line: 2 }],
    });
    expect(readShareCode(code.slice(0, 4).join('\n'))).toEqual({
      ok: false,
      misread: [{ line: 5, why: 'lines-missing' }],
    });
    expect(readShareCode([one, two.slice(1), ...rest].join('\n'))).toEqual({
      ok: false,
      misread: [{ line: 2, why: 'line-length' }],
    });
    expect(readShareCode([`U${one.slice(1)}`, two, ...rest].join('\n'))).toEqual({
      ok: false,
      misread: [{ line: 1, letter: 1, why: 'letter-unknown' }],
    });
    expect(readShareCode('')).toMatchObject({ ok: false });
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (typed) => {
        expect(readShareCode(typed).ok).toBe(false);
      }),
    );
  });
});
