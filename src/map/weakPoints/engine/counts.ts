import type { Diagram } from '../diagrams/diagram.ts';
import type { ModuleSets, SolvedTree } from './solve.ts';

/** How many minimal sets there are of each size: index k, those of k events. Exact. */
export function countsOf(tree: SolvedTree<ModuleSets>): bigint[] {
  if (tree.trueAtRest) return [1n];
  const ofNode = new Map<number, bigint[]>();
  let whole: bigint[] = [];
  for (const { node, leaves, solutions } of tree.modules) {
    whole = familyCounts(
      solutions,
      leaves.map((leaf) => ofNode.get(leaf) ?? [0n, 1n]),
    );
    ofNode.set(node, whole);
  }
  return whole;
}

/** Where every count stays below it, doubles are exact; they are several times quicker than big integers. */
const exactMax = 2 ** 53;

function familyCounts(family: Diagram, leaves: readonly (readonly bigint[])[]): bigint[] {
  const numbers = leaves.map((counts) => counts.map(Number));
  const sums = numbers.map((counts) => [counts.reduce((sum, one) => sum + one, 0)]);
  const [total = 0] = weighed(family, sums, { zero: 0, one: 1, plus: addNumbers, times: multiplyNumbers });
  if (total < exactMax) {
    const ring = { zero: 0, one: 1, plus: addNumbers, times: multiplyNumbers };
    return weighed(family, numbers, ring).map(BigInt);
  }
  return weighed(family, leaves, { zero: 0n, one: 1n, plus: (a, b) => a + b, times: (a, b) => a * b });
}

interface Ring<Value> {
  zero: Value;
  one: Value;
  plus(one: Value, other: Value): Value;
  times(one: Value, other: Value): Value;
}
const addNumbers = (one: number, other: number): number => one + other;
const multiplyNumbers = (one: number, other: number): number => one * other;

/** The sum over the sets of the product of their members' polynomials. A node's coefficients follow each other in one list. */
function weighed<Value>(family: Diagram, leaves: readonly (readonly Value[])[], ring: Ring<Value>): Value[] {
  const { variable, high, low, root } = family;
  const starts = new Int32Array(variable.length + 1);
  const all: Value[] = [ring.zero, ring.one];
  starts[1] = 1;
  starts[2] = 2;
  const lengthOf = (node: number): number => (starts[node + 1] ?? 0) - (starts[node] ?? 0);
  for (let node = 2; node < variable.length; node += 1) {
    const leaf = leaves[variable[node] ?? 0] ?? [];
    const [above, below] = [high[node] ?? 0, low[node] ?? 0];
    const start = all.length;
    const length = Math.max(lengthOf(above) + leaf.length - 1, lengthOf(below));
    for (let k = 0; k < length; k += 1) all.push(ring.zero);
    const [fromLow, fromHigh] = [starts[below] ?? 0, starts[above] ?? 0];
    for (let k = 0; k < lengthOf(below); k += 1) all[start + k] = all[fromLow + k] ?? ring.zero;
    for (let k = 0; k < lengthOf(above); k += 1) {
      const times = all[fromHigh + k] ?? ring.zero;
      leaf.forEach((weight, more) => {
        const at = start + k + more;
        all[at] = ring.plus(all[at] ?? ring.zero, ring.times(times, weight));
      });
    }
    starts[node + 1] = all.length;
  }
  return all.slice(starts[root], starts[root + 1]);
}
