/** A set of nodes taken in ascending order: two levels of bits, so that a few among millions are found at once. */
export class Dirty {
  readonly #bits: Uint32Array;
  readonly #words: Uint32Array;
  #from = 0;

  constructor(size: number) {
    this.#bits = new Uint32Array((size >>> 5) + 1);
    this.#words = new Uint32Array((size >>> 10) + 1);
  }

  add(node: number): void {
    const word = node >>> 5;
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (node & 31));
    this.#words[word >>> 5] = (this.#words[word >>> 5] ?? 0) | (1 << (word & 31));
    if (node >>> 10 < this.#from) this.#from = node >>> 10;
  }

  remove(node: number): void {
    const word = node >>> 5;
    const left = (this.#bits[word] ?? 0) & ~(1 << (node & 31));
    this.#bits[word] = left;
    if (left === 0) this.#words[word >>> 5] = (this.#words[word >>> 5] ?? 0) & ~(1 << (word & 31));
  }

  /** The lowest, taken out; -1 when none is left. */
  take(): number {
    while (this.#from < this.#words.length) {
      const words = this.#words[this.#from] ?? 0;
      if (words === 0) {
        this.#from += 1;
        continue;
      }
      const word = this.#from * 32 + lowestBit(words);
      const node = word * 32 + lowestBit(this.#bits[word] ?? 0);
      this.remove(node);
      return node;
    }
    return -1;
  }
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
