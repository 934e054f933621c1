import type { Clock } from '../../detect/ports.ts';

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/** The clock's twin: time passes only when told to, and each sleeper wakes in its turn at its own instant. */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start: number) {
    this.#now = start;
  }

  now = (): number => this.#now;
  monotonic = (): number => this.#now;

  sleepUntil(at: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || at <= this.#now) {
        resolve();
        return;
      }
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#order += 1;
      const sleeper: Sleeper = { at, order: this.#order, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** Lets time pass until `at`; `settled` lets what each awakening starts come to rest before the next one. */
  async advanceTo(at: number, settled: () => Promise<void> = restOfTurn): Promise<void> {
    await settled();
    for (let next = this.#next(); next !== undefined && next.at <= at; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settled();
    }
    this.#now = Math.max(this.#now, at);
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].toSorted((one, other) => one.at - other.at || one.order - other.order)[0];
  }
}

/** All microtasks done: the next turn of the event loop. */
const restOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
