/** Thrown when a computation would need more nodes than it was given: another order, or a truncation, may do. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

const firstCapacity = 1 << 10;
/** Numbers kept of a node: variable, high, low, next of its bucket. Side by side, for one reading of memory. */
const width = 4;
/** Below every variable. */
export const terminalLevel = 0x7fffffff;

/**
 * Nodes (variable, high, low), each triple once, in typed arrays: the unique table of decision diagrams (Brace, Rudell
 * and Bryant 1990). Node 0 is the terminal; what its sign or value means is the diagram's affair, like the reduction rule.
 */
export class NodeTable {
  /** Nodes made, the terminal included. */
  count = 1;
  readonly #limit: number;
  #data = new Int32Array(firstCapacity * width);
  #buckets = new Int32Array(firstCapacity);

  constructor(nodesMax: number) {
    this.#limit = nodesMax;
    this.#data[0] = terminalLevel;
  }

  variable(node: number): number {
    return this.#data[node * width] ?? 0;
  }
  high(node: number): number {
    return this.#data[node * width + 1] ?? 0;
  }
  low(node: number): number {
    return this.#data[node * width + 2] ?? 0;
  }

  /** The node of this triple, made where it is new. Throws `BudgetSpent`. */
  find(variable: number, high: number, low: number): number {
    const data = this.#data;
    const bucket = hash(variable, high, low) & (this.#buckets.length - 1);
    for (let node = this.#buckets[bucket] ?? 0; node !== 0; node = data[node * width + 3] ?? 0) {
      const at = node * width;
      if (data[at + 2] === low && data[at + 1] === high && data[at] === variable) return node;
    }
    if (this.count >= this.#limit) throw new BudgetSpent(`more than ${this.#limit} nodes`);
    if (this.count === this.#buckets.length) {
      this.#grow();
      return this.#add(hash(variable, high, low) & (this.#buckets.length - 1), variable, high, low);
    }
    return this.#add(bucket, variable, high, low);
  }

  #add(bucket: number, variable: number, high: number, low: number): number {
    const node = this.count++;
    const at = node * width;
    this.#data[at] = variable;
    this.#data[at + 1] = high;
    this.#data[at + 2] = low;
    this.#data[at + 3] = this.#buckets[bucket] ?? 0;
    this.#buckets[bucket] = node;
    return node;
  }

  #grow(): void {
    const capacity = this.#buckets.length * 2;
    const data = new Int32Array(capacity * width);
    data.set(this.#data);
    this.#data = data;
    this.#buckets = new Int32Array(capacity);
    for (let node = 1; node < this.count; node += 1) {
      const at = node * width;
      const bucket = hash(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) & (capacity - 1);
      data[at + 3] = this.#buckets[bucket] ?? 0;
      this.#buckets[bucket] = node;
    }
  }
}

function hash(one: number, two: number, three: number): number {
  const mixed = Math.imul(one, 0x9e3779b1) ^ Math.imul(two, 0x85ebca6b) ^ Math.imul(three, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

const slotsMax = 1 << 20;

/** Remembers results of operations on two operands ≥ 0; a newer one takes the place of an older. Grows with what it serves. */
export class PairCache {
  #slots = new Int32Array(firstCapacity * width).fill(-1);
  #mask = firstCapacity - 1;

  /** −1 where it is not remembered. */
  get(one: number, two: number): number {
    const at = (hash(one, two, 0) & this.#mask) * width;
    return this.#slots[at] === one && this.#slots[at + 1] === two ? (this.#slots[at + 2] ?? -1) : -1;
  }

  /** `nodes`: how large the diagram is by now; a cache much smaller forgets what is about to be asked. */
  set(one: number, two: number, result: number, nodes: number): void {
    if (nodes > this.#mask && this.#mask < slotsMax - 1) this.#grow();
    const at = (hash(one, two, 0) & this.#mask) * width;
    this.#slots[at] = one;
    this.#slots[at + 1] = two;
    this.#slots[at + 2] = result;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 4).fill(-1);
    this.#mask = (this.#mask + 1) * 4 - 1;
    for (let at = 0; at < before.length; at += width) {
      const one = before[at] ?? -1;
      if (one >= 0) this.set(one, before[at + 1] ?? 0, before[at + 2] ?? 0, 0);
    }
  }
}
