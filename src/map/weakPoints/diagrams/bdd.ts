import { NodeTable, PairCache } from './nodeTable.ts';

/**
 * Binary decision diagrams with complement edges (Bryant 1986; Brace, Rudell and Bryant 1990). An edge is `2 × node + 1` where
 * it stands for the negation of its node. Low edges are never complemented, so a plain edge is exactly a function that is
 * false where every variable is false, and a coherent function holds no complemented edge at all: its probability is a
 * sum of products without subtraction. Variables are levels: 0 is asked first.
 */
export class Bdd {
  readonly table: NodeTable;
  readonly #and: PairCache;

  constructor(nodesMax: number) {
    this.table = new NodeTable(nodesMax);
    this.#and = new PairCache();
  }

  variable(level: number): number {
    return this.node(level, certain, impossible);
  }

  node(level: number, high: number, low: number): number {
    if (high === low) return high;
    const sign = low & 1;
    return (this.table.find(level, high ^ sign, low ^ sign) << 1) | sign;
  }

  and(one: number, two: number): number {
    if (one === two || two === certain) return one;
    if (one === certain) return two;
    if (one === impossible || two === impossible || one === (two ^ 1)) return impossible;
    const first = Math.min(one, two);
    const second = Math.max(one, two);
    const known = this.#and.get(first, second);
    if (known >= 0) return known;
    const { table } = this;
    const levelA = table.variable(first >> 1);
    const levelB = table.variable(second >> 1);
    const level = Math.min(levelA, levelB);
    const inA = levelA === level;
    const inB = levelB === level;
    const low = this.and(
      inA ? table.low(first >> 1) ^ (first & 1) : first,
      inB ? table.low(second >> 1) ^ (second & 1) : second,
    );
    const high = this.and(
      inA ? table.high(first >> 1) ^ (first & 1) : first,
      inB ? table.high(second >> 1) ^ (second & 1) : second,
    );
    const result = this.node(level, high, low);
    this.#and.set(first, second, result, table.count);
    return result;
  }

  or(one: number, two: number): number {
    return this.and(one ^ 1, two ^ 1) ^ 1;
  }
}

export const impossible = 0;
export const certain = 1;
