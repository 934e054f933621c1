import type { BlobTable } from './blobTable.ts';
import { Damaged } from './damaged.ts';
import type { Repository } from './repository.ts';
import { type ReadBlob, readSpan, type Span, spansOfEntries } from './spans.ts';

/**
 * Blobs of files, each different one once, in the order of the packs and of the bytes inside them: what reads a whole repository
 * at the speed of its disk. One that is damaged where it stands is taken from another pack that holds it.
 * `wanted` is asked with the blob's id. In a thread of its own: `readSpan` with the spans of `blobSpans`.
 */
export async function* readBlobs(
  repository: Repository,
  wanted: (id: string) => boolean = () => true,
): AsyncGenerator<ReadBlob> {
  for (const span of blobSpans(await repository.blobs(), wanted))
    for await (const read of readSpan(repository.files, repository.opener, span))
      yield 'damaged' in read ? await elsewhere(repository, read) : read;
}

/** What to read for that, a few megabytes at a time. */
export function* blobSpans(table: BlobTable, wanted: (id: string) => boolean): Generator<Span> {
  for (const entries of table.byPack()) {
    const once = entries.filter((entry) => {
      const id = table.kind(entry) === 'data' ? table.id(entry) : undefined;
      return id !== undefined && table.find(id, 'data')[0] === entry && wanted(id);
    });
    yield* spansOfEntries(table, once);
  }
}

async function elsewhere(repository: Repository, read: { id: string; damaged: string }): Promise<ReadBlob> {
  try {
    return { id: read.id, plain: await repository.blob(read.id, 'data') };
  } catch (error) {
    if (error instanceof Damaged) return read;
    throw error;
  }
}
