import { type Name, shown } from '../../backupTree/name.ts';

export interface Problem {
  path: string;
  reason: string;
}

/** A snapshot of a million sockets is told by its first ones and a count. */
const problemsMax = 1000;

/** What did not come back, told up to a bound; none is left out of the count. */
export class Problems {
  readonly #told: Problem[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(path: Name, reason: string): void {
    this.#count += 1;
    if (this.#told.length < problemsMax) this.#told.push({ path: shown(path), reason });
  }

  list(): Problem[] {
    const more = this.#count - this.#told.length;
    return more === 0 ? [...this.#told] : [...this.#told, { path: '', reason: `and ${more} more like these` }];
  }
}
