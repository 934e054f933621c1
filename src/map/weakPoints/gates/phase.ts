import type { GateGraph } from './graph.ts';

/** Per node, 1 where it is true while nothing fails. Only trees with negations have such nodes. */
export function trueAtRest(graph: GateGraph): Uint8Array {
  const values = new Uint8Array(graph.nodes.length);
  const truth = (literal: number): number => (values[literal >> 1] ?? 0) ^ (literal & 1);
  // A node is made after its inputs.
  graph.nodes.forEach(({ kind, inputs, atLeast }, node) => {
    if (kind === 'constant' || kind === 'event') return;
    const many = inputs.reduce((sum, input) => sum + truth(input), 0);
    values[node] = kind === 'xor' ? many & 1 : many >= atLeast ? 1 : 0;
  });
  return values;
}
