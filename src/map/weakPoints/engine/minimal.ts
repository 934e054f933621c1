import type { Diagram } from '../diagrams/diagram.ts';
import { PairCache } from '../diagrams/nodeTable.ts';
import type { Zbdd } from '../diagrams/zbdd.ts';

/**
 * The minimal sets of variables whose truth alone (all others false) makes the function true: minimal cut sets of a
 * coherent function (Rauzy, "New algorithms for fault trees analysis", Reliability Engineering and System Safety 40,
 * 1993), minimal positive parts of prime implicants otherwise (Dutuit and Rauzy 1997). Throws `BudgetSpent`.
 *
 * Of a coherent function, a set that holds a solution of another makes that other true: one walk down both, the sets
 * and the diagram, removes them, where Rauzy's operator compares two families twice at each node.
 */
export function minimalSolutions(failure: Diagram, families: Zbdd, coherent: boolean): number {
  const { variable: levels, high: highs, low: lows } = failure;
  const known = new Int32Array(levels.length).fill(-1);
  const falsified = falsifying(failure, families);
  const minimal = (edge: number): number => {
    // False where nothing fails is a plain edge: what is true then needs no failure.
    if ((edge & 1) === 1) return 1;
    if (edge === 0) return 0;
    const node = edge >> 1;
    const before = known[node] ?? -1;
    if (before >= 0) return before;
    const below = lows[node] ?? 0;
    const low = minimal(below);
    const withIt = minimal(highs[node] ?? 0);
    const high = coherent ? falsified(withIt, below) : families.without(withIt, low);
    const result = families.node(levels[node] ?? 0, high, low);
    known[node] = result;
    return result;
  };
  return minimal(failure.root);
}

/** The sets of a family that, alone true, leave the function false. */
function falsifying(failure: Diagram, families: Zbdd): (family: number, edge: number) => number {
  const { variable: levels, high: highs, low: lows } = failure;
  const sets = families.table;
  const known = new PairCache();
  const kept = (family: number, above: number): number => {
    const level = sets.variable(family);
    let edge = above;
    // Variables no set of the family holds are false.
    while ((levels[edge >> 1] ?? 0) < level) edge = (lows[edge >> 1] ?? 0) ^ (edge & 1);
    if (edge === 1 || family === 0) return 0;
    if (edge === 0) return family;
    const before = known.get(family, edge);
    if (before >= 0) return before;
    const node = edge >> 1;
    const sign = edge & 1;
    const asked = (levels[node] ?? 0) === level;
    const low = kept(sets.low(family), asked ? (lows[node] ?? 0) ^ sign : edge);
    const high = kept(sets.high(family), asked ? (highs[node] ?? 0) ^ sign : edge);
    const result = families.node(level, high, low);
    known.set(family, edge, result, sets.count);
    return result;
  };
  return kept;
}
