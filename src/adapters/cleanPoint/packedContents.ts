import type { BlobPlace, BlobTable } from '../restic/repository/blobTable.ts';
import { Damaged } from '../restic/repository/damaged.ts';
import type { Repository } from '../restic/repository/repository.ts';
import { spansOfEntries } from '../restic/repository/spans.ts';
import type { Packed } from '../scanner/wire.ts';
import type { Content } from './folders.ts';
import type { Pieces, Reading } from './nightReader.ts';

/** Contents read together, as they stand in their packs: in bytes of these. A larger one comes alone, blob after blob. */
const batchBytesMax = 4 * 1024 * 1024;
/** Versions of a large file follow each other and share most of their blobs: these need not be read again. In bytes as packed. */
const keptBytesMax = 64 * 1024 * 1024;

interface Batch {
  contents: Content[];
  bytes: number;
}

/**
 * Contents of a repository with their blobs read in long spans and opened, not unpacked: that is left to the scanner, behind
 * its walls, with the hash that verifies them. What cannot be opened where it stands, or says not to be what it should, is taken from
 * wherever else it is, unpacked and verified here.
 */
export class PackedContents {
  readonly #repository: Repository;
  readonly #table: BlobTable;
  readonly #seen: Uint8Array;
  readonly #kept = new Map<string, Packed>();
  #keptBytes = 0;
  readonly reading: Reading;

  static async of(repository: Repository, reading: Reading): Promise<PackedContents> {
    return new PackedContents(repository, await repository.blobs(), reading);
  }

  private constructor(repository: Repository, table: BlobTable, reading: Reading) {
    this.#repository = repository;
    this.#table = table;
    this.#seen = new Uint8Array(table.size);
    this.reading = reading;
  }

  /** Each content with its pieces, in the order of the packs; while one batch is looked at, the next is read. */
  async *all(
    contents: readonly Content[],
    signal: AbortSignal,
  ): AsyncGenerator<{ key: string; bytes: number; pieces: Pieces }> {
    const batches = this.#batches(this.#inOrderOfPacks(contents));
    let [now, next] = [this.#read(batches), this.#read(batches)];
    for (; now !== undefined && !signal.aborted; [now, next] = [next, this.#read(batches)]) {
      const blobs = await now.blobs;
      for (const content of now.batch.contents) {
        const packed = blobs === undefined ? undefined : content.blobs.map((id) => blobs.get(id));
        const pieces: Pieces = (verified) => {
          if (verified) return this.#verified(content);
          if (packed === undefined) return this.#oneByOne(content);
          return packed.every((piece) => piece !== undefined) ? packed : this.#verified(content);
        };
        // As the index says: what the folder says of it is anybody's.
        yield {
          key: content.key,
          bytes: content.blobs.reduce((sum, id) => sum + (this.#placeOf(id)?.plainLength ?? 0), 0),
          pieces,
        };
      }
    }
  }

  #read(batches: Iterator<Batch>): { batch: Batch; blobs: Promise<Map<string, Packed>> | undefined } | undefined {
    const next = batches.next();
    if (next.done === true) return undefined;
    const batch = next.value;
    if (batch.bytes > batchBytesMax) return { batch, blobs: undefined };
    const blobs = this.#opened(batch.contents.flatMap((content) => content.blobs));
    // Awaited later: a refusal meanwhile is not one that nobody heard.
    blobs.catch(() => {});
    return { batch, blobs };
  }

  async *#verified({ blobs }: Content): AsyncGenerator<Buffer> {
    for (const id of blobs) yield await this.#repository.blob(id, 'data');
  }

  async *#oneByOne({ blobs }: Content): AsyncGenerator<Packed | Buffer> {
    for (let at = 0; at < blobs.length; ) {
      const group: string[] = [];
      for (let bytes = 0; at < blobs.length && bytes < batchBytesMax; at += 1) {
        const id = blobs[at] ?? '';
        group.push(id);
        bytes += this.#bytesOf(id);
      }
      const opened = await this.#opened(group.filter((id) => !this.#kept.has(id)));
      for (const id of group) {
        const piece = opened.get(id) ?? this.#kept.get(id);
        if (piece !== undefined) this.#keep(id, piece);
        yield piece ?? (await this.#repository.blob(id, 'data'));
      }
    }
  }

  /** Blobs by their id, read in as few spans as they stand in; those missing that cannot be opened. */
  async #opened(ids: readonly string[]): Promise<Map<string, Packed>> {
    const opened = new Map<string, Packed>();
    const entries = [...new Set(ids)].flatMap((id) => this.#table.find(id, 'data')[0] ?? []);
    const packs = Map.groupBy(entries, (entry) => this.#table.packNumber(entry));
    for (const inPack of packs.values()) {
      inPack.sort((one, other) => this.#table.place(one).offset - this.#table.place(other).offset);
      for (const span of spansOfEntries(this.#table, inPack)) {
        const bytes = await this.#part(span.pack, span.offset, span.length);
        for (const { id, offset, length, plainLength, compressed } of span.blobs) {
          const sealed = bytes.subarray(offset - span.offset, offset - span.offset + length);
          const plain = sealed.length === length ? this.#repository.opener.open(sealed) : undefined;
          if (plain !== undefined) opened.set(id, { id, plainLength, compressed, bytes: plain });
        }
      }
      for (const entry of inPack) this.#count(entry);
    }
    return opened;
  }

  /** Nothing where the pack is no longer there: prune may have moved what it held. */
  async #part(pack: string, offset: number, length: number): Promise<Buffer> {
    try {
      return await this.#repository.files.readPart(pack, offset, length);
    } catch (error) {
      if (error instanceof Damaged) return Buffer.alloc(0);
      throw error;
    }
  }

  #count(entry: number): void {
    if (this.#seen[entry] === 1) {
      this.reading.again += 1;
      return;
    }
    this.#seen[entry] = 1;
    this.reading.blobs += 1;
    this.reading.bytes += this.#table.plainLength(entry);
  }

  #bytesOf(id: string): number {
    return this.#placeOf(id)?.length ?? 0;
  }

  #placeOf(id: string): BlobPlace | undefined {
    const [entry] = this.#table.find(id, 'data');
    return entry === undefined ? undefined : this.#table.place(entry);
  }

  #keep(id: string, piece: Packed): void {
    if (this.#kept.delete(id)) this.#keptBytes -= piece.bytes.length;
    this.#kept.set(id, piece);
    this.#keptBytes += piece.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= keptBytesMax) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes.length;
    }
  }

  *#batches(contents: readonly Content[]): Generator<Batch> {
    let batch: Batch = { contents: [], bytes: 0 };
    for (const content of contents) {
      const bytes = content.blobs.reduce((sum, id) => sum + this.#bytesOf(id), 0);
      if (batch.contents.length > 0 && batch.bytes + bytes > batchBytesMax) {
        yield batch;
        batch = { contents: [], bytes: 0 };
      }
      batch.contents.push(content);
      batch.bytes += bytes;
    }
    if (batch.contents.length > 0) yield batch;
  }

  /** By the place of their first blobs: versions of the same file follow each other. */
  #inOrderOfPacks(contents: readonly Content[]): Content[] {
    const placed = contents.map((content) => {
      const [entry] = this.#table.find(content.blobs[0] ?? '', 'data');
      return entry === undefined
        ? { content, pack: Number.MAX_SAFE_INTEGER, offset: 0 }
        : { content, pack: this.#table.packNumber(entry), offset: this.#table.place(entry).offset };
    });
    placed.sort((one, other) => one.pack - other.pack || one.offset - other.offset);
    return placed.map(({ content }) => content);
  }
}
