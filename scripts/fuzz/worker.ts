import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import { counters, inputBytes, type Order, type Report } from './messages.ts';
import { longestInput, mutate } from './mutate.ts';
import { type Random, randomFrom } from './random.ts';
import { type FuzzTarget, loadTarget, savedCrashes } from './target.ts';

const batchMax = 4096;
const shorteningTriesMax = 64;
/** Of the time, how much may go into looking at coverage: a large application has many functions to look at. */
const lookingShare = 0.25;

class Fuzzer {
  readonly #order: Order;
  readonly #target: FuzzTarget;
  readonly #coverage: Coverage;
  readonly #random: Random;
  readonly #corpus: Uint8Array[] = [];
  readonly #seen = new Set<string>();
  #dictionary: Uint8Array[] = [];
  #executions = 0;
  #heapBytesMax = 0;
  #slowest: { milliseconds: number; input: Uint8Array } = { milliseconds: 0, input: new Uint8Array() };

  constructor(order: Order, target: FuzzTarget, coverage: Coverage) {
    this.#order = order;
    this.#target = target;
    this.#coverage = coverage;
    this.#random = randomFrom(order.seed, target.name);
  }

  async fuzz(): Promise<void> {
    const began = performance.now();
    const given = [...this.#target.seeds(), ...this.#order.corpus];
    const known = savedCrashes(this.#order.file, this.#target.name).map(({ input }) => input);
    for (const input of [new Uint8Array(), ...given, ...known]) await this.#execute(input);
    this.#coverage.take();
    this.#corpus.push(new Uint8Array(), ...given);
    this.#dictionary = dictionaryOf(this.#coverage.ran().keys());
    const until = began + this.#order.seconds * 1000;
    let size = 8;
    while (performance.now() < until && this.#seen.size < this.#order.crashesMax) {
      const batchBegan = performance.now();
      const batch: Uint8Array[] = [];
      while (batch.length < size && performance.now() < until) {
        const input = this.#make();
        batch.push(input);
        await this.#execute(input);
      }
      const batchEnded = performance.now();
      const fresh = this.#coverage.fresh();
      // Looking costs half a millisecond for a parser, tens for an application: it is spread over executions that last longer.
      const worth = (performance.now() - batchEnded) / lookingShare;
      size = batchEnded - batchBegan < worth ? Math.min(batchMax, size * 2) : Math.max(1, size >> 1);
      this.#heapBytesMax = Math.max(this.#heapBytesMax, getHeapStatistics().used_heap_size);
      if (fresh > 0) await this.#keepNewOf(batch);
    }
    report({
      type: 'done',
      name: this.#target.name,
      executions: this.#executions,
      seconds: (performance.now() - began) / 1000,
      corpus: this.#corpus,
      ran: this.#coverage.ran(),
      slowest: this.#slowest,
      heapBytesMax: this.#heapBytesMax,
    });
  }

  #make(): Uint8Array {
    // The newest finds lead further more often: half of the time among the last few.
    const corpus = this.#random.below(2) === 0 ? this.#corpus.slice(-16) : this.#corpus;
    const input = this.#random.pick(corpus) ?? new Uint8Array();
    const other = this.#random.pick(this.#corpus) ?? input;
    return mutate(input, other, this.#dictionary, this.#random);
  }

  /** Coverage of a batch tells that something is new; running its halves again, and theirs, tells which did it. */
  async #keepNewOf(batch: readonly Uint8Array[]): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) return this.#keepIfNew(only);
    const middle = batch.length >> 1;
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      for (const input of half) await this.#execute(input);
      if (this.#coverage.fresh() > 0) await this.#keepNewOf(half);
    }
  }

  async #keepIfNew(input: Uint8Array): Promise<void> {
    await this.#execute(input);
    const fresh = this.#coverage.fresh();
    if (fresh === 0) return;
    const short = await this.#shortened(input, fresh);
    await this.#execute(short);
    this.#coverage.take();
    this.#corpus.push(short);
  }

  /** Cuts away what is not needed to reach as much that is new: what is left is what later changes should work on. */
  async #shortened(input: Uint8Array, fresh: number): Promise<Uint8Array> {
    let best = input;
    let tries = 0;
    for (let piece = input.length >> 1; piece >= 1 && tries < shorteningTriesMax; piece >>= 1) {
      for (let at = 0; at + piece <= best.length && tries < shorteningTriesMax; tries += 1) {
        const shorter = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + piece)]);
        await this.#execute(shorter);
        if (this.#coverage.fresh() >= fresh) best = shorter;
        else at += piece;
      }
    }
    return best;
  }

  async #execute(input: Uint8Array): Promise<void> {
    const { shared } = this.#order;
    const bytes = input.subarray(0, longestInput);
    inputBytes(shared).set(bytes);
    Atomics.store(counters(shared), 1, bytes.length);
    Atomics.add(counters(shared), 0, 1);
    this.#executions += 1;
    const before = process.threadCpuUsage();
    try {
      const running = this.#target.run(bytes.slice());
      if (running !== undefined) await running;
    } catch (error) {
      this.#crashed(error, bytes);
    }
    // Of the processor, not of the clock: a busy machine makes every input slow now and then.
    const { user, system } = process.threadCpuUsage(before);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > this.#slowest.milliseconds) this.#slowest = { milliseconds, input: bytes };
  }

  #crashed(error: unknown, input: Uint8Array): void {
    const [message = '', frame = ''] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split(
      '\n',
    );
    // One fault gives many inputs: the place it was thrown from tells faults apart.
    if (this.#seen.has(frame)) return;
    this.#seen.add(frame);
    report({ type: 'crash', crash: { kind: 'thrown', message: `${message}${frame.replace(/^\s+/, ' ')}`, input } });
  }
}

/** Words the code under test compares its input with: its own short string literals, messages left out. */
function dictionaryOf(urls: Iterable<string>): Uint8Array[] {
  const words = new Set<string>();
  for (const url of urls) {
    for (const [, single, double] of readFileSync(fileURLToPath(url), 'utf8').matchAll(
      /'([^'\\\n]{1,32})'|"([^"\\\n]{1,32})"/g,
    )) {
      words.add(single ?? double ?? '');
    }
  }
  return [...words].map((word) => new TextEncoder().encode(word));
}

function report(message: Report): void {
  parentPort?.postMessage(message);
}

// Parsers that tell each of a hundred faults by an Error spend most of their time on its stack: the place thrown from is enough.
Error.stackTraceLimit = 2;

const order: Order = workerData;
const prefix = `${pathToFileURL(order.root).href}/`;
const ours = (url: string): boolean =>
  url.startsWith(prefix) && !/\/(node_modules|scripts)\/|\.fuzz\.ts$/.test(url.slice(prefix.length - 1));
// Before the target is loaded, so that all of its functions are counted.
const coverage = new Coverage(ours);
await new Fuzzer(order, await loadTarget(order.file), coverage).fuzz();
