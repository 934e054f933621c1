import type { GateGraph } from '../gates/graph.ts';
import { gateInputs, type Module } from '../gates/modules.ts';

type Ordering = (graph: GateGraph, module: Module, facts: Facts) => number[];

/** A leaf weighed again after each leaf: with more edges × leaves than this, those orders are left out. */
const weighingMax = 2_000_000;

/** Ways to order a module's leaves, the most often lucky first, as seen on published trees. No single one suits all. */
export function orderingsFor(graph: GateGraph, module: Module): (() => number[])[] {
  const facts = factsOf(graph, module);
  const edges = module.gates.reduce((sum, gate) => sum + gateInputs(graph, gate).length, 0);
  const suited = orderings.filter(({ weighs }) => !weighs || edges * module.leaves.length <= weighingMax);
  return suited.map(
    ({ order }) =>
      () =>
        order(graph, module, facts),
  );
}

const orderings: readonly { order: Ordering; weighs: boolean }[] = [
  { order: (graph, module, { size }) => depthFirst(graph, module, sortedBy(size)), weighs: false },
  { order: byWeight, weighs: true },
  { order: (graph, module) => force(graph, module, byWeight(graph, module)), weighs: true },
  { order: (graph, module, { uses }) => depthFirst(graph, module, sortedBy(uses)), weighs: false },
  {
    order: (graph, module, { size }) => depthFirst(graph, module, (all) => sortedBy(size)(all).toReversed()),
    weighs: false,
  },
  { order: (graph, module) => depthFirst(graph, module, (all) => all), weighs: false },
  {
    order: (graph, module) =>
      force(
        graph,
        module,
        depthFirst(graph, module, (all) => all),
      ),
    weighs: true,
  },
  { order: (graph, module) => depthFirst(graph, module, (all) => all.toReversed()), weighs: false },
];

const sortedBy =
  (values: ReadonlyMap<number, number>) =>
  (inputs: readonly number[]): number[] =>
    inputs.toSorted((one, other) => (values.get(other >> 1) ?? 0) - (values.get(one >> 1) ?? 0));

interface Facts {
  /** How many gates of the module use each node. */
  uses: ReadonlyMap<number, number>;
  /** Edges below each node, counted again for each way down. */
  size: ReadonlyMap<number, number>;
}

function factsOf(graph: GateGraph, module: Module): Facts {
  const [uses, size] = [new Map<number, number>(), new Map<number, number>()];
  for (const leaf of module.leaves) size.set(leaf, 1);
  for (const gate of module.gates) {
    let sum = 0;
    for (const input of gateInputs(graph, gate)) {
      const below = input >> 1;
      uses.set(below, (uses.get(below) ?? 0) + 1);
      sum += size.get(below) ?? 0;
    }
    size.set(gate, sum);
  }
  return { uses, size };
}

function depthFirst(
  graph: GateGraph,
  module: Module,
  sorted: (inputs: readonly number[]) => readonly number[],
): number[] {
  const leaves = new Set(module.leaves);
  const seen = new Set<number>();
  const found: number[] = [];
  const stack = [module.node];
  while (stack.length > 0) {
    const node = stack.pop() ?? 0;
    if (seen.has(node)) continue;
    seen.add(node);
    if (leaves.has(node)) found.push(node);
    else for (const input of sorted(gateInputs(graph, node)).toReversed()) stack.push(input >> 1);
  }
  return found;
}

/**
 * The leaf that weighs most first, where the top weighs 1 and each gate shares its weight among its inputs; then again
 * without that leaf (Minato, Ishiura and Yajima 1990, "Shared binary decision diagram with attributed edges").
 */
function byWeight(graph: GateGraph, module: Module): number[] {
  const at = new Map([...module.leaves, ...module.gates].map((node, index) => [node, index]));
  const leaves = module.leaves.length;
  const inputs = module.gates.map((gate) => gateInputs(graph, gate).map((input) => at.get(input >> 1) ?? 0));
  const gone = new Uint8Array(at.size);
  const weight = new Float64Array(at.size);
  const found: number[] = [];
  while (found.length < leaves) {
    weight.fill(0);
    weight[at.size - 1] = 1;
    for (let gate = inputs.length - 1; gate >= 0; gate -= 1) {
      const own = weight[leaves + gate] ?? 0;
      const left = (inputs[gate] ?? []).filter((input) => gone[input] === 0);
      for (const input of left) weight[input] = (weight[input] ?? 0) + own / left.length;
    }
    let heaviest = -1;
    for (let leaf = 0; leaf < leaves; leaf += 1) {
      if (gone[leaf] === 0 && (heaviest < 0 || (weight[leaf] ?? 0) > (weight[heaviest] ?? 0))) heaviest = leaf;
    }
    gone[heaviest] = 1;
    found.push(module.leaves[heaviest] ?? 0);
    inputs.forEach((list, gate) => {
      if (list.every((input) => gone[input] === 1)) gone[leaves + gate] = 1;
    });
  }
  return found;
}

/** Pulls together what the same gates use: each thing moves to the mean of its gates' centres (Aloul, Markov and Sakallah 2003, "FORCE"). */
function force(graph: GateGraph, module: Module, start: readonly number[]): number[] {
  const place = new Map(start.map((leaf, index) => [leaf, index]));
  const centre = (nodes: readonly number[]): number =>
    nodes.reduce((sum, node) => sum + (place.get(node) ?? 0), 0) / nodes.length;
  const edges = module.gates.map((gate) => [gate, ...gateInputs(graph, gate).map((input) => input >> 1)]);
  for (const gate of module.gates) place.set(gate, centre(gateInputs(graph, gate).map((input) => input >> 1)));
  let leaves = [...start];
  for (let round = 0; round < 60; round += 1) {
    const [sum, many] = [new Map<number, number>(), new Map<number, number>()];
    for (const edge of edges) {
      const middle = centre(edge);
      for (const node of edge) {
        sum.set(node, (sum.get(node) ?? 0) + middle);
        many.set(node, (many.get(node) ?? 0) + 1);
      }
    }
    const wanted = (node: number): number => (sum.get(node) ?? 0) / (many.get(node) ?? 1);
    const all = [...place.keys()].sort((a, b) => wanted(a) - wanted(b));
    all.forEach((node, index) => {
      place.set(node, index);
    });
    const isLeaf = new Set(leaves);
    leaves = all.filter((node) => isLeaf.has(node));
  }
  return leaves;
}
