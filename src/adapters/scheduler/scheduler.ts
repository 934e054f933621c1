import type { Observation } from '../../detect/observation.ts';
import type { Check, Clock } from '../../detect/ports.ts';
import { Places } from './places.ts';

/** Checks that may run at once: each holds a connection and its buffers, on a box that has other things to do. */
export const CHECKS_AT_ONCE = 64;

export interface ScheduledCheck {
  check: Check;
  everyMilliseconds: number;
}

export interface CheckCounters {
  runs: number;
  /** Runs whose time passed while the one before, or the wait for a place, was not over. */
  missed: number;
  running: boolean;
}

export interface SchedulerOptions {
  clock: Clock;
  /** 0 to 1: when in its first interval each check starts, so that they do not all ask at once. */
  random(): number;
  atOnce?: number;
  /** Awaited before the check's next run. A rejection is told to `onFailure` and stops nothing. */
  onObservation(observation: Observation): void | Promise<void>;
  onFailure(check: string, error: unknown): void;
}

/** Runs checks at their intervals: never two runs of one at once, never more than `atOnce` in all. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #places: Places;
  readonly #stop = new AbortController();
  readonly #counters = new Map<string, CheckCounters>();
  readonly #loops: Promise<void>[];

  /** Starts at once. */
  constructor(checks: readonly ScheduledCheck[], options: SchedulerOptions) {
    this.#options = options;
    this.#places = new Places(options.atOnce ?? CHECKS_AT_ONCE);
    this.#loops = checks.map((one) => this.#loop(one));
  }

  counters(check: string): CheckCounters | undefined {
    return this.#counters.get(check);
  }

  /** Ends the runs under way and resolves once none is left; what they had not yet said is not told. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async #loop({ check, everyMilliseconds }: ScheduledCheck): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#stop;
    const counters: CheckCounters = { runs: 0, missed: 0, running: false };
    this.#counters.set(check.id, counters);
    let next = clock.now() + Math.floor(random() * everyMilliseconds);
    while (!signal.aborted) {
      await clock.sleepUntil(next, signal);
      const observation = await this.#runInPlace(check, counters);
      if (observation === undefined) return;
      await this.#tell(observation);
      const now = clock.now();
      const passed = Math.max(0, Math.floor((now - next) / everyMilliseconds));
      counters.missed += passed;
      // The wall clock may have been put back: never further away than one interval.
      next = Math.min(next + (passed + 1) * everyMilliseconds, now + everyMilliseconds);
    }
  }

  /** Undefined when stopped. */
  async #runInPlace(check: Check, counters: CheckCounters): Promise<Observation | undefined> {
    const { signal } = this.#stop;
    await this.#places.take();
    try {
      if (signal.aborted) return undefined;
      counters.running = true;
      const observation = await check.run(signal);
      counters.runs += 1;
      return signal.aborted ? undefined : observation;
    } finally {
      counters.running = false;
      this.#places.leave();
    }
  }

  async #tell(observation: Observation): Promise<void> {
    try {
      await this.#options.onObservation(observation);
    } catch (error) {
      this.#options.onFailure(observation.check, error);
    }
  }
}
