import type { ServerResponse } from 'node:http';
import type { Refusal } from '../journal/result.ts';
import type { ServerLimits } from './limits.ts';
import { encoded } from './viewFeed.ts';
import type { Follower } from './worldFeed.ts';

/** How long a client that is cut has to read why. */
const farewellMilliseconds = 1_000;

/** A follower over Server-Sent Events. One that does not read is cut: it comes back and resumes by number. */
export class SseFollower implements Follower {
  readonly #response: ServerResponse;
  readonly #limits: ServerLimits;
  readonly #onSlow: () => void;
  #sentBytes = -1;
  #stalledBeats = 0;
  #isOver = false;

  constructor(response: ServerResponse, limits: ServerLimits, onSlow: () => void) {
    this.#response = response;
    this.#limits = limits;
    this.#onSlow = onSlow;
    response.on('close', () => {
      this.#isOver = true;
    });
  }

  push(id: string | null, data: Buffer): void {
    if (this.#isOver) return;
    // What is sent at connection may be larger than the bound; what comes on top of it, unread, may not.
    if (this.#response.writableLength > this.#limits.unreadBytesMax) {
      this.#drop();
      return;
    }
    this.#response.cork();
    if (id !== null) this.#response.write(`id: ${id}\n`);
    this.#response.write(data);
    process.nextTick(() => this.#response.uncork());
  }

  cut(refusal: Refusal): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const farewell = setTimeout(() => this.#response.destroy(), farewellMilliseconds);
    this.#response.on('close', () => clearTimeout(farewell));
    this.#response.end(encoded({ kind: 'cut', refusal }));
  }

  /** Called at each heartbeat: two in a row without a byte leaving, with some waiting, is a client that is gone. */
  checkReading(): void {
    const { socket, writableLength } = this.#response;
    if (this.#isOver || !socket) return;
    const sentBytes = socket.bytesWritten - socket.writableLength;
    this.#stalledBeats = writableLength > 0 && sentBytes === this.#sentBytes ? this.#stalledBeats + 1 : 0;
    this.#sentBytes = sentBytes;
    if (this.#stalledBeats >= 2) this.#drop();
  }

  #drop(): void {
    this.#isOver = true;
    this.#onSlow();
    this.#response.destroy();
  }
}
