import { NodeTable, PairCache, terminalLevel } from './nodeTable.ts';

/**
 * Families of sets as zero-suppressed decision diagrams (Minato 1993). Family 0 is empty, family 1 holds the empty set
 * only; level 0 is asked first.
 */
export class Zbdd {
  readonly table: NodeTable;
  readonly #without = new PairCache();

  constructor(nodesMax: number) {
    this.table = new NodeTable(nodesMax);
    // Node 1 is the family of the empty set: a level below every variable's, so that no one asks for it.
    this.table.find(terminalLevel, 0, 0);
  }

  node(level: number, high: number, low: number): number {
    return high === 0 ? low : this.table.find(level, high, low);
  }

  /** The sets of `family` that contain no set of `others` (Rauzy 1993, "New algorithms for fault trees analysis"). */
  without(family: number, others: number): number {
    if (family === 0 || others === 0) return family;
    if (others === 1 || family === others) return 0;
    if (family === 1) return this.#holdsEmpty(others) ? 0 : 1;
    const known = this.#without.get(family, others);
    if (known >= 0) return known;
    const { table } = this;
    const level = table.variable(family);
    const other = table.variable(others);
    let result: number;
    if (other < level) result = this.without(family, table.low(others));
    else {
      const same = other === level;
      const rest = same ? table.low(others) : others;
      const low = this.without(table.low(family), rest);
      let high = this.without(table.high(family), rest);
      if (same) high = this.without(high, table.high(others));
      result = this.node(level, high, low);
    }
    this.#without.set(family, others, result, table.count);
    return result;
  }

  #holdsEmpty(family: number): boolean {
    let at = family;
    while (at > 1) at = this.table.low(at);
    return at === 1;
  }
}
