import { Worker } from 'node:worker_threads';
import { Refused } from '../../../journal/result.ts';
import type { Answer, Outcome, Task, ThreadData } from './tasks.ts';

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
      worker.on('message', (answer: Answer) => {
        const waiting = this.#waiting.get(answer.number);
        this.#waiting.delete(answer.number);
        if ('outcome' in answer) waiting?.resolve(answer.outcome);
        else waiting?.reject(new Refused(answer.refusal));
      });
      worker.on('error', (error) => {
        this.#failed = error instanceof Error ? error : new Error(String(error));
        for (const { reject } of this.#waiting.values()) reject(this.#failed);
        this.#waiting.clear();
      });
    }
  }

  /**
   * Has every task done, a few at a time, and hears of each as it ends. Gives out no more once one fails, and waits for none when told to stop.
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
    // A server that has fallen silent is not waited for: what is being done then ends with the crew.
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.resolve();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await Promise.race([Promise.all(Array.from({ length: threads * tasksPerThread }, lane)), stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
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
