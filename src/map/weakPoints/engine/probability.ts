import type { SolvedModule, SolvedTree } from './solve.ts';

interface WithProbabilities {
  module: SolvedModule;
  /** Of each node of the module's diagram. */
  values: Float64Array;
  /** Of each level's variable. */
  leafProbability: readonly number[];
}

/**
 * The exact probability of the tree, its events being independent: Shannon's decomposition along each module's diagram. `of`
 * gives the probability of an event by its index.
 */
export function probabilityOf(tree: SolvedTree, of: (event: number) => number): number {
  const top = modulesWithProbabilities(tree, of).at(-1);
  const whole = top === undefined ? 0 : (top.values[top.module.failure.root >> 1] ?? 0);
  return tree.trueAtRest ? 1 - whole : whole;
}

export function modulesWithProbabilities(tree: SolvedTree, of: (event: number) => number): WithProbabilities[] {
  const ofNode = new Map<number, number>();
  return tree.modules.map((module) => {
    const leafProbability = module.leaves.map((leaf) => {
      const found = tree.graph.nodes[leaf];
      return found?.kind === 'event' ? of(found.inputs[0] ?? 0) : (ofNode.get(leaf) ?? 0);
    });
    const { variable, high, low, root } = module.failure;
    const values = new Float64Array(variable.length);
    for (let node = 1; node < variable.length; node += 1) {
      const p = leafProbability[variable[node] ?? 0] ?? 0;
      values[node] = p * chance(values, high[node] ?? 0) + (1 - p) * chance(values, low[node] ?? 0);
    }
    // A module's own diagram is false at rest: its root is a plain edge.
    ofNode.set(module.node, values[root >> 1] ?? 0);
    return { module, values, leafProbability };
  });
}

export function chance(values: Float64Array, edge: number): number {
  const value = values[edge >> 1] ?? 0;
  return (edge & 1) === 1 ? 1 - value : value;
}
