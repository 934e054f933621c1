import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GateGraph } from '../gates/graph.ts';
import { type Analysis, analysed } from './analyse.ts';
import { setsOfSize } from './cutSets.ts';
import { birnbaumOf } from './importance.ts';
import { probabilityOf } from './probability.ts';
import { prepared } from './solve.ts';
import { truncated } from './truncated.ts';

const many = 6;
/** Each gate takes earlier things: an event by its index, or a gate made before, perhaps negated. */
interface Gate {
  kind: 'and' | 'or' | 'atLeast' | 'xor';
  atLeast: number;
  inputs: { at: number; negated: boolean }[];
}
const gatesOf = (coherent: boolean): fc.Arbitrary<Gate[]> =>
  fc.array(
    fc.record({
      kind: coherent ? fc.constantFrom('and', 'or', 'atLeast') : fc.constantFrom('and', 'or', 'atLeast', 'xor'),
      atLeast: fc.integer({ min: 0, max: 4 }),
      inputs: fc.array(fc.record({ at: fc.nat(40), negated: coherent ? fc.constant(false) : fc.boolean() }), {
        minLength: 2,
        maxLength: 4,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  );

function graphOf(gates: readonly Gate[]): { graph: GateGraph; root: number } {
  const graph = new GateGraph();
  const made = Array.from({ length: many }, (_, event) => graph.event(event));
  for (const { kind, atLeast, inputs } of gates) {
    const literals = inputs.map(({ at, negated }) => (made[at % made.length] ?? 0) ^ (negated ? 1 : 0));
    if (kind === 'atLeast') made.push(graph.atLeast(atLeast, literals));
    else if (kind === 'xor') made.push(graph.xor(literals[0] ?? 0, literals[1] ?? 0));
    else made.push(graph[kind](literals));
  }
  return { graph, root: made.at(-1) ?? 0 };
}

/** The gates read again, by their words alone: truth of the last where the events of `mask` fail. */
function truth(gates: readonly Gate[], mask: number): boolean {
  const made = Array.from({ length: many }, (_, event) => ((mask >> event) & 1) === 1);
  for (const { kind, atLeast, inputs } of gates) {
    const values = inputs.map(({ at, negated }) => (made[at % made.length] ?? false) !== negated);
    const trues = values.filter(Boolean).length;
    if (kind === 'and') made.push(trues === values.length);
    else if (kind === 'or') made.push(trues > 0);
    else if (kind === 'atLeast') made.push(trues >= atLeast);
    else made.push(values[0] !== values[1]);
  }
  return made.at(-1) ?? false;
}

const masks = Array.from({ length: 1 << many }, (_, mask) => mask);
const eventsOf = (mask: number): number[] => [...Array(many).keys()].filter((event) => ((mask >> event) & 1) === 1);
const sizeOf = (mask: number): number => eventsOf(mask).length;

/** Sets of failures that make it true where none of their parts does: by trying all of them. */
function minimalByTrial(gates: readonly Gate[]): number[] {
  const failing = masks.filter((mask) => truth(gates, mask));
  return failing.filter((mask) => !failing.some((other) => other !== mask && (other & mask) === other));
}
const chances = [0.1, 0.5, 0.03, 0.9, 0.25, 0.7];
const chanceOf = (event: number): number => chances[event] ?? 0;
const probabilityByTrial = (gates: readonly Gate[], chance = chanceOf): number =>
  masks
    .filter((mask) => truth(gates, mask))
    .reduce(
      (sum, mask) =>
        sum +
        [...Array(many).keys()].reduce(
          (product, event) => product * (((mask >> event) & 1) === 1 ? chance(event) : 1 - chance(event)),
          1,
        ),
      0,
    );

const countsBySize = (sets: readonly number[], upTo = many): number[] =>
  Array.from({ length: upTo + 1 }, (_, size) => sets.filter((mask) => sizeOf(mask) === size).length);
const padded = (counts: readonly bigint[], upTo = many): number[] =>
  Array.from({ length: upTo + 1 }, (_, size) => Number(counts[size] ?? 0n));
const whole = ({ whole: tree }: Analysis) => {
  if (tree === null) throw new Error('not solved');
  return tree;
};
const budget = () => ({ nodesLeft: 100_000 });

describe('fault trees, beside all sets of failures tried one by one', () => {
  it.each([
    ['coherent', gatesOf(true)],
    ['with negations', gatesOf(false)],
  ])('%s: minimal sets, their counts, the probability and what each event weighs in it', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (gates) => {
        const { graph, root } = graphOf(gates);
        const analysis = analysed(graph, root, many, budget());
        const expected = minimalByTrial(gates);
        expect(padded(analysis.counts)).toEqual(countsBySize(expected));
        const listed = [...Array(many + 1).keys()].flatMap((size) => setsOfSize(analysis.sets, size, 1_000));
        const sorted = (sets: number[][]) => sets.map((set) => set.toSorted((a, b) => a - b).join(' ')).sort();
        expect(sorted(listed)).toEqual(sorted(expected.map(eventsOf)));
        expect(probabilityOf(whole(analysis), chanceOf)).toBeCloseTo(probabilityByTrial(gates), 12);
        for (const [event, birnbaum] of birnbaumOf(whole(analysis), chanceOf)) {
          const certain = probabilityByTrial(gates, (one) => (one === event ? 1 : chanceOf(one)));
          const impossible = probabilityByTrial(gates, (one) => (one === event ? 0 : chanceOf(one)));
          expect(birnbaum).toBeCloseTo(certain - impossible, 12);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('without the diagram of a coherent tree: every set up to a size, none above', () => {
    fc.assert(
      fc.property(gatesOf(true), fc.integer({ min: 1, max: many }), (gates, room) => {
        const { graph, root } = graphOf(gates);
        const sets = truncated(prepared(graph, root), room, budget());
        const expected = minimalByTrial(gates).filter((mask) => sizeOf(mask) <= room);
        const listed = [...Array(room + 1).keys()].flatMap((size) => setsOfSize(sets, size, 1_000));
        const sorted = (found: number[][]) => found.map((set) => set.toSorted((a, b) => a - b).join(' ')).sort();
        expect(sorted(listed)).toEqual(sorted(expected.map(eventsOf)));
      }),
      { numRuns: 150 },
    );
  });

  it('counts past what a double holds', () => {
    // 60 pairs in series of three-way choices: 3^60 sets of 60 events.
    const graph = new GateGraph();
    const root = graph.and(
      Array.from({ length: 60 }, (_, at) => graph.or([0, 1, 2].map((event) => graph.event(3 * at + event)))),
    );
    expect(analysed(graph, root, 60, budget()).counts[60]).toBe(3n ** 60n);
  });

  it('stops at its budget and says to where it came', () => {
    const graph = new GateGraph();
    const event = (at: number): number => graph.event(at);
    const ring = Array.from({ length: 40 }, (_, at) =>
      graph.atLeast(
        3,
        [at, at + 7, at + 13, at + 19, at + 29].map((n) => event(n % 40)),
      ),
    );
    const root = graph.atLeast(4, ring);
    const { completeUpTo, whole: tree } = analysed(graph, root, 20, { nodesLeft: 30_000 });
    expect(tree).toBeNull();
    expect(completeUpTo).toBeLessThan(20);
  });
});
