/** The clock a world lives by. */
export interface WorldClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Times faster than real time. */
  readonly speed: number;
}

export const realClock: WorldClock = { now: () => Date.now(), speed: 1 };

/** An exercise's clock: starts where its story does, runs at a speed that may be changed, never goes back. */
export class StoryClock implements WorldClock {
  #anchor: { real: number; story: number };
  #speed: number;

  constructor(start: number, speed: number) {
    this.#anchor = { real: performance.now(), story: start };
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#anchor.story + (performance.now() - this.#anchor.real) * this.#speed);
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#anchor = { real: performance.now(), story: this.now() };
    this.#speed = speed;
  }
}
