import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, parseAnchor, parseCode } from './code.ts';
import { sealedEntries } from './contract.ts';
import { emptyHead, formOf, sha256 } from './seal.ts';
import { createVerifier, headText } from './verify.ts';

const heads = fc.record({
  epoch: fc.integer({ min: 1, max: 999_999_999 }),
  sequence: fc.integer({ min: 0, max: 999_999_999_999_999 }),
  hash: fc.string().map((text) => sha256(text)),
});
const read = (text: string) => {
  const result = parseCode(text);
  return result.ok ? result.value : undefined;
};
const one = { epoch: 1, sequence: 4211, hash: sha256('one') };

describe('the printed code of a journal’s place', () => {
  it('names the epoch, the sequence and half of the hash, whatever they are', () => {
    fc.assert(
      fc.property(heads, (head) => {
        const code = codeOf(head);
        expect(code.length).toBeLessThanOrEqual(62);
        expect(read(code)).toEqual({ ...head, hash: head.hash.slice(0, 32) });
      }),
    );
  });

  it('fits a line, in groups of four, and is always the same', () => {
    expect(codeOf(one)).toBe(codeOf({ ...one }));
    expect(codeOf(one)).toMatch(/^1-4211(-[0-9A-HJKMNP-TV-Z]{4}){7}$/);
  });

  it('is read in any case, with spaces, and with the letters people take for figures', () => {
    const code = codeOf(one);
    const spoken = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(read(spoken)).toEqual(read(code));
    expect(read(` ${code.replaceAll('-', '–')}\n`)).toEqual(read(code));
    expect(read(code.replace(/-(?=[^-]{4}$)/, ''))).toEqual(read(code));
  });

  it('refuses every single wrong sign', () => {
    const code = codeOf(one);
    for (let at = 0; at < code.length; at++) {
      if (code[at] === '-') continue;
      const figure = at < code.indexOf('-', 2);
      for (const sign of figure ? '0123456789' : '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (sign === code[at]) continue;
        expect(read(code.slice(0, at) + sign + code.slice(at + 1)), `${sign} at ${at}`).toBeUndefined();
      }
    }
  });

  it('refuses two neighbours exchanged, also across groups', () => {
    fc.assert(
      fc.property(heads, (head) => {
        const code = codeOf(head);
        for (let at = 0; at < code.length; at++) {
          const next = code[at + 1] === '-' ? at + 2 : at + 1;
          const [first, second] = [code[at], code[next]];
          if (first === '-' || second === undefined || first === second) continue;
          // Across the end of the sequence, a letter takes a figure's place: no place at all, or another one.
          const exchanged = `${code.slice(0, at)}${second}${code.slice(at + 1, next)}${first}${code.slice(next + 1)}`;
          expect(read(exchanged), exchanged).toBeUndefined();
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what is too short, too long or something else', () => {
    const code = codeOf(one);
    for (const wrong of [
      '',
      '1',
      '1-4211',
      code.slice(0, -1),
      `${code}0`,
      code.replace('1-', ''),
      'x'.repeat(10_000),
    ]) {
      expect(parseCode(wrong)).toMatchObject({ ok: false, refusal: { code: 'anchor-unreadable' } });
    }
    expect(parseAnchor(headText(one))).toEqual({ ok: true, value: one });
  });

  it('anchors a verification: met by the very entry, and by no other', () => {
    const entries = sealedEntries(emptyHead, 5);
    const verdictFor = (anchor: ReturnType<typeof read>) => {
      const verifier = createVerifier({ anchor });
      for (const entry of entries) verifier.add({ ...entry, form: formOf(entry) });
      return verifier.finish();
    };
    const [third] = entries.slice(2);
    if (third === undefined) throw new Error('there is a third entry');
    expect(verdictFor(read(codeOf(third)))).toMatchObject({ ok: true, anchored: true });
    expect(verdictFor(read(codeOf({ ...third, hash: sha256('another') })))).toMatchObject({
      ok: false,
      anchored: false,
      firstBad: { sequence: 3 },
    });
    expect(verdictFor(read(codeOf({ ...third, sequence: 9 })))).toMatchObject({ ok: false, anchored: false });
  });
});
