import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import { type ComponentState, componentStates, type HospitalMap, type Need } from '../model.ts';
import { levelAt } from '../needs/signal.ts';
import { type History, suppliesOver } from '../needs/supplies.ts';
import { graphOf } from './build.ts';
import { Propagation } from './propagation.ts';

const names = Array.from({ length: 8 }, (_, i) => `c${i}`);
/** Things that may need one another in a ring. */
const ring = names.slice(2, 5);

const needOf = (targets: readonly string[], depth = 2): fc.Arbitrary<Need> => {
  const leaf = fc.record({ need: fc.constantFrom(...targets), graceSeconds: fc.constantFrom(0, 0, 3, 7, 60) });
  if (depth === 0) return leaf;
  const parts = fc.array(needOf(targets, depth - 1), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 2, arbitrary: leaf },
    { weight: 1, arbitrary: parts.map((all) => ({ all })) },
    { weight: 1, arbitrary: parts.map((any) => ({ any })) },
    {
      weight: 1,
      arbitrary: parts.chain((of) => fc.integer({ min: 1, max: of.length }).map((k) => ({ atLeast: k, of }))),
    },
  );
};

/** Each needs some before it; those of the ring also one another. */
const anyMap: fc.Arbitrary<HospitalMap> = fc
  .record({
    needs: fc.tuple(
      ...names.slice(1).map((name, i) => {
        const before = names.slice(0, i + 1);
        const targets = ring.includes(name) ? [...new Set([...before, ...ring])].filter((one) => one !== name) : before;
        return fc.option(needOf(targets), { nil: null });
      }),
    ),
    care: fc.array(fc.option(needOf(names), { nil: undefined }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ needs, care }) => {
    const components = Object.fromEntries(names.map((name, i) => [name, i === 0 ? null : (needs[i - 1] ?? null)]));
    const map = smallMap(components, {});
    return {
      ...map,
      careFunctions: care.map((one, i) => ({
        ...smallMap({}, { [`f${i}`]: { needs: { need: 'c0' } } }).careFunctions[0],
        ...(one === undefined ? { needs: undefined } : { needs: one }),
      })) as HospitalMap['careFunctions'],
      startTogether: [{ id: 'group', name: { fr: 'Grappe' }, members: ring }],
    };
  });
const anyChange = fc.record({
  name: fc.constantFrom(...names),
  state: fc.option(fc.constantFrom(...componentStates), { nil: undefined }),
  since: fc.constantFrom(-10_000, 0, 0, 5_000),
});
const anyChanges = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
const instants = [
  -11_000,
  -10_000,
  0,
  1,
  2_999,
  3_000,
  7_000,
  12_000,
  60_000,
  67_000,
  200_000,
  Number.POSITIVE_INFINITY,
];

type Told = Map<string, { state: ComponentState; since: number }>;
const historiesOf = (told: Told) =>
  new Map(
    [...told].map(([id, { state, since }]): [string, History] => [
      id,
      [
        { at: Number.NEGATIVE_INFINITY, to: 'up' },
        { at: since, to: state },
      ],
    ]),
  );

function settledAfter(
  propagation: Propagation,
  changes: readonly (readonly { name: string; state: ComponentState | undefined; since: number }[])[],
) {
  const told: Told = new Map();
  for (const batch of changes) {
    for (const { name, state, since } of batch) {
      if (state === undefined) told.delete(name);
      else told.set(name, { state, since });
    }
    propagation.set(batch.map((one) => ({ ...one, node: propagation.graph.nodeOf(one.name) ?? -1 })));
  }
  return told;
}

describe('the levels of a graph, after any changes', () => {
  for (const missing of ['up', 'unknown'] as const) {
    it(`are those of the whole history, what is not told being ${missing}`, () => {
      fc.assert(
        fc.property(anyMap, anyChanges, (document, changes) => {
          fc.pre(mapProblems(document).every(({ code }) => code !== 'needs-itself'));
          const map = compile(document);
          const propagation = new Propagation(graphOf(map), missing);
          const told = settledAfter(propagation, changes);
          const supplies = suppliesOver(map, historiesOf(told), missing);
          for (const id of map.order) {
            const node = propagation.graph.nodeOf(id) ?? -1;
            for (const instant of instants) {
              expect([id, instant, propagation.levelAt(node, instant)]).toEqual([
                id,
                instant,
                levelAt(supplies.of(id), instant),
              ]);
            }
          }
        }),
        { numRuns: 400 },
      );
    });
  }

  it('are those found from nothing', () => {
    fc.assert(
      fc.property(anyMap, anyChanges, (document, changes) => {
        fc.pre(mapProblems(document).every(({ code }) => code !== 'needs-itself'));
        const graph = graphOf(compile(document));
        const propagation = new Propagation(graph, 'unknown');
        const told = settledAfter(propagation, changes);
        const fresh = new Propagation(graph, 'unknown');
        fresh.set([...told].map(([id, one]) => ({ node: graph.nodeOf(id) ?? -1, ...one })));
        const limits = (one: Propagation) =>
          Array.from({ length: graph.size }, (_, node) =>
            ([0, 1, 2, 3] as const).map((which) => one.limit(node, which)),
          );
        expect(limits(propagation)).toEqual(limits(fresh));
      }),
      { numRuns: 300 },
    );
  });
});
