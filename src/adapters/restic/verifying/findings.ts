export interface Finding {
  /** `pack 1959b7f2…`, `blob …`, `index …`, `snapshot …`. */
  what: string;
  reason: string;
}

const findingsMax = 1000;

/** What was found, told up to a bound and counted beyond it. */
export class Findings {
  readonly #told: Finding[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(what: string, reason: string): void {
    this.#count += 1;
    if (this.#told.length < findingsMax) this.#told.push({ what, reason });
  }

  list(): Finding[] {
    const more = this.#count - this.#told.length;
    return more === 0 ? [...this.#told] : [...this.#told, { what: '', reason: `and ${more} more like these` }];
  }
}
