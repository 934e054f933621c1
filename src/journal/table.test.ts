import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyTable,
  type Table,
  tableDelete,
  tableEntries,
  tableFrom,
  tableGet,
  tableHas,
  tableKeys,
  tableSet,
  tableSize,
  tableValues,
} from './table.ts';

/** Names that trip objects up, beside arbitrary text. */
const key = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '0', '10', '9', '', 'a'),
  fc.string(),
  fc.nat(400).map((n) => `component-${n}`),
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.integer() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), key, value: fc.constant(0) }) },
);
const steps = fc.array(step, { maxLength: 600, size: 'max' });

function apply(table: Table<number>, one: { kind: 'set' | 'delete'; key: string; value: number }): Table<number> {
  return one.kind === 'set' ? tableSet(table, one.key, one.value) : tableDelete(table, one.key);
}

describe('Table', () => {
  it('holds what a Map holds, after any sequence of sets and deletes', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const model = new Map<string, number>();
        let table = emptyTable<number>();
        for (const one of history) {
          if (one.kind === 'set') model.set(one.key, one.value);
          else model.delete(one.key);
          table = apply(table, one);
        }
        expect(tableSize(table)).toBe(model.size);
        expect(new Map(tableEntries(table))).toEqual(model);
        expect(new Set(tableKeys(table))).toEqual(new Set(model.keys()));
        expect([...tableValues(table)].sort()).toEqual([...model.values()].sort());
        for (const one of history) {
          expect(tableGet(table, one.key)).toBe(model.get(one.key));
          expect(tableHas(table, one.key)).toBe(model.has(one.key));
        }
      }),
    );
  });

  it('has one shape per contents, whatever its history, and survives JSON', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const table = history.reduce(apply, emptyTable<number>());
        expect(JSON.stringify(tableFrom(tableEntries(table)))).toBe(JSON.stringify(table));
        expect(JSON.parse(JSON.stringify(table))).toEqual(table);
      }),
    );
  });

  it('never changes a table someone else holds', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (history, at) => {
        const before = history.slice(0, at % (history.length + 1)).reduce(apply, emptyTable<number>());
        const text = JSON.stringify(before);
        history.reduce(apply, before);
        expect(JSON.stringify(before)).toBe(text);
      }),
    );
  });

  it('takes 100,000 keys, and two keys with the same hash', () => {
    const many = tableFrom(Array.from({ length: 100_000 }, (_, n) => [`owner:component-${n}`, n] as const));
    expect(tableSize(tableSet(many, 'owner:new', 1))).toBe(100_001);
    expect(tableGet(many, 'owner:component-99999')).toBe(99_999);
    // "costarring" and "liquid" share their 32-bit FNV-1a hash; deeper than the tree they share a leaf.
    const fill = Array.from({ length: 40 }, (_, n) => [`k${n}`, n] as const);
    const collided = tableFrom([...fill, ['costarring', -1], ['liquid', -2]]);
    expect([tableGet(collided, 'costarring'), tableGet(collided, 'liquid')]).toEqual([-1, -2]);
    expect(tableHas(tableDelete(collided, 'costarring'), 'liquid')).toBe(true);
  });
});
