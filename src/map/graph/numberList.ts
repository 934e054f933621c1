/** Whole numbers appended one by one, four bytes each. */
export class NumberList {
  #numbers = new Int32Array(1024);
  length = 0;

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers[this.length] = number;
    this.length += 1;
  }

  at(place: number): number {
    return this.#numbers[place] ?? 0;
  }

  put(place: number, number: number): void {
    this.#numbers[place] = number;
  }

  /** The numbers themselves, not a copy. */
  whole(): Int32Array {
    return this.#numbers.subarray(0, this.length);
  }
}
