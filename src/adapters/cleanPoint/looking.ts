import type { ContentFacts } from '../../restore/cleanPoint/content.ts';
import { Damaged } from '../restic/repository/damaged.ts';
import { BrokenBlob, type Examined } from '../scanner/scanner.ts';
import type { Contents, Pieces } from './nightReader.ts';
import type { ScannerPool } from './scannerPool.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** Verdicts are written together, and a crash costs no more than this many. */
const keptTogether = 500;
/** Facts held in memory, some hundred bytes each: what is asked for again is asked for within a night or two. */
const heldMax = 200_000;

/** Has contents examined that nobody looked at, and knows what was found of all. */
export class Looking implements Contents {
  readonly #pool: ScannerPool;
  readonly #store: VerdictStore;
  readonly #triesAgain: boolean;
  readonly #progress: (doneBytes: number, totalBytes: number) => void;
  readonly #held = new Map<string, Examined>();
  readonly #claimed = new Set<string>();
  readonly #known = new Set<string>();
  readonly #fresh = new Map<string, Examined>();
  readonly #open = new Set<Promise<void>>();
  readonly #damaged = new Map<string, string>();
  #failure: { error: unknown } | undefined;
  #doneBytes = 0;
  #totalBytes = 0;

  constructor(
    pool: ScannerPool,
    store: VerdictStore,
    triesAgain: boolean,
    progress: (doneBytes: number, totalBytes: number) => void,
  ) {
    this.#pool = pool;
    this.#store = store;
    this.#triesAgain = triesAgain;
    this.#progress = progress;
  }

  /** Different contents that nobody had looked at before. */
  get scanned(): number {
    return this.#claimed.size;
  }

  isKnown(key: string): boolean {
    if (this.#claimed.has(key) || this.#known.has(key)) return true;
    const before = this.#store.outcome(key);
    if (before === undefined || (before === 'failed' && this.#triesAgain)) return false;
    this.#known.add(key);
    return true;
  }

  claim(key: string, bytes: number): boolean {
    if (this.isKnown(key)) return false;
    this.#claimed.add(key);
    this.#totalBytes += bytes;
    void this.#pool.start();
    return true;
  }

  async bring(key: string, bytes: number, pieces: Pieces): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { answer } = await this.#pool.give(bytes, pieces, false);
    const heard = answer
      .catch(async (error: unknown) => {
        if (!(error instanceof BrokenBlob)) throw error;
        // Elsewhere the same blob may be whole: unpacked here, and verified.
        return (await this.#pool.give(bytes, pieces, true)).answer;
      })
      .then((found) => this.#found(key, found))
      .catch((error: unknown) => {
        if (error instanceof Damaged) this.#damaged.set(key, error.message);
        else this.#failure ??= { error };
      })
      .then(() => {
        this.#open.delete(heard);
        this.#doneBytes += bytes;
        this.#progress(this.#doneBytes, this.#totalBytes);
      });
    this.#open.add(heard);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#open);
    this.#keep();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  facts(key: string): Examined | undefined {
    const held = this.#held.get(key) ?? this.#fresh.get(key);
    if (held !== undefined) return held;
    const read = this.#store.facts(key);
    if (read !== undefined) this.#hold(key, read);
    return read;
  }

  /** Why a content cannot be read; undefined where it can. */
  damage(key: string): string | undefined {
    return this.#damaged.get(key);
  }

  #found(key: string, found: ContentFacts): void {
    this.#fresh.set(key, found);
    if (this.#fresh.size >= keptTogether) this.#keep();
  }

  #keep(): void {
    this.#store.keepFacts(this.#fresh);
    for (const [key, found] of this.#fresh) this.#hold(key, found);
    this.#fresh.clear();
  }

  #hold(key: string, found: Examined): void {
    this.#held.set(key, found);
    if (this.#held.size <= heldMax) return;
    const [oldest] = this.#held.keys();
    if (oldest !== undefined) this.#held.delete(oldest);
  }
}
