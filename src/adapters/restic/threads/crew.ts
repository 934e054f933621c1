import { Worker } from 'node:worker_threads';
import type { Outcome, Task, ThreadData } from './tasks.ts';

/** Decrypting, hashing and decompressing are work of the processor: two threads keep up with a disk. */
const threads = 2;
/** One that is worked on, one whose bytes are being read. */
const tasksPerThread = 2;
/** They make few objects, in front of large buffers: kept small, so that both are collected early. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** Threads that read packs. Ended by `end`, or with what it was made for (`await using`). */
export class Crew {
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, { resolve(outcome: Outcome): void; reject(error: Error): void }>();
  readonly #busy: number[];
  #sent = 0;
  #failed: Error | undefined;

  constructor(data: ThreadData) {
    this.#workers = Array.from(
      { length: threads },
      () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, execArgv: [], resourceLimits }),
    );
    this.#busy = this.#workers.map(() => 0);
    for (const worker of this.#workers) {
      worker.on('message', ({ number, outcome }: { number: number; outcome: Outcome }) => {
        this.#waiting.get(number)?.resolve(outcome);
        this.#waiting.delete(number);
      });
      worker.on('error', (error) => {
        this.#failed = error instanceof Error ? error : new Error(String(error));
        for (const { reject } of this.#waiting.values()) reject(this.#failed);
        this.#waiting.clear();
      });
    }
  }

  /**
   * Has every task done, a few at a time, and hears of each as it ends. Gives out no more when told to stop, or once one fails.
   * What stands beside a task stays in this thread.
   */
  async each<Kind extends Task['kind'], Given extends { task: Extract<Task, { kind: Kind }> }>(
    kind: Kind,
    given: Iterable<Given>,
    heard: (outcome: OutcomeOf<Kind>, given: Given) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const remaining = given[Symbol.iterator]();
    let failed = false;
    const lane = async (): Promise<void> => {
      try {
        for (let next = remaining.next(); !next.done && !signal.aborted && !failed; next = remaining.next()) {
          const outcome = await this.#do(next.value.task);
          if (isOf(outcome, kind)) heard(outcome, next.value);
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    await Promise.all(Array.from({ length: threads * tasksPerThread }, lane));
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #do(task: Task): Promise<Outcome> {
    if (this.#failed !== undefined) throw this.#failed;
    const least = this.#busy.indexOf(Math.min(...this.#busy));
    this.#busy[least] = (this.#busy[least] ?? 0) + 1;
    const number = this.#sent++;
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        this.#waiting.set(number, { resolve, reject });
        this.#workers[least]?.postMessage({ number, task });
      });
    } finally {
      this.#busy[least] = (this.#busy[least] ?? 1) - 1;
    }
  }
}

type OutcomeOf<Kind extends Task['kind']> = Extract<Outcome, { kind: Kind }>;

const isOf = <Kind extends Task['kind']>(outcome: Outcome, kind: Kind): outcome is OutcomeOf<Kind> =>
  outcome.kind === kind;
