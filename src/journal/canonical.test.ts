import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.ts';

/** RFC 8785 appendix B: the bits of a double, and the text it must become. */
const appendixB: [bits: string, text: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

/** RFC 8785 without cleverness: sort every object's keys, then let JSON.stringify write the leaves. */
function slow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(slow).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${slow(field)}`).join(',')}}`;
}

describe('canonical form', () => {
  it.each(appendixB)('writes the double %s as RFC 8785 appendix B does', (bits, text) => {
    expect(canonical(doubleOf(bits))).toBe(text);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s (appendix B)', (value) => {
    expect(() => canonical(value)).toThrow('canonical');
  });

  it('orders fields by UTF-16 code unit (RFC 8785 section 3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(
      Object.values(JSON.parse(`[${[...canonical(value).matchAll(/:("(?:[^"\\]|\\.)*")/g)].map((m) => m[1])}]`)),
    ).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes the sample of RFC 8785 section 3.2.2 byte for byte', () => {
    const sample = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonical(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('refuses what is not plain data rather than losing it', () => {
    for (const value of ['\ud800', [undefined], { at: new Date(0) }, { seen: new Map() }, [() => 1], { big: 1n }]) {
      expect(() => canonical(value as object)).toThrow('canonical');
    }
    let deep: object = {};
    for (let level = 0; level < 300; level++) deep = { deep };
    expect(() => canonical(deep)).toThrow('nested');
  });

  it('is read back as the same value, is its own canonical form, and agrees with the slow form', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        fc.pre(JSON.stringify(plain).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(plain)));
        const text = canonical(plain);
        expect(JSON.parse(text)).toEqual(plain);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(text).toBe(slow(plain));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which fields were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), fc.func(fc.integer()), (value, rank) => {
        const shuffled = Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)));
        expect(canonical(shuffled)).toBe(canonical(value));
      }),
    );
  });
});
