import { accept, Refused, type Result } from '../../journal/result.ts';
import type { RuleText } from '../scanner/frames.ts';
import { type Examined, Scanner, type ScannerLimits } from '../scanner/scanner.ts';
import type { Pieces } from './nightReader.ts';

/** Two, so that both cores of a small machine work; the memory of a third is not there. */
const scanners = 2;
/** Given to a scanner before it answers: enough that it never waits, little enough to be held twice. */
const aheadBytesMax = 4 * 1024 * 1024;
const aheadContentsMax = 256;

interface Lane {
  scanner: Scanner;
  bytes: number;
  contents: number;
}

/** Scanners side by side; none is started before there is something to examine. */
export class ScannerPool {
  readonly #rules: readonly RuleText[];
  readonly #limits: ScannerLimits;
  #lanes: Promise<Result<Lane[]>> | undefined;
  #freed: (() => void) | undefined;

  constructor(rules: readonly RuleText[], limits: ScannerLimits) {
    this.#rules = rules;
    this.#limits = limits;
  }

  /** Compiles the rules, while something else is read; asked again, nothing more. Fails with `scanner-failed`. */
  start(): Promise<Result<Lane[]>> {
    this.#lanes ??= this.#started();
    return this.#lanes;
  }

  /** Waits until a scanner has room; its answer is waited for by the caller. Throws `Refused` with `scanner-failed`. */
  async give(bytes: number, pieces: Pieces, verified: boolean): Promise<{ answer: Promise<Examined> }> {
    const lane = await this.#roomy();
    lane.bytes += bytes;
    lane.contents += 1;
    const answer = lane.scanner.examine(bytes, () => pieces(verified));
    const free = () => {
      lane.bytes -= bytes;
      lane.contents -= 1;
      this.#freed?.();
    };
    answer.then(free, free);
    return { answer };
  }

  /** What the scanners that were started say of the rules; undefined where none was. */
  async ready(): Promise<Scanner['ready'] | undefined> {
    const lanes = await this.#lanes;
    return lanes?.ok === true ? lanes.value[0]?.scanner.ready : undefined;
  }

  async end(): Promise<void> {
    const lanes = await this.#lanes;
    if (lanes?.ok === true) await Promise.all(lanes.value.map(({ scanner }) => scanner.end()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #started(): Promise<Result<Lane[]>> {
    const started = await Promise.all(Array.from({ length: scanners }, () => Scanner.start(this.#rules, this.#limits)));
    const lanes = started.flatMap((one) => (one.ok ? [{ scanner: one.value, bytes: 0, contents: 0 }] : []));
    const refused = started.find((one) => !one.ok);
    return lanes.length > 0 || refused === undefined ? accept(lanes) : refused;
  }

  async #roomy(): Promise<Lane> {
    const lanes = await this.start();
    if (!lanes.ok) throw new Refused(lanes.refusal);
    for (;;) {
      const least = lanes.value.reduce((one, other) => (other.bytes < one.bytes ? other : one));
      if (least.contents === 0 || (least.bytes < aheadBytesMax && least.contents < aheadContentsMax)) return least;
      await new Promise<void>((resolve) => {
        this.#freed = resolve;
      });
    }
  }
}
