import { BudgetSpent } from '../diagrams/nodeTable.ts';
import { roomMax } from '../diagrams/shortSets.ts';
import type { GateGraph } from '../gates/graph.ts';
import { countsOf } from './counts.ts';
import { type Budget, type ModuleSets, prepared, type SolvedTree, solved } from './solve.ts';
import { truncated } from './truncated.ts';

export interface Analysis {
  coherent: boolean;
  /** Minimal sets by size: index k, those of k events; up to `completeUpTo` where that is a number. */
  counts: readonly bigint[];
  /** Every minimal set of at most so many events is there; null: every one there is. */
  completeUpTo: number | null;
  sets: SolvedTree<ModuleSets>;
  /** The whole function, where it fits: probabilities need it. */
  whole: SolvedTree | null;
}

/**
 * A tree's minimal sets, all of them where the budget allows, else all up to the largest size it allows, `orderMax` at most:
 * that is said, and nothing is guessed.
 */
export function analysed(graph: GateGraph, root: number, orderMax: number, budget: Budget): Analysis {
  const tree = prepared(graph, root);
  const { coherent } = tree;
  // A part of the budget is kept for what remains possible without it.
  const forWhole = { nodesLeft: Math.ceil(budget.nodesLeft * 0.8) };
  const before = forWhole.nodesLeft;
  const whole = within(() => solved(tree, forWhole));
  budget.nodesLeft -= before - forWhole.nodesLeft;
  if (whole !== undefined) return { coherent, counts: countsOf(whole), completeUpTo: null, sets: whole, whole };
  let best: Analysis = {
    coherent,
    counts: [],
    completeUpTo: 0,
    sets: { graph, trueAtRest: tree.trueAtRest, modules: [] },
    whole: null,
  };
  if (!coherent) return best;
  for (let room = 1; room <= Math.min(orderMax, roomMax); room += 1) {
    const sets = within(() => truncated(tree, room, budget));
    if (sets === undefined) break;
    best = { coherent, counts: countsOf(sets).slice(0, room + 1), completeUpTo: room, sets, whole: null };
  }
  return best;
}

function within<Value>(attempt: () => Value): Value | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BudgetSpent) return undefined;
    throw error;
  }
}
