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

  /** However large: the bound is for what comes on top of it. */
  begin(batch: readonly Buffer[], id: string): void {
    for (const [index, data] of batch.entries()) this.#write(index === batch.length - 1 ? id : null, data);
  }

  push(id: string | null, data: Buffer): void {
    if (!this.#isOver && this.#response.writableLength > this.#limits.unreadBytesMax) this.#drop();
    else this.#write(id, data);
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

  #write(id: string | null, data: Buffer): void {
    if (this.#isOver) return;
    // No cork of our own: Node's joins all writes of this turn into one system call, and ours would undo that.
    if (id !== null) this.#response.write(`id: ${id}\n`);
    this.#response.write(data);
  }

  #drop(): void {
    this.#isOver = true;
    this.#onSlow();
    this.#response.destroy();
  }
}
