import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type RuleText, Said } from './frames.ts';
import type { ScannerProcess } from './sandbox.ts';
import { frame, framed, framedPacked, lineBytesMax, type Packed } from './wire.ts';

type Ready = Extract<Said, { said: 'ready' }>;

/** A scanner's process, from its start to its end. */
export class Running {
  readonly process: ScannerProcess;
  ended = false;
  /** Why it ended. */
  why = 'said nothing that could be understood';
  readonly #heard: (said: Said) => void;
  #ready: ((ready: Ready | undefined) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLate = false;
  readonly #closed: Promise<void>;

  /** `heard` is told what it says of contents, `over` once that it has ended. */
  constructor(child: ScannerProcess, heard: (said: Said) => void, over: () => void) {
    this.process = child;
    this.#heard = heard;
    this.#closed = new Promise<void>((resolve) => {
      const ended = (why: string) => {
        if (this.ended) return;
        this.ended = true;
        clearTimeout(this.#timer);
        if (!this.#isLate) this.why = why;
        over();
        this.#ready?.(undefined);
        resolve();
      };
      child.once('error', ({ message }) => ended(`could not run (${message})`));
      child.once('close', (status, signal) =>
        ended(signal === null ? `ended with status ${status}` : `was ended by ${signal}`),
      );
    });
    // A pipe closes under what is being written: its end is told by `close`.
    child.stdin.on('error', () => {});
    this.#listen(child);
  }

  /** Undefined where it cannot compile the rules within that time. */
  async compile(rules: readonly RuleText[], milliseconds: number): Promise<Ready | undefined> {
    const answer = new Promise<Ready | undefined>((resolve) => {
      this.#ready = resolve;
    });
    this.limit(milliseconds);
    await this.frame(frame.rules, Buffer.from(JSON.stringify(rules)));
    const ready = this.ended ? undefined : await answer;
    this.limit(undefined);
    return ready;
  }

  /** It is ended where nothing sets another limit within that time. */
  limit(milliseconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (milliseconds === undefined || this.ended) return;
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.why = `took more than ${Math.round(milliseconds / 1000)} s`;
      this.process.kill('SIGKILL');
    }, milliseconds);
  }

  async frame(kind: number, bytes: Uint8Array = Buffer.alloc(0)): Promise<void> {
    await this.#write(framed(kind, bytes.length), bytes);
  }

  async piece(piece: Uint8Array | Packed): Promise<void> {
    if ('id' in piece) await this.#write(framedPacked(piece), piece.bytes);
    else await this.frame(frame.data, piece);
  }

  /** What is written until the event loop turns goes in one call to the system. */
  gather(): void {
    const { stdin } = this.process;
    if (this.ended || stdin.writableCorked > 0) return;
    stdin.cork();
    setImmediate(() => stdin.uncork());
  }

  async end(): Promise<void> {
    if (!this.ended) this.process.kill('SIGKILL');
    await this.#closed;
  }

  /** Waits where the process does not keep up: no more than a pipe is ever ahead of it. */
  async #write(head: Uint8Array, bytes: Uint8Array): Promise<void> {
    const { stdin } = this.process;
    if (this.ended || !stdin.writable) return;
    const hasRoom = stdin.write(head);
    if (bytes.length === 0 ? hasRoom : stdin.write(bytes)) return;
    while (stdin.writableCorked > 0) stdin.uncork();
    if (stdin.writableNeedDrain) await Promise.race([once(stdin, 'drain').catch(() => {}), this.#closed]);
  }

  #listen(child: ScannerProcess): void {
    let held = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      const newline = bytes.lastIndexOf(0x0a);
      held = newline < 0 ? held + bytes.length : bytes.length - newline - 1;
      if (held > lineBytesMax) child.kill('SIGKILL');
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = understood(line);
      if (said === undefined) child.kill('SIGKILL');
      else if (said.said !== 'ready') this.#heard(said);
      else this.#ready?.(said);
    });
  }
}

function understood(line: string): Said | undefined {
  try {
    return Said.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
