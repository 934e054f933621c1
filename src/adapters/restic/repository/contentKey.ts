import { nameOf } from './sealed.ts';

/** The same bytes have the same key: a content of one blob is that blob, another the list of its blobs. */
export function contentKey(blobs: readonly string[]): string {
  const [only = ''] = blobs;
  return blobs.length === 1 ? only : nameOf(Buffer.from(blobs.join()));
}
