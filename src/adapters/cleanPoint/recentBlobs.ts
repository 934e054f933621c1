import type { Repository } from '../restic/repository/repository.ts';

/** Versions of a large file follow each other and share most of their blobs: these need not be opened again. */
const keptBytesMax = 96 * 1024 * 1024;

/** Verified blobs, the last of them kept; counts what was read, and what had to be read again. */
export class RecentBlobs {
  readonly #repository: Repository;
  readonly #kept = new Map<string, Buffer>();
  #keptBytes = 0;
  readonly #seen = new Set<string>();
  bytes = 0;
  readAgain = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Different blobs read so far. */
  get count(): number {
    return this.#seen.size;
  }

  /** `shared` where the content is not the only blob's: it may be asked for again. */
  async blob(id: string, shared: boolean): Promise<Buffer> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      return kept;
    }
    const plain = await this.#repository.blob(id, 'data');
    if (this.#seen.has(id)) this.readAgain += 1;
    else {
      this.#seen.add(id);
      this.bytes += plain.length;
    }
    if (shared && !this.#kept.has(id)) this.#keep(id, plain);
    return plain;
  }

  #keep(id: string, plain: Buffer): void {
    this.#kept.set(id, plain);
    this.#keptBytes += plain.length;
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= keptBytesMax) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes.length;
    }
  }
}
