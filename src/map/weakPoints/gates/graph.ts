/**
 * A fault tree as a graph of gates, each function written once (hash-consing). A literal is `2 × node + 1` where it stands for
 * the negation of its node; `or` is a negated `and` of negations, so that one kind serves both. Node 0 is the constant false.
 */
export class GateGraph {
  readonly nodes: GateNode[] = [{ kind: 'constant', inputs: [], atLeast: 0 }];
  readonly #known = new Map<string, number>();

  /** The literal of a basic event. */
  event(index: number): number {
    return this.#node({ kind: 'event', inputs: [index], atLeast: 0 });
  }

  and(literals: readonly number[]): number {
    const kept = this.#simplified(literals);
    if (kept === undefined) return never;
    if (kept.length === 0) return always;
    const [only] = kept;
    if (kept.length === 1 && only !== undefined) return only;
    return this.#node({ kind: 'and', inputs: kept, atLeast: kept.length });
  }

  or(literals: readonly number[]): number {
    return this.and(literals.map(negated)) ^ 1;
  }

  xor(one: number, two: number): number {
    if (one >> 1 === two >> 1) return one === two ? never : always;
    if (one <= always) return two ^ one;
    if (two <= always) return one ^ two;
    const sign = (one ^ two) & 1;
    const inputs = [one & ~1, two & ~1].sort(ascending);
    return this.#node({ kind: 'xor', inputs, atLeast: 0 }) ^ sign;
  }

  /** At least so many of the literals are true; one that is there twice counts twice. */
  atLeast(many: number, literals: readonly number[]): number {
    let atLeast = many;
    const times = new Map<number, number>();
    for (const literal of literals) {
      if (literal === always || times.has(literal ^ 1)) atLeast -= 1;
      if (literal <= always) continue;
      const opposite = times.get(literal ^ 1) ?? 0;
      if (opposite > 1) times.set(literal ^ 1, opposite - 1);
      else if (opposite === 1) times.delete(literal ^ 1);
      else times.set(literal, (times.get(literal) ?? 0) + 1);
    }
    return this.#weighted(atLeast, [...times]);
  }

  #weighted(atLeast: number, times: readonly (readonly [literal: number, times: number])[]): number {
    const sum = times.reduce((total, [, weight]) => total + weight, 0);
    const literals = times.map(([literal]) => literal);
    if (atLeast <= 0) return always;
    if (atLeast > sum) return never;
    if (atLeast === 1) return this.or(literals);
    if (atLeast === sum) return this.and(literals);
    if (times.some(([, weight]) => weight > 1)) {
      // Row k holds "at least k of those so far".
      const rows = [always, ...new Array<number>(atLeast).fill(never)];
      for (const [literal, weight] of times) {
        for (let k = atLeast; k > 0; k -= 1) {
          const enough = this.and([literal, rows[Math.max(0, k - weight)] ?? never]);
          rows[k] = this.or([rows[k] ?? never, enough]);
        }
      }
      return rows[atLeast] ?? never;
    }
    return this.#node({ kind: 'atLeast', inputs: literals.sort(ascending), atLeast });
  }

  /** The conjunction's literals, without what the others decide; undefined where it is never true. */
  #simplified(literals: readonly number[]): number[] | undefined {
    const held = new Set<number>();
    for (const literal of literals) {
      if (literal === never || held.has(literal ^ 1)) return undefined;
      if (literal !== always) held.add(literal);
    }
    for (const literal of [...held]) {
      const node = this.nodes[literal >> 1];
      if ((literal & 1) === 0 || node?.kind !== 'and') continue;
      // x ∧ (x ∨ y) is x; x ∧ (¬x ∨ y) is x ∧ y.
      if (node.inputs.some((input) => held.has(input ^ 1))) held.delete(literal);
      else if (node.inputs.some((input) => held.has(input))) {
        held.delete(literal);
        const rest = this.and(node.inputs.filter((input) => !held.has(input))) ^ 1;
        return this.#simplified([...held, rest]);
      }
    }
    return [...held].sort(ascending);
  }

  #node(node: GateNode): number {
    const key = `${node.kind} ${node.atLeast} ${node.inputs.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const literal = this.nodes.push(node) * 2 - 2;
    this.#known.set(key, literal);
    return literal;
  }
}

export interface GateNode {
  kind: 'constant' | 'event' | 'and' | 'atLeast' | 'xor';
  /** Literals, ascending; of an event, its index. */
  inputs: readonly number[];
  atLeast: number;
}

export const never = 0;
export const always = 1;
export const negated = (literal: number): number => literal ^ 1;
const ascending = (one: number, two: number): number => one - two;
