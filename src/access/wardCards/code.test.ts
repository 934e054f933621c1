import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokens } from '../../adapters/crypto/tokens.ts';
import { envelopeSymbols, groupedCode, makeCode, readCode, wardCardSymbols } from './code.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a code typed by hand', () => {
  it('reads back what it printed, in any case, with any separator, and with the letters people confuse', () => {
    for (let round = 0; round < 200; round += 1) {
      const code = makeCode(wardCardSymbols, tokens.fresh);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(groupedCode(code)).toMatch(/^(.{4}-){3}.{4}$/);
      expect(readCode(groupedCode(code), wardCardSymbols)).toEqual({ ok: true, value: code });
      const confused = ` ${code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(readCode(confused, wardCardSymbols)).toEqual({ ok: true, value: code });
    }
    expect(makeCode(envelopeSymbols, tokens.fresh)).toHaveLength(envelopeSymbols);
  });

  it('finds every wrong symbol and every two neighbours swapped', () => {
    const code = makeCode(wardCardSymbols, tokens.fresh);
    for (let place = 0; place < code.length; place += 1) {
      for (const symbol of alphabet) {
        const wrong = code.slice(0, place) + symbol + code.slice(place + 1);
        expect(readCode(wrong, wardCardSymbols).ok).toBe(wrong === code);
      }
      const swapped = code.slice(0, place) + (code[place + 1] ?? '') + code[place] + code.slice(place + 2);
      if (place + 1 < code.length) expect(readCode(swapped, wardCardSymbols).ok).toBe(swapped === code);
    }
  });

  it('refuses anything else without a throw, and says it counts for nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (typed) => {
        const read = readCode(typed, wardCardSymbols);
        if (read.ok) expect(read.value).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        else expect(read.refusal.code).toBe('code-mistyped');
      }),
    );
    expect(readCode('', wardCardSymbols).ok).toBe(false);
  });

  it('uses all of the 32 symbols alike', () => {
    const seen = new Map<string, number>();
    const codes = Array.from({ length: 2000 }, () => makeCode(envelopeSymbols, tokens.fresh).slice(0, -1));
    for (const symbol of codes.join('')) seen.set(symbol, (seen.get(symbol) ?? 0) + 1);
    const expected = (2000 * (envelopeSymbols - 1)) / 32;
    expect(seen.size).toBe(32);
    for (const count of seen.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.25);
  });
});
