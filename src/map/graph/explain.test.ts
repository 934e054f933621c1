import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { smallMap } from '../fixture.ts';
import type { Need } from '../model.ts';
import { graphOf } from './build.ts';
import { explain, minimal } from './explain.ts';
import { Propagation } from './propagation.ts';

const names = Array.from({ length: 7 }, (_, i) => `c${i}`);
const anyNeed = (targets: readonly string[]): fc.Arbitrary<Need> => {
  const leaves = fc.array(fc.record({ need: fc.constantFrom(...targets) }), { minLength: 1, maxLength: 4 });
  return leaves.chain((of) => fc.integer({ min: 1, max: of.length }).map((atLeast) => ({ atLeast, of })));
};
const anyMap = fc
  .tuple(anyNeed(names), ...names.slice(1).map((_, i) => fc.option(anyNeed(names.slice(0, i + 1)))))
  .map(([top, ...needs]) =>
    smallMap(Object.fromEntries(names.map((name, i) => [name, i === 0 ? null : (needs[i - 1] ?? null)])), {
      care: { needs: top },
    }),
  );

describe('why care is lost', () => {
  it('is told by components that alone suffice, none to spare; each way back brings it back, none to spare', () => {
    fc.assert(
      fc.property(anyMap, fc.uniqueArray(fc.constantFrom(...names), { maxLength: 6 }), (document, down) => {
        const graph = graphOf(compile(document));
        const node = (name: string) => graph.nodeOf(name) ?? -1;
        const isLost = (some: readonly number[]) => {
          const fresh = new Propagation(graph, 'up');
          fresh.set(some.map((one) => ({ node: one, state: 'down' })));
          return fresh.levelAt(node('care'), 0) === 0;
        };
        const lost = down.map(node);
        const propagation = new Propagation(graph, 'up');
        propagation.set(lost.map((one) => ({ node: one, state: 'down' })));
        const { enough, unless } = explain(propagation, node('care'), 0);
        if (!isLost(lost)) {
          expect({ enough, unless }).toEqual({ enough: [], unless: [] });
          return;
        }
        expect(isLost(enough)).toBe(true);
        for (const one of enough) expect(isLost(enough.filter((other) => other !== one))).toBe(false);
        expect(unless.length).toBeGreaterThan(0);
        // What needs something lost comes back with it.
        const rooted = lost.filter((one) => {
          const others = new Propagation(graph, 'up');
          others.set(lost.flatMap((other) => (other === one ? [] : [{ node: other, state: 'down' as const }])));
          return others.levelAt(one, 0) !== 0;
        });
        for (const way of unless) {
          const without = (back: readonly number[]) => rooted.filter((one) => !back.includes(one));
          expect(isLost(without(way))).toBe(false);
          for (const one of way) expect(isLost(without(way.filter((other) => other !== one)))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is found in few trials of a long list', () => {
    const list = Array.from({ length: 10_000 }, (_, i) => i);
    let trials = 0;
    const found = minimal(list, (some) => {
      trials += 1;
      return some.includes(17) && some.includes(9_000);
    });
    expect(found.toSorted((a, b) => a - b)).toEqual([17, 9_000]);
    expect(trials).toBeLessThan(40);
  });
});
