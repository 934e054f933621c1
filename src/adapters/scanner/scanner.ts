import { accept, type Result, refuse } from '../../journal/result.ts';
import { type ContentFacts, unexamined } from '../../restore/cleanPoint/content.ts';
import type { RuleText, Said } from './frames.ts';
import { Running } from './running.ts';
import { type Confinement, confinements, dataBytesMax, startScanner } from './sandbox.ts';
import { frame, type Packed } from './wire.ts';

export interface ScannerLimits {
  /** To compile the rules. */
  startMilliseconds: number;
  /** For one content: this, and so much more for each megabyte of it. */
  contentMilliseconds: number;
  megabyteMilliseconds: number;
  /** Memory a process may take as its own. */
  dataBytes: number;
}

export const ordinaryLimits: ScannerLimits = {
  startMilliseconds: 120_000,
  contentMilliseconds: 60_000,
  megabyteMilliseconds: 2_000,
  dataBytes: dataBytesMax,
};

/** `failed`: nobody could look at it, and another day somebody may. */
export type Examined = ContentFacts & { failed?: true };

/** A blob of a content is not what its id names. */
export class BrokenBlob extends Error {
  readonly blob: string;
  constructor(blob: string) {
    super(`blob ${blob} is not the one its name says`);
    this.blob = blob;
  }
}

interface Asked {
  number: number;
  bytes: number;
  pieces: () => AsyncIterable<Uint8Array | Packed> | Iterable<Uint8Array | Packed>;
  /** A process ended while it had this one and others: which of them did it shows when each is asked alone. */
  isSuspect: boolean;
  resolve(examined: Examined): void;
  reject(error: unknown): void;
}

type Ready = Omit<Extract<Said, { said: 'ready' }>, 'said'> & { confinement: Confinement };

/**
 * One sandboxed process that examines contents in the order in which they are asked, each sent before the last is answered. What ends it
 * (a crash, a limit, somebody's kill) costs the content it was looking at, which is then «not examined» with the reason; another
 * process goes on with the others.
 * `Scanner.start(rules)` → `Result<Scanner>`; `examine(bytes, () => pieces)` → `Examined`; `end()`.
 */
export class Scanner {
  readonly #rules: readonly RuleText[];
  readonly #limits: ScannerLimits;
  #child: Running | undefined;
  /** What the process that runs now says and how it ends is of those that were given to it. */
  readonly #given: Asked[] = [];
  readonly #waiting: Asked[] = [];
  #isSending = false;
  #isOver = false;
  #settled: (() => void) | undefined;
  readonly ready: Ready;
  #asked = 0;
  restarts = 0;

  private constructor(rules: readonly RuleText[], limits: ScannerLimits, ready: Ready) {
    this.#rules = rules;
    this.#limits = limits;
    this.ready = ready;
  }

  /** Fails with `scanner-failed` where no process of this machine can compile the rules within its limits. */
  static async start(rules: readonly RuleText[], limits = ordinaryLimits): Promise<Result<Scanner>> {
    let why = '';
    for (const confinement of confinements()) {
      const scanner = new Scanner(rules, limits, { engine: null, refused: [], confinement });
      const child = scanner.#spawned();
      const said = await child.compile(rules, limits.startMilliseconds);
      if (said !== undefined) {
        scanner.ready.engine = said.engine;
        scanner.ready.refused = said.refused;
        scanner.#child = child;
        return accept(scanner);
      }
      await child.end();
      why = child.why;
    }
    return refuse('scanner-failed', 'The process that examines file contents could not be started.', {
      expected: `a process that compiles the rules within ${limits.startMilliseconds / 1000} s`,
      kept: `Nothing was examined: the process ${why}.`,
      cure: 'Try with fewer files of rules; one of them may ask for more memory or time than is given.',
    });
  }

  /** Process id, while one runs: as seen from here, the outermost where it stands behind walls. */
  get pid(): number | undefined {
    return this.#child?.ended === false ? this.#child.process.pid : undefined;
  }

  /**
   * Pieces are read one after another; where they throw, so does this, and the scanner stays. They are asked for again where the
   * process ended and it was not this content that ended it. Rejects with `BrokenBlob`.
   */
  examine(bytes: number, pieces: Asked['pieces']): Promise<Examined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ number: this.#asked++, bytes, pieces, isSuspect: false, resolve, reject });
      if (!this.#isSending) void this.#send();
    });
  }

  /** What it had to examine still is rejected. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#child?.end();
    this.#child = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.isSuspect) await this.#allAnswered();
      const child = await this.#running();
      if (child === undefined) {
        next.resolve({ ...unexamined(next.bytes, 'the scanner could not be started again'), failed: true });
        continue;
      }
      this.#given.push(next);
      if (this.#given.length === 1) this.#limitChild();
      await this.#sendTo(child, next);
      if (next.isSuspect) await this.#allAnswered();
    }
    this.#isSending = false;
  }

  async #sendTo(child: Running, asked: Asked): Promise<void> {
    const { number, bytes } = asked;
    try {
      child.gather();
      await child.frame(frame.content, Buffer.from(JSON.stringify({ number, bytes })));
      for await (const piece of asked.pieces()) {
        if (child.ended) return;
        await child.piece(piece);
      }
      await child.frame(frame.end);
    } catch (error) {
      // Already told, or to be asked again.
      if (child.ended) return;
      await child.frame(frame.abandon);
      this.#answered(asked);
      asked.reject(error);
    }
  }

  #heard(said: Said): void {
    const asked = this.#given.find(({ number }) => said.said !== 'ready' && number === said.number);
    if (asked === undefined) return;
    this.#answered(asked);
    if (said.said === 'done') asked.resolve(said.facts);
    else if (said.said === 'broken') asked.reject(new BrokenBlob(said.blob));
  }

  #answered(asked: Asked): void {
    const at = this.#given.indexOf(asked);
    if (at >= 0) this.#given.splice(at, 1);
    this.#limitChild();
    if (this.#given.length === 0) this.#settled?.();
  }

  /** For all it was given: it answers a few at a time. */
  #limitChild(): void {
    const bytes = this.#given.reduce((sum, asked) => sum + asked.bytes, 0);
    const { contentMilliseconds, megabyteMilliseconds } = this.#limits;
    const milliseconds = contentMilliseconds + (bytes / 1_000_000) * megabyteMilliseconds;
    this.#child?.limit(this.#given.length === 0 ? undefined : milliseconds);
  }

  #allAnswered(): Promise<void> {
    return this.#given.length === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#settled = resolve;
        });
  }

  #over(child: Running): void {
    const lost = this.#given.splice(0);
    const [only] = lost;
    if (this.#isOver) {
      for (const { reject } of [...lost, ...this.#waiting.splice(0)]) reject(new Error('the scanner was stopped'));
    } else if (lost.length === 1 && only !== undefined)
      only.resolve({
        ...unexamined(only.bytes, `the scanner ${child.why} while it looked at this content`),
        failed: true,
      });
    else this.#waiting.unshift(...lost.map((asked) => Object.assign(asked, { isSuspect: true })));
    this.#settled?.();
    if (!this.#isSending && this.#waiting.length > 0) void this.#send();
  }

  #spawned(): Running {
    const child: Running = new Running(
      startScanner(this.ready.confinement, this.#limits.dataBytes),
      (said) => this.#heard(said),
      () => this.#over(child),
    );
    return child;
  }

  async #running(): Promise<Running | undefined> {
    if (this.#child?.ended === false) return this.#child;
    this.restarts += 1;
    const child = this.#spawned();
    const said = await child.compile(this.#rules, this.#limits.startMilliseconds);
    if (said === undefined) await child.end();
    this.#child = said === undefined ? undefined : child;
    return this.#child;
  }
}
