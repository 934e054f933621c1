import { compacted, type Diagram } from '../diagrams/diagram.ts';
import { BudgetSpent } from '../diagrams/nodeTable.ts';
import { ShortSets } from '../diagrams/shortSets.ts';
import type { Module } from '../gates/modules.ts';
import { orderingsFor } from './orders.ts';
import { type Budget, levelsMax, type ModuleSets, type PreparedTree, type SolvedTree } from './solve.ts';

/** Nodes of one attempt. */
const nodesOfAttempt = 4_000_000;

/**
 * The minimal sets of a coherent tree that hold at most `room` events, made gate by gate without a diagram of the function: what
 * remains possible where no order lets that one fit. None above `room` is there, and none up to it is missing. Throws `BudgetSpent`.
 */
export function truncated(tree: PreparedTree, room: number, budget: Budget): SolvedTree<ModuleSets> {
  // The events of the smallest set of each module; more than the room where there is none within it.
  const least = new Map<number, number>();
  const modules = tree.modules.map((module): ModuleSets => {
    const found = shortModule(tree, module, least, room, budget);
    least.set(module.node, smallest(found, least, room));
    return found;
  });
  return { graph: tree.graph, trueAtRest: tree.trueAtRest, modules };
}

function shortModule(
  tree: PreparedTree,
  module: Module,
  least: ReadonlyMap<number, number>,
  room: number,
  budget: Budget,
): ModuleSets {
  if (module.leaves.length > levelsMax) throw new BudgetSpent(`more than ${levelsMax} events in one module`);
  for (const order of orderingsFor(tree.graph, module)) {
    if (budget.nodesLeft <= 0) break;
    const leaves = order();
    const sets = new ShortSets(
      Math.min(nodesOfAttempt, budget.nodesLeft),
      leaves.map((leaf) => least.get(leaf) ?? 1),
    );
    try {
      return { node: module.node, leaves, solutions: shortSolutions(tree, module, leaves, sets, room) };
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
    } finally {
      budget.nodesLeft -= sets.families.table.count;
    }
  }
  throw new BudgetSpent(`minimal sets of at most ${room} events`);
}

function shortSolutions(
  { graph, phase }: PreparedTree,
  module: Module,
  leaves: readonly number[],
  sets: ShortSets,
  room: number,
): Diagram {
  const families = new Map<number, number>();
  leaves.forEach((leaf, level) => {
    families.set((leaf << 1) | (phase[leaf] ?? 0), sets.variable(level, room));
  });
  const familyOf = (literal: number): number => {
    const family = families.get(literal);
    if (family === undefined) throw new Error('weak points: a coherent tree uses an event negated');
    return family;
  };
  const { table } = sets.families;
  const own = (module.node << 1) | (phase[module.node] ?? 0);
  for (const literal of signedGates(graph.nodes, module, own)) {
    const { kind, inputs, atLeast } = graph.nodes[literal >> 1] ?? { kind: 'and', inputs: [], atLeast: 0 };
    const below = inputs.map((input) => familyOf(input ^ (literal & 1)));
    below.sort((one, other) => table.variable(other) - table.variable(one));
    const many = kind === 'and' ? inputs.length : atLeast;
    // Not at least k of n is at least n − k + 1 of the negations.
    families.set(literal, sets.atLeast((literal & 1) === 0 ? many : inputs.length - many + 1, below, room));
  }
  return compacted(table, familyOf(own), 2, 0);
}

/** The gates of the module, with the signs they are used with, each after its inputs. */
function signedGates(nodes: PreparedTree['graph']['nodes'], module: Module, own: number): number[] {
  const gates = new Set(module.gates);
  const used = new Set([own]);
  for (const gate of module.gates.toReversed()) {
    for (const literal of [gate << 1, (gate << 1) | 1]) {
      if (!used.has(literal)) continue;
      for (const input of nodes[gate]?.inputs ?? []) if (gates.has(input >> 1)) used.add(input ^ (literal & 1));
    }
  }
  return module.gates.flatMap((gate) => [gate << 1, (gate << 1) | 1].filter((literal) => used.has(literal)));
}

function smallest({ leaves, solutions }: ModuleSets, least: ReadonlyMap<number, number>, room: number): number {
  const sizes = new Float64Array(solutions.variable.length);
  sizes[0] = room + 1;
  for (let node = 2; node < sizes.length; node += 1) {
    const own = least.get(leaves[solutions.variable[node] ?? 0] ?? 0) ?? 1;
    sizes[node] = Math.min(sizes[solutions.low[node] ?? 0] ?? 0, (sizes[solutions.high[node] ?? 0] ?? 0) + own);
  }
  return sizes[solutions.root] ?? 0;
}
