import type { Refusal } from '../journal/result.ts';
import { type Inject, offsetMilliseconds, type Scenario } from '../prepare/scenario.ts';
import type { StoryClock } from './clock.ts';
import type { HospitalCommand } from './hospital.ts';
import { playInject, settle } from './story.ts';
import type { HospitalWorld } from './world.ts';

/** Between two moments of the story, the rooms are asked what is due at least this often, in real time. */
const LOOK_MILLISECONDS = 100;

export interface StoryPlayerParts {
  world: HospitalWorld;
  scenario: Scenario;
  clock: StoryClock;
  onFinished(): void;
  onRefused(inject: Inject, command: HospitalCommand, refusal: Refusal): void;
  onTrouble(inject: Inject, error: unknown): void;
}

/** Plays a story to its end: each moment at its own time, for the clock waits until it is played. */
export class StoryPlayer {
  readonly #parts: StoryPlayerParts;
  readonly #injects: Inject[];
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: StoryPlayerParts) {
    this.#parts = parts;
    this.#injects = parts.scenario.injects.toSorted(
      (one, other) => offsetMilliseconds(one.at) - offsetMilliseconds(other.at),
    );
  }

  get finished(): boolean {
    return this.#injects.length === 0;
  }

  start(): void {
    this.#parts.clock.waitAt(this.#next());
    this.#wait();
  }

  /** Resolves once nothing of it is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #next(): number {
    const [inject] = this.#injects;
    const { scenario } = this.#parts;
    return inject === undefined ? Number.POSITIVE_INFINITY : Date.parse(scenario.start) + offsetMilliseconds(inject.at);
  }

  #wait(): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    const real = clock.speed > 0 ? (this.#next() - clock.now()) / clock.speed : LOOK_MILLISECONDS;
    this.#timer = setTimeout(
      () => {
        this.#turn = this.#look().then(() => this.#wait());
      },
      Math.min(LOOK_MILLISECONDS, Math.max(0, real)),
    );
  }

  async #look(): Promise<void> {
    const { world, scenario, clock } = this.#parts;
    const [inject] = this.#injects;
    if (inject === undefined || clock.now() < this.#next()) {
      await settle(world);
      return;
    }
    try {
      await playInject(world, scenario, inject, (command, refusal) => this.#parts.onRefused(inject, command, refusal));
    } catch (error) {
      this.#parts.onTrouble(inject, error);
    }
    this.#injects.shift();
    clock.waitAt(this.#next());
    if (this.finished) this.#parts.onFinished();
  }
}
