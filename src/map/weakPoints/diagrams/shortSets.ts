import { PairCache } from './nodeTable.ts';
import { Zbdd } from './zbdd.ts';

/** Orders above it are not asked for: operands and room share one key. */
export const roomMax = 60;

/**
 * Operations on families of minimal sets that forget at once whatever weighs more than `room`: the minimal sets of a coherent tree
 * up to an order are made of minimal sets up to that order alone, so nothing that counts is lost.
 */
export class ShortSets {
  readonly families: Zbdd;
  readonly #weights: readonly number[];
  readonly #or = new PairCache();
  readonly #and = new PairCache();
  readonly #cut = new PairCache();

  /** `weights`: per level, the events of the smallest set its variable stands for. */
  constructor(nodesMax: number, weights: readonly number[]) {
    this.families = new Zbdd(nodesMax);
    this.#weights = weights;
  }

  variable(level: number, room: number): number {
    return (this.#weights[level] ?? 1) <= room ? this.families.node(level, 1, 0) : 0;
  }

  /** The minimal sets of either family, both within the room already. */
  or(one: number, two: number): number {
    if (one === 0 || one === two) return two;
    if (two === 0) return one;
    if (one === 1 || two === 1) return 1;
    const first = Math.min(one, two);
    const second = Math.max(one, two);
    const known = this.#or.get(first, second);
    if (known >= 0) return known;
    const { families } = this;
    const { table } = families;
    const level = Math.min(table.variable(first), table.variable(second));
    const low = this.or(this.#low(first, level), this.#low(second, level));
    const high = this.or(this.#high(first, level), this.#high(second, level));
    const result = families.node(level, families.without(high, low), low);
    this.#or.set(first, second, result, table.count);
    return result;
  }

  /** The minimal unions of a set of each family, within the room. */
  and(one: number, two: number, room: number): number {
    if (one === 0 || two === 0 || room < 0) return 0;
    if (one === 1) return this.cut(two, room);
    if (two === 1 || one === two) return this.cut(one, room);
    const first = Math.min(one, two);
    const second = Math.max(one, two);
    const key = second * (roomMax + 1) + room;
    const known = this.#and.get(first, key);
    if (known >= 0) return known;
    const { families } = this;
    const { table } = families;
    const level = Math.min(table.variable(first), table.variable(second));
    const low = this.and(this.#low(first, level), this.#low(second, level), room);
    const left = room - (this.#weights[level] ?? 1);
    // With the variable there, each side may do with or without it.
    const withOne = this.or(this.#high(first, level), this.#low(first, level));
    const withTwo = this.or(this.#high(second, level), this.#low(second, level));
    const high = families.without(this.and(withOne, withTwo, left), low);
    const result = families.node(level, high, low);
    this.#and.set(first, key, result, table.count);
    return result;
  }

  /** At least so many of the families; row k holds "at least k of those so far", and the next one adds one or does not. */
  atLeast(many: number, families: readonly number[], room: number): number {
    if (many === families.length) return families.reduce((one, other) => this.and(one, other, room), 1);
    const rows = [1, ...new Array<number>(many).fill(0)];
    for (const family of families) {
      for (let k = many; k > 0; k -= 1) rows[k] = this.or(rows[k] ?? 0, this.and(family, rows[k - 1] ?? 0, room));
    }
    return rows[many] ?? 0;
  }

  /** The sets that weigh no more than the room. */
  cut(family: number, room: number): number {
    if (room < 0) return 0;
    if (family <= 1) return family;
    const known = this.#cut.get(family, room);
    if (known >= 0) return known;
    const { table } = this.families;
    const level = table.variable(family);
    const high = this.cut(table.high(family), room - (this.#weights[level] ?? 1));
    const result = this.families.node(level, high, this.cut(table.low(family), room));
    this.#cut.set(family, room, result, table.count);
    return result;
  }

  #low(family: number, level: number): number {
    return this.families.table.variable(family) === level ? this.families.table.low(family) : family;
  }
  #high(family: number, level: number): number {
    return this.families.table.variable(family) === level ? this.families.table.high(family) : 0;
  }
}
