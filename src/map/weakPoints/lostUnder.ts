import { usesFrom } from './gates/coalesce.ts';
import type { GateGraph } from './gates/graph.ts';

/** One what-if per bit of a machine word. */
const lanes = 32;

/**
 * For each scenario (events failed together, all else holding) the roots it makes true, by index: a walk over the gates settles
 * 32 scenarios at once. `workMax`: gates looked at, in all; what is not reached is absent from the answer.
 */
export function lostUnder(
  graph: GateGraph,
  roots: readonly number[],
  scenarios: readonly (readonly number[])[],
  workMax: number,
): (readonly number[])[] {
  const order = orderOf(graph, roots);
  const words = new Int32Array(graph.nodes.length);
  const answers: number[][] = [];
  const word = (literal: number): number => (words[literal >> 1] ?? 0) ^ -(literal & 1);
  const passes = Math.min(Math.ceil(scenarios.length / lanes), Math.floor(workMax / Math.max(1, order.length)));
  for (let pass = 0; pass < passes; pass += 1) {
    const asked = scenarios.slice(pass * lanes, (pass + 1) * lanes);
    const failed = new Map<number, number>();
    asked.forEach((events, lane) => {
      for (const event of events) failed.set(event, (failed.get(event) ?? 0) | (1 << lane));
    });
    for (const node of order) words[node] = gateWord(graph, node, word, failed);
    asked.forEach((_, lane) => {
      answers.push(roots.flatMap((root, index) => (((word(root) >>> lane) & 1) === 1 ? [index] : [])));
    });
  }
  return answers;
}

/** Nodes below any of the roots, each after its inputs. */
function orderOf(graph: GateGraph, roots: readonly number[]): number[] {
  const needed = new Uint8Array(graph.nodes.length);
  for (const root of roots)
    if (needed[root >> 1] === 0) for (const node of usesFrom(graph, root).order) needed[node] = 1;
  // A node is made after its inputs.
  return [...needed.keys()].filter((node) => needed[node] === 1);
}

function gateWord(
  graph: GateGraph,
  node: number,
  word: (literal: number) => number,
  failed: ReadonlyMap<number, number>,
): number {
  const { kind, inputs, atLeast } = graph.nodes[node] ?? { kind: 'constant', inputs: [], atLeast: 0 };
  if (kind === 'constant') return 0;
  if (kind === 'event') return failed.get(inputs[0] ?? 0) ?? 0;
  if (kind === 'and') return inputs.reduce((all, input) => all & word(input), -1);
  if (kind === 'xor') return inputs.reduce((sum, input) => sum ^ word(input), 0);
  // Row k: the lanes where at least k of the inputs so far are true.
  const rows = new Int32Array(atLeast + 1);
  rows[0] = -1;
  for (const input of inputs) {
    for (let k = atLeast; k > 0; k -= 1) rows[k] = (rows[k] ?? 0) | (word(input) & (rows[k - 1] ?? 0));
  }
  return rows[atLeast] ?? 0;
}
