import { uncompressedLength } from './blob.ts';
import { BlobTable } from './blobTable.ts';
import { Damaged, Missing } from './damaged.ts';
import { document, type IndexedPack, indexFile } from './documents.ts';
import type { RepositoryFiles } from './files.ts';

export interface LoadedIndex {
  table: BlobTable;
  /** Of the index files. */
  names: string[];
  /** Index files that say nothing any more; blobs only they named are told as «in no index». */
  damaged: { id: string; reason: string }[];
}

/** Every index file into one table. Old and superseded ones are read like the others: a blob they place wrongly is found elsewhere. */
export async function loadIndex(
  files: RepositoryFiles,
  opened: (id: string, sealed: Buffer) => Buffer,
): Promise<LoadedIndex> {
  const table = new BlobTable();
  const damaged: LoadedIndex['damaged'] = [];
  const names = await files.list('index');
  for (const id of names) {
    try {
      const packs = document(indexFile, opened(id, await files.read('index', id)), `index ${id}`);
      for (const pack of packs) addPack(table, pack);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      // Replaced by another while the list was read.
      if (!(error instanceof Missing)) damaged.push({ id, reason: error.why });
    }
  }
  return { table, names, damaged };
}

export function addPack(table: BlobTable, pack: IndexedPack): void {
  for (const { id, type, offset, length, uncompressed_length: plain = 0 } of pack.blobs)
    table.add(id, type, {
      pack: pack.id,
      offset,
      length,
      compressed: plain > 0,
      plainLength: plain > 0 ? plain : uncompressedLength(length),
    });
}
