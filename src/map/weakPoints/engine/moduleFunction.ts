import { type Bdd, certain, impossible } from '../diagrams/bdd.ts';
import type { GateGraph } from '../gates/graph.ts';
import type { Module } from '../gates/modules.ts';

/**
 * The diagram of a module's gate, its leaves being the variables in the order given. `phase` says which leaves are modules
 * true where nothing fails: their variable stands for their negation. Throws `BudgetSpent`.
 */
export function functionOf(
  graph: GateGraph,
  module: Module,
  order: readonly number[],
  phase: Uint8Array,
  bdd: Bdd,
  onGate: (gatesDone: number) => void,
): number {
  const edges = new Map<number, number>([[0, impossible]]);
  order.forEach((leaf, level) => {
    edges.set(leaf, bdd.variable(level) ^ (phase[leaf] ?? 0));
  });
  module.gates.forEach((gate, done) => {
    onGate(done);
    const { kind, inputs, atLeast } = graph.nodes[gate] ?? { kind: 'constant', inputs: [], atLeast: 0 };
    const below = inputs.map((literal) => (edges.get(literal >> 1) ?? impossible) ^ (literal & 1));
    // Deepest first: what is built so far stays below what is still to come.
    below.sort((one, other) => bdd.table.variable(other >> 1) - bdd.table.variable(one >> 1));
    const [first = impossible, second = impossible] = below;
    if (kind === 'and')
      edges.set(
        gate,
        below.reduce((one, other) => bdd.and(one, other), certain),
      );
    else if (kind === 'xor') edges.set(gate, bdd.or(bdd.and(first, second ^ 1), bdd.and(first ^ 1, second)));
    else edges.set(gate, atLeastOf(bdd, atLeast, below));
  });
  return edges.get(module.node) ?? impossible;
}

/** Row k holds "at least k of the edges so far"; the next edge either adds one or does not. */
function atLeastOf(bdd: Bdd, many: number, edges: readonly number[]): number {
  const rows = [certain, ...new Array<number>(many).fill(impossible)];
  for (const edge of edges) {
    for (let k = many; k > 0; k -= 1) {
      rows[k] = bdd.or(rows[k] ?? impossible, bdd.and(edge, rows[k - 1] ?? impossible));
    }
  }
  return rows[many] ?? impossible;
}
