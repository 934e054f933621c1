import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { patchOf } from './patch.ts';

const patched = (before: unknown, after: unknown): unknown => {
  const root = { value: structuredClone(before) };
  const operations = patchOf({ value: before }, { value: after });
  expect(applyPatch(root, structuredClone(operations)).every((failure) => failure === null)).toBe(true);
  return root.value;
};

/** Names a prototype would answer to cannot come from a room's view; rfc6902 refuses to apply them. */
const name = fc.string().filter((one) => one !== '__proto__' && one !== 'constructor' && one !== 'prototype');
const plain = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie('any')),
    fc.dictionary(name, tie('any'), { noNullPrototype: true }),
  ),
})).any;

describe('a patch', () => {
  it('turns any plain value into any other', () => {
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        expect(patched(before, after)).toEqual(after);
      }),
    );
  });

  it('turns any list into one with some lines changed, added and removed', () => {
    const lines = fc.array(fc.record({ id: fc.nat(9), text: fc.string() }), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, lines, (kept, before, after) => {
        expect(patched([...kept, ...before, ...kept], [...kept, ...after, ...kept])).toEqual([
          ...kept,
          ...after,
          ...kept,
        ]);
      }),
    );
  });

  it('is empty between equals, whatever the order of their members', () => {
    expect(patchOf({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toEqual([]);
  });

  it('says one line for one line added anywhere in a long list, without comparing each with each', () => {
    const lines = Array.from({ length: 5_000 }, (_, id) => ({ id, words: { count: id } }));
    const added = { id: -1, words: { count: 0 } };
    for (const at of [0, 2_500, 5_000]) {
      const after = lines.toSpliced(at, 0, added);
      expect(patchOf({ lines }, { lines: after })).toEqual([{ op: 'add', path: `/lines/${at}`, value: added }]);
    }
  });

  it('says two lines for a log that keeps its newest lines, and one for a line changed', () => {
    const lines = Array.from({ length: 1_000 }, (_, id) => ({ id, words: { count: id } }));
    expect(patchOf({ lines: lines.slice(0, 500) }, { lines: lines.slice(1, 501) })).toEqual([
      { op: 'remove', path: '/lines/0' },
      { op: 'add', path: '/lines/499', value: lines[500] },
    ]);
    expect(patchOf(['a', 'b', 'c', 'd'], ['a', 'a', 'b', 'c', 'd'])).toEqual([{ op: 'add', path: '/1', value: 'a' }]);
    const changed = lines.with(300, { id: 300, words: { count: -1 } });
    expect(patchOf({ lines }, { lines: changed })).toEqual([
      { op: 'replace', path: '/lines/300/words/count', value: -1 },
    ]);
  });

  it('of two long lists with nothing in common takes no more than a walk', () => {
    const list = (sign: number) => Array.from({ length: 20_000 }, (_, id) => ({ id: sign * (id + 1) }));
    expect(patchOf(list(1), list(-1)).length).toBe(20_000);
  });
});
