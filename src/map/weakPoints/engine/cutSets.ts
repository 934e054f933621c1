import type { Diagram } from '../diagrams/diagram.ts';
import type { ModuleSets, SolvedTree } from './solve.ts';

/** The minimal sets of a size, as events by index, at most `listedMax` of them. */
export function setsOfSize(tree: SolvedTree<ModuleSets>, size: number, listedMax: number): number[][] {
  const found: number[][] = [];
  if (tree.trueAtRest) return size === 0 ? [[]] : [];
  const top = tree.modules.at(-1);
  if (top === undefined) return found;
  const listing = new Listing(tree);
  for (const set of listing.module(top.node, size, size)) {
    if (found.length >= listedMax) break;
    found.push(set);
  }
  return found;
}

interface Bounded {
  module: ModuleSets;
  /** Events of the smallest and of the largest set below each node. */
  least: Float64Array;
  most: Float64Array;
}

/** Walks the families of the modules, leaving out at once what is too small or too large. */
class Listing {
  readonly #tree: SolvedTree<ModuleSets>;
  readonly #bounded = new Map<number, Bounded>();

  constructor(tree: SolvedTree<ModuleSets>) {
    this.#tree = tree;
    for (const module of tree.modules) this.#bounded.set(module.node, this.#bounds(module));
  }

  *module(node: number, least: number, most: number): Generator<number[]> {
    const bounded = this.#bounded.get(node);
    if (bounded !== undefined) yield* this.#family(bounded, bounded.module.solutions.root, least, most);
  }

  *#family(bounded: Bounded, node: number, least: number, most: number): Generator<number[]> {
    if (node === 0 || (bounded.least[node] ?? 0) > most || (bounded.most[node] ?? 0) < least) return;
    if (node === 1) return void (yield []);
    const { variable, high, low } = bounded.module.solutions;
    const leaf = bounded.module.leaves[variable[node] ?? 0] ?? 0;
    const above = high[node] ?? 0;
    const [restLeast, restMost] = [bounded.least[above] ?? 0, bounded.most[above] ?? 0];
    for (const own of this.#leaf(leaf, least - restMost, most - restLeast)) {
      for (const rest of this.#family(bounded, above, least - own.length, most - own.length)) yield [...own, ...rest];
    }
    yield* this.#family(bounded, low[node] ?? 0, least, most);
  }

  *#leaf(leaf: number, least: number, most: number): Generator<number[]> {
    const found = this.#tree.graph.nodes[leaf];
    if (found?.kind !== 'event') yield* this.module(leaf, least, most);
    else if (least <= 1 && most >= 1) yield [found.inputs[0] ?? 0];
  }

  #bounds(module: ModuleSets): Bounded {
    const { variable, high, low }: Diagram = module.solutions;
    const [least, most] = [new Float64Array(variable.length), new Float64Array(variable.length)];
    least[0] = Number.POSITIVE_INFINITY;
    most[0] = Number.NEGATIVE_INFINITY;
    for (let node = 2; node < variable.length; node += 1) {
      const inner = this.#bounded.get(module.leaves[variable[node] ?? 0] ?? 0);
      const root = inner?.module.solutions.root ?? 0;
      const [above, below] = [high[node] ?? 0, low[node] ?? 0];
      least[node] = Math.min(least[below] ?? 0, (least[above] ?? 0) + (inner?.least[root] ?? 1));
      most[node] = Math.max(most[below] ?? 0, (most[above] ?? 0) + (inner?.most[root] ?? 1));
    }
    return { module, least, most };
  }
}
