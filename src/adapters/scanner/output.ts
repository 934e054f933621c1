import { writeSync } from 'node:fs';
import type { Said } from './frames.ts';

/** Said together: what waits longer, or is more, is said at once. */
const waitingMilliseconds = 200;
const waitingLines = 500;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Standard output, a few answers at a time: each write wakes the hub. */
export class Output {
  #lines: string[] = [];
  #since = 0;

  say(said: Said): void {
    if (this.#lines.length === 0) this.#since = performance.now();
    this.#lines.push(`${JSON.stringify(said)}\n`);
    if (this.#lines.length >= waitingLines || performance.now() - this.#since > waitingMilliseconds) this.flush();
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(1, bytes, written);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
        Atomics.wait(pause, 0, 0, 1);
      }
    }
  }
}
