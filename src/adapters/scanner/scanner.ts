import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { type ContentFacts, unexamined } from '../../restore/cleanPoint/content.ts';
import { frame, framed, lineBytesMax, type RuleText, Said } from './frames.ts';
import { type Confinement, confinements, type ScannerProcess, startScanner } from './sandbox.ts';

export interface ScannerLimits {
  /** To compile the rules. */
  startMilliseconds: number;
  /** For one content: this, and so much more for each megabyte of it. */
  contentMilliseconds: number;
  megabyteMilliseconds: number;
}

export const ordinaryLimits: ScannerLimits = {
  startMilliseconds: 120_000,
  contentMilliseconds: 60_000,
  megabyteMilliseconds: 2_000,
};

/** How often one content may meet a process that ends before it begins. */
const attemptsMax = 3;

type Ready = Extract<Said, { said: 'ready' }> & { confinement: Confinement };

/**
 * One sandboxed process that examines one content after another. What ends it (a crash, a limit, somebody's kill) costs the content it
 * was looking at, which is then «not examined» with the reason; the next content starts another.
 * `Scanner.start(rules)` → `Result<Scanner>`; `examine(bytes, () => pieces)` → `ContentFacts`, one at a time; `end()`.
 */
export class Scanner {
  readonly #rules: readonly RuleText[];
  readonly #limits: ScannerLimits;
  #child: Running | undefined;
  readonly ready: Ready;
  #sent = 0;
  restarts = 0;

  private constructor(rules: readonly RuleText[], limits: ScannerLimits, child: Running, ready: Ready) {
    this.#rules = rules;
    this.#limits = limits;
    this.#child = child;
    this.ready = ready;
  }

  /** Fails with `scanner-failed` where no process of this machine can compile the rules within its limits. */
  static async start(rules: readonly RuleText[], limits = ordinaryLimits): Promise<Result<Scanner>> {
    let why = '';
    for (const confinement of confinements()) {
      const child = new Running(startScanner(confinement));
      const said = await child.compile(rules, limits.startMilliseconds);
      if (said?.said === 'ready') return accept(new Scanner(rules, limits, child, { ...said, confinement }));
      why = child.endedBy();
      await child.end();
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
   * process ended before it began to look: it was not this content that ended it.
   */
  async examine(bytes: number, pieces: () => AsyncIterable<Uint8Array>): Promise<ContentFacts> {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const child = await this.#running();
      if (child === undefined) return unexamined(bytes, 'the scanner could not be started again');
      const number = this.#sent++;
      const found = await this.#asked(child, number, bytes, pieces());
      if (found !== undefined) return found;
      const why = child.endedBy();
      await child.end();
      if (child.begun === number) return unexamined(bytes, `the scanner ${why} while it looked at this content`);
    }
    return unexamined(bytes, `the scanner ended ${attemptsMax} times before it could look at this content`);
  }

  async #asked(
    child: Running,
    number: number,
    bytes: number,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<ContentFacts | undefined> {
    const { contentMilliseconds, megabyteMilliseconds } = this.#limits;
    const facts = child.done(number, contentMilliseconds + (bytes / 1_000_000) * megabyteMilliseconds);
    try {
      await child.send(frame.content, Buffer.from(JSON.stringify({ number, bytes })));
      for await (const piece of pieces) await child.send(frame.data, piece);
      await child.send(frame.end);
    } catch (error) {
      await child.send(frame.abandon);
      child.forget();
      throw error;
    }
    return facts;
  }

  async end(): Promise<void> {
    await this.#child?.end();
    this.#child = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #running(): Promise<Running | undefined> {
    if (this.#child?.ended === false) return this.#child;
    await this.#child?.end();
    this.restarts += 1;
    const child = new Running(startScanner(this.ready.confinement));
    const said = await child.compile(this.#rules, this.#limits.startMilliseconds);
    if (said?.said !== 'ready') await child.end();
    this.#child = said?.said === 'ready' ? child : undefined;
    return this.#child;
  }
}

/** A process from its start to its end, and the one answer waited for. */
class Running {
  readonly process: ScannerProcess;
  ended = false;
  /** Number of the content it last said to have begun. */
  begun: number | undefined;
  #why = 'said nothing that could be understood';
  #awaited: { accepts(said: Said): boolean; resolve(said: Said | undefined): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #closed: Promise<unknown>;

  constructor(child: ScannerProcess) {
    this.process = child;
    this.#closed = new Promise<void>((resolve) => {
      child.once('error', ({ message }) => this.#over(`could not run (${message})`, resolve));
      child.once('close', (status, signal) =>
        this.#over(signal === null ? `ended with status ${status}` : `was ended by ${signal}`, resolve),
      );
    });
    // A pipe closes under what is being written: its end is told by `close`.
    child.stdin.on('error', () => {});
    this.#listen(child);
  }

  async compile(rules: readonly RuleText[], milliseconds: number): Promise<Said | undefined> {
    const answer = this.#await(milliseconds, `took more than ${milliseconds / 1000} s`, ({ said }) => said === 'ready');
    await this.send(frame.rules, Buffer.from(JSON.stringify(rules)));
    return answer;
  }

  async done(number: number, milliseconds: number): Promise<ContentFacts | undefined> {
    const accepts = (said: Said) => said.said === 'done' && said.number === number;
    const said = await this.#await(milliseconds, `took more than ${Math.round(milliseconds / 1000)} s`, accepts);
    return said?.said === 'done' ? said.facts : undefined;
  }

  forget(): void {
    this.#settle(undefined);
  }

  /** Waits where the process does not keep up: no more than a pipe is ever ahead of it. */
  async send(kind: number, bytes: Uint8Array = Buffer.alloc(0)): Promise<void> {
    const { stdin } = this.process;
    if (this.ended || !stdin.writable) return;
    stdin.write(framed(kind, bytes.length));
    if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain').catch(() => {}), this.#closed]);
  }

  endedBy(): string {
    return this.#why;
  }

  async end(): Promise<void> {
    if (!this.ended) this.process.kill('SIGKILL');
    await this.#closed;
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
      else if (said.said === 'begun') this.begun = said.number;
      else if (this.#awaited?.accepts(said) === true) this.#settle(said);
    });
  }

  #await(milliseconds: number, late: string, accepts: (said: Said) => boolean): Promise<Said | undefined> {
    return new Promise((resolve) => {
      if (this.ended) {
        resolve(undefined);
        return;
      }
      this.#awaited = { accepts, resolve };
      this.#timer = setTimeout(() => {
        this.#why = late;
        this.process.kill('SIGKILL');
      }, milliseconds);
    });
  }

  #settle(said: Said | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#awaited?.resolve(said);
    this.#awaited = undefined;
  }

  #over(why: string, resolve: () => void): void {
    if (!this.ended && !this.#why.startsWith('took')) this.#why = why;
    this.ended = true;
    this.#settle(undefined);
    resolve();
  }
}

function understood(line: string): Said | undefined {
  try {
    return Said.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
