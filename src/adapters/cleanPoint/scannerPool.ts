import { accept, Refused, type Result } from '../../journal/result.ts';
import type { RuleText } from '../scanner/frames.ts';
import { type Examined, Scanner, type ScannerLimits } from '../scanner/scanner.ts';
import type { Pieces } from './nightReader.ts';

/** Given to one scanner before another is started beside it: less is looked at sooner than two compile the rules. */
const aloneBytesMax = 64 * 1024 * 1024;
/** Given to a scanner before it answers: enough that it never waits, little enough to be held twice. */
const aheadBytesMax = 4 * 1024 * 1024;
const aheadContentsMax = 256;

interface Lane {
  scanner: Scanner;
  bytes: number;
  contents: number;
}

/**
 * One scanner, and two where there is much to examine, so that both cores of a small machine work; the memory of a third is not there.
 * None is started before there is something.
 */
export class ScannerPool {
  readonly #rules: readonly RuleText[];
  readonly #limits: ScannerLimits;
  readonly #lanes: Lane[] = [];
  #first: Promise<Result<void>> | undefined;
  #second: Promise<Result<void>> | undefined;
  #givenBytes = 0;
  #room = Promise.withResolvers<void>();

  constructor(rules: readonly RuleText[], limits: ScannerLimits) {
    this.#rules = rules;
    this.#limits = limits;
  }

  /** Compiles the rules, while something else is read; asked again, nothing more. Fails with `scanner-failed`. */
  start(): Promise<Result<void>> {
    this.#first ??= this.#add();
    return this.#first;
  }

  /** Waits until a scanner has room; its answer is waited for by the caller. Throws `Refused` with `scanner-failed`. */
  async give(bytes: number, pieces: Pieces, verified: boolean): Promise<{ answer: Promise<Examined> }> {
    const lane = await this.#roomy();
    lane.bytes += bytes;
    lane.contents += 1;
    this.#givenBytes += bytes;
    if (this.#givenBytes > aloneBytesMax) this.#second ??= this.#add();
    const answer = lane.scanner.examine(bytes, () => pieces(verified));
    const free = () => {
      lane.bytes -= bytes;
      lane.contents -= 1;
      this.#tellRoom();
    };
    answer.then(free, free);
    return { answer };
  }

  /** What the first scanner said of the rules; undefined where none was started. */
  async ready(): Promise<Scanner['ready'] | undefined> {
    await this.#first;
    return this.#lanes[0]?.scanner.ready;
  }

  async end(): Promise<void> {
    await Promise.all([this.#first, this.#second]);
    await Promise.all(this.#lanes.map(({ scanner }) => scanner.end()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #add(): Promise<Result<void>> {
    const started = await Scanner.start(this.#rules, this.#limits);
    if (!started.ok) return started;
    this.#lanes.push({ scanner: started.value, bytes: 0, contents: 0 });
    this.#tellRoom();
    return accept(undefined);
  }

  async #roomy(): Promise<Lane> {
    const first = await this.start();
    if (!first.ok) throw new Refused(first.refusal);
    for (;;) {
      const least = this.#lanes.reduce((one, other) => (other.bytes < one.bytes ? other : one));
      if (least.contents === 0 || (least.bytes < aheadBytesMax && least.contents < aheadContentsMax)) return least;
      await this.#room.promise;
    }
  }

  /** Several may wait: a content asked again, and the next. */
  #tellRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
