const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;

export const MESSAGE_BYTES_MAX = 1_000_000;

/** MLLP (HL7 v2, transport release 1): <VT> message <FS><CR>. Bytes before a <VT> are not part of any message. */
export class Unframer {
  #pending: Buffer = Buffer.alloc(0);

  /** Adds what arrived; returns the messages now whole. Throws when one grows beyond the bound. */
  push(chunk: Buffer): Buffer[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      const start = this.#pending.indexOf(START);
      if (start < 0) {
        this.#pending = Buffer.alloc(0);
        return messages;
      }
      const end = this.#endAfter(start);
      if (end < 0) {
        this.#pending = this.#pending.subarray(start);
        if (this.#pending.length > MESSAGE_BYTES_MAX)
          throw new Error(`a message larger than ${MESSAGE_BYTES_MAX} bytes`);
        return messages;
      }
      messages.push(this.#pending.subarray(start + 1, end));
      this.#pending = this.#pending.subarray(end + 2);
    }
  }

  #endAfter(start: number): number {
    for (let at = this.#pending.indexOf(END, start); at >= 0; at = this.#pending.indexOf(END, at + 1)) {
      if (at + 1 < this.#pending.length && this.#pending[at + 1] === RETURN) return at;
    }
    return -1;
  }
}

export const frame = (message: Buffer): Buffer =>
  Buffer.concat([Buffer.from([START]), message, Buffer.from([END, RETURN])]);
