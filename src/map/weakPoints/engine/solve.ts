import { Bdd } from '../diagrams/bdd.ts';
import { compacted, type Diagram } from '../diagrams/diagram.ts';
import { BudgetSpent } from '../diagrams/nodeTable.ts';
import { Zbdd } from '../diagrams/zbdd.ts';
import { coalesced } from '../gates/coalesce.ts';
import { isCoherent } from '../gates/coherence.ts';
import type { GateGraph } from '../gates/graph.ts';
import { grouped } from '../gates/group.ts';
import { type Module, modulesOf } from '../gates/modules.ts';
import { trueAtRest } from '../gates/phase.ts';
import { minimalSolutions } from './minimal.ts';
import { functionOf } from './moduleFunction.ts';
import { orderingsFor } from './orders.ts';

/** A tree made ready: coalesced, cut into modules, each after those it uses and the whole last; none where it is a constant. */
export interface PreparedTree {
  graph: GateGraph;
  modules: readonly Module[];
  coherent: boolean;
  /** True even where nothing fails: then nothing below matters to the minimal sets. */
  trueAtRest: boolean;
  /** Per node, 1 where its variable stands for its negation, so that a module's function is false where nothing fails. */
  phase: Uint8Array;
}

/** The minimal sets that make a module true. */
export interface ModuleSets {
  node: number;
  /** Node of each level: a basic event, or a module solved earlier. */
  leaves: readonly number[];
  solutions: Diagram;
}
export interface SolvedModule extends ModuleSets {
  /** Its whole function. */
  failure: Diagram;
}

/** `Sets` is `ModuleSets` where only the sets are known. */
export interface SolvedTree<Sets extends ModuleSets = SolvedModule> {
  graph: GateGraph;
  trueAtRest: boolean;
  modules: readonly Sets[];
}

/** What may still be made: every attempt takes its nodes from it, and none goes on without. */
export interface Budget {
  nodesLeft: number;
}

/** Nodes given to each attempt of a round: what is easy with one order costs little, what is hard with all is tried longer. */
const nodesOfRounds = [20_000, 120_000, 700_000, 4_000_000, 16_000_000];
/** From this round on, only the half of the orders that came farthest is tried again, farthest first. */
const roundOfAll = 120_000;
/** Each level may be a call inside a call: more would exhaust the stack. */
export const levelsMax = 2_000;

interface Attempt {
  /** Made when it is first tried: the first order tried is often enough. */
  order(): readonly number[];
  leaves?: readonly number[];
  /** Gates whose diagram was made within the last round's nodes. */
  progress: number;
}

export function prepared(given: GateGraph, givenRoot: number): PreparedTree {
  const flat = coalesced(given, givenRoot);
  const { graph, root } = grouped(flat.graph, flat.root);
  const phase = trueAtRest(graph);
  return {
    graph,
    modules: root <= 1 ? [] : modulesOf(graph, root),
    coherent: isCoherent(graph, root),
    trueAtRest: ((phase[root >> 1] ?? 0) ^ (root & 1)) === 1,
    phase,
  };
}

/** The whole tree, by diagrams. Throws `BudgetSpent`. */
export function solved(tree: PreparedTree, budget: Budget): SolvedTree {
  const modules = tree.modules.map((module) => solvedModule(tree, module, budget));
  return { graph: tree.graph, trueAtRest: tree.trueAtRest, modules };
}

function solvedModule(tree: PreparedTree, module: Module, budget: Budget): SolvedModule {
  if (module.leaves.length > levelsMax) throw new BudgetSpent(`more than ${levelsMax} events in one module`);
  let tried: Attempt[] = orderingsFor(tree.graph, module).map((order) => ({ order, progress: 0 }));
  for (const nodesMax of nodesOfRounds) {
    for (const attempt of tried) {
      const found = attempted(tree, module, attempt, budget, nodesMax);
      if (found !== undefined) return found;
    }
    if (nodesMax >= roundOfAll) tried = farthest(tried, module.gates.length);
  }
  throw new BudgetSpent(`a module of ${module.leaves.length} events`);
}

function attempted(
  { graph, phase, coherent }: PreparedTree,
  module: Module,
  attempt: Attempt,
  budget: Budget,
  nodesMax: number,
): SolvedModule | undefined {
  if (budget.nodesLeft <= 0) throw new BudgetSpent('no nodes left');
  attempt.leaves ??= attempt.order();
  const { leaves } = attempt;
  const bdd = new Bdd(Math.min(nodesMax, budget.nodesLeft));
  const families = new Zbdd(Math.min(nodesMax, budget.nodesLeft));
  try {
    const edge = functionOf(graph, module, leaves, phase, bdd, (gatesDone) => {
      attempt.progress = gatesDone;
    });
    const failure = compacted(bdd.table, edge ^ (phase[module.node] ?? 0), 1, 1);
    const sets = minimalSolutions(failure, families, coherent);
    const solutions = compacted(families.table, sets, 2, 0);
    return { node: module.node, leaves, failure, solutions };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return undefined;
  } finally {
    budget.nodesLeft -= bdd.table.count + families.table.count;
  }
}

/** Orders that came as far within a twentieth of the gates are left in their own order. */
function farthest(tried: readonly Attempt[], gates: number): Attempt[] {
  const rank = ({ progress }: Attempt): number => Math.round((20 * progress) / gates);
  return tried.toSorted((one, other) => rank(other) - rank(one)).slice(0, Math.ceil(tried.length / 2));
}
