import { readSync } from 'node:fs';

/** Taken from a pipe at once. */
const roomBytes = 1024 * 1024;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Standard input of a process that waits for it: many small frames cost one read. */
export class Input {
  readonly #room = Buffer.allocUnsafeSlow(roomBytes);
  #start = 0;
  #end = 0;
  readonly #beforeWaiting: () => void;

  constructor(beforeWaiting: () => void) {
    this.#beforeWaiting = beforeWaiting;
  }

  /** So many bytes, valid until the next call; undefined where the hub has closed it. */
  take(length: number): Buffer | undefined {
    if (this.#end - this.#start < length) {
      if (length > roomBytes) {
        const large = Buffer.allocUnsafeSlow(length);
        return this.fill(large) ? large : undefined;
      }
      this.#room.copyWithin(0, this.#start, this.#end);
      [this.#start, this.#end] = [0, this.#end - this.#start];
      while (this.#end < length) {
        const read = this.#read(this.#room, this.#end);
        if (read === 0) return undefined;
        this.#end += read;
      }
    }
    this.#start += length;
    return this.#room.subarray(this.#start - length, this.#start);
  }

  /** Fills a buffer; false where the hub has closed it before. */
  fill(target: Buffer): boolean {
    let filled = this.#room.copy(target, 0, this.#start, Math.min(this.#end, this.#start + target.length));
    this.#start += filled;
    while (filled < target.length) {
      const read = this.#read(target, filled);
      if (read === 0) return false;
      filled += read;
    }
    return true;
  }

  skip(length: number): boolean {
    for (let left = length; left > 0; ) {
      const part = Math.min(left, roomBytes);
      if (this.take(part) === undefined) return false;
      left -= part;
    }
    return true;
  }

  #read(target: Buffer, at: number): number {
    this.#beforeWaiting();
    for (;;) {
      try {
        return readSync(0, target, at, target.length - at, null);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
        Atomics.wait(pause, 0, 0, 1);
      }
    }
  }
}
