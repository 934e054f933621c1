/** The clock a world lives by. */
export interface WorldClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Times faster than real time. */
  readonly speed: number;
}

export const realClock: WorldClock = { now: () => Date.now(), speed: 1 };

/**
 * An exercise's clock: starts where its story does, runs at a speed that may be changed, never goes back. It waits at
 * `until` for whoever plays the story, so that a busy machine makes it late, never wrong.
 */
export class StoryClock implements WorldClock {
  #anchor: { real: number; story: number };
  #speed: number;
  #until = Number.POSITIVE_INFINITY;

  constructor(start: number, speed: number) {
    this.#anchor = { real: performance.now(), story: start };
    this.#speed = speed;
  }

  now(): number {
    const run = this.#anchor.story + (performance.now() - this.#anchor.real) * this.#speed;
    return Math.round(Math.min(run, this.#until));
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#goOnFrom(this.now());
    this.#speed = speed;
  }

  /** Milliseconds since 1970 that it does not pass yet. */
  waitAt(until: number): void {
    this.#goOnFrom(this.now());
    this.#until = until;
  }

  #goOnFrom(story: number): void {
    this.#anchor = { real: performance.now(), story };
  }
}
