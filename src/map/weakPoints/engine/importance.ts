import { chance, modulesWithProbabilities } from './probability.ts';
import type { SolvedTree } from './solve.ts';

/**
 * Birnbaum's importance of each event (by index): how much the tree's probability grows with the event's own, ∂P/∂q, which is
 * also P(tree | it fails) − P(tree | it holds). One walk up for the probabilities, one down for the derivatives, through the modules.
 */
export function birnbaumOf(tree: SolvedTree, of: (event: number) => number): Map<number, number> {
  const modules = modulesWithProbabilities(tree, of);
  const weightOf = new Map<number, number>();
  const top = modules.at(-1);
  if (top !== undefined) weightOf.set(top.module.node, tree.trueAtRest ? -1 : 1);
  const found = new Map<number, number>();
  for (const { module, values, leafProbability } of modules.toReversed()) {
    const { variable, high, low, root } = module.failure;
    const slope = new Float64Array(variable.length);
    const ofLeaf = new Float64Array(module.leaves.length);
    const give = (edge: number, share: number): void => {
      slope[edge >> 1] = (slope[edge >> 1] ?? 0) + ((edge & 1) === 1 ? -share : share);
    };
    give(root, weightOf.get(module.node) ?? 0);
    for (let node = variable.length - 1; node > 0; node -= 1) {
      const level = variable[node] ?? 0;
      const own = slope[node] ?? 0;
      const p = leafProbability[level] ?? 0;
      give(high[node] ?? 0, own * p);
      give(low[node] ?? 0, own * (1 - p));
      ofLeaf[level] = (ofLeaf[level] ?? 0) + own * (chance(values, high[node] ?? 0) - chance(values, low[node] ?? 0));
    }
    module.leaves.forEach((leaf, level) => {
      const node = tree.graph.nodes[leaf];
      if (node?.kind === 'event') found.set(node.inputs[0] ?? 0, ofLeaf[level] ?? 0);
      else weightOf.set(leaf, ofLeaf[level] ?? 0);
    });
  }
  return found;
}
