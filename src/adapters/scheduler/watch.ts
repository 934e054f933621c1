import type { DeclaredCheck } from '../../detect/checks.ts';
import type { DetectCommand } from '../../detect/decide.ts';
import type { Observation } from '../../detect/observation.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { Damper, type Known } from './damper.ts';
import { limitedCheck } from './limited.ts';
import { type CheckCounters, Scheduler } from './scheduler.ts';

export interface WatchOptions {
  /** Their components written as the journal writes them (`readChecksFile` with the map). */
  checks: readonly DeclaredCheck<CheckEdge>[];
  edge: CheckEdge;
  known(component: string): Known;
  submit(command: DetectCommand): Promise<{ ok: boolean }>;
  /** A submission or a view that threw; the watch goes on. */
  onFailure(check: string, error: unknown): void;
  random?(): number;
  atOnce?: number;
}

/** What one check last said, for those who ask why; measures stay out of the journal. */
export interface CheckStatus {
  check: string;
  component: string;
  kind: string;
  everyMilliseconds: number;
  last: Observation | null;
  flapping: boolean;
  counters: CheckCounters;
}

/** The watch of one hospital: its checks run, their answers damped, changes submitted, silence noticed. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #damper: Damper;
  readonly #scheduler: Scheduler;
  readonly #last = new Map<string, Observation>();
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  /** Starts at once. */
  constructor(options: WatchOptions) {
    const { checks, edge, known, submit, onFailure } = options;
    this.#options = options;
    this.#damper = new Damper({ rules: checks, clock: edge.clock, known, submit });
    this.#scheduler = new Scheduler(
      checks.map((declared) => ({
        check: limitedCheck(declared, edge),
        everyMilliseconds: declared.everyMilliseconds,
      })),
      {
        clock: edge.clock,
        random: options.random ?? Math.random,
        ...(options.atOnce === undefined ? {} : { atOnce: options.atOnce }),
        onObservation: async (observation) => {
          this.#last.set(observation.check, observation);
          await this.#damper.observe(observation);
        },
        onFailure,
      },
    );
    this.#listening = this.#listen();
  }

  status(): CheckStatus[] {
    return this.#options.checks.map(({ id, component, kind, everyMilliseconds }) => ({
      check: id,
      component,
      kind,
      everyMilliseconds,
      last: this.#last.get(id) ?? null,
      flapping: this.#damper.isFlapping(id),
      counters: this.#scheduler.counters(id) ?? { runs: 0, missed: 0, running: false },
    }));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#scheduler.stop(), this.#listening]);
  }

  async #listen(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#damper.listenForSilence(this.#stop.signal);
      } catch (error) {
        this.#options.onFailure('silence', error);
      }
    }
  }
}
