import { openBlob } from './blob.ts';
import type { BlobPlace, BlobTable } from './blobTable.ts';
import { Damaged } from './damaged.ts';
import type { RepositoryFiles } from './files.ts';
import type { Opener } from './sealed.ts';

/** Blobs of a pack that are read in one go. Plain data: it crosses threads. */
export interface Span {
  pack: string;
  offset: number;
  length: number;
  blobs: (Omit<BlobPlace, 'pack'> & { id: string })[];
}

/** Read at once: long enough to keep a disk busy, short enough that several fit in memory. */
const spanBytesMax = 4 * 1024 * 1024;
/** Unwanted bytes between two wanted blobs that are read rather than skipped. */
const gapBytesMax = 128 * 1024;

/** Cuts blobs of one pack, in the order of their bytes, into what is read at once. */
export function spansOf(pack: string, blobs: readonly Span['blobs'][number][]): Span[] {
  const spans: Span[] = [];
  let span: Span | undefined;
  for (const blob of blobs) {
    const end = blob.offset + blob.length;
    if (
      span === undefined ||
      blob.offset > span.offset + span.length + gapBytesMax ||
      end - span.offset > spanBytesMax
    ) {
      span = { pack, offset: blob.offset, length: 0, blobs: [] };
      spans.push(span);
    }
    span.length = Math.max(span.length, end - span.offset);
    span.blobs.push(blob);
  }
  return spans;
}

/** The same for entries of the index, which stand in one pack and in the order of their bytes. */
export function spansOfEntries(table: BlobTable, entries: readonly number[]): Span[] {
  const [first] = entries;
  if (first === undefined) return [];
  return spansOf(
    table.place(first).pack,
    entries.map((entry) => {
      const { offset, length, plainLength, compressed } = table.place(entry);
      return { id: table.id(entry), offset, length, plainLength, compressed };
    }),
  );
}

export type ReadBlob = { id: string; plain: Buffer } | { id: string; damaged: string };

/** Buffers of this thread that hold a span, used again: what the system gives anew it first fills with zeros. */
const rooms: Buffer[] = [];

/** Every blob of a span, verified, in order; those that cannot be relied on say why. */
export async function* readSpan(files: RepositoryFiles, opener: Opener, span: Span): AsyncGenerator<ReadBlob> {
  const room = rooms.pop() ?? Buffer.allocUnsafeSlow(spanBytesMax);
  try {
    const read = await files.readPart(span.pack, span.offset, span.length, room);
    for (const blob of span.blobs) yield opened(opener, read, span, blob);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    for (const { id } of span.blobs) yield { id, damaged: error.message };
  } finally {
    rooms.push(room);
  }
}

function opened(opener: Opener, read: Buffer, span: Span, blob: Span['blobs'][number]): ReadBlob {
  const at = blob.offset - span.offset;
  try {
    return { id: blob.id, plain: openBlob(opener, read.subarray(at, at + blob.length), blob.id, blob) };
  } catch (error) {
    if (error instanceof Damaged) return { id: blob.id, damaged: `pack ${span.pack}: ${error.message}` };
    throw error;
  }
}
