import { release } from '../repository/blob.ts';
import { Damaged } from '../repository/damaged.ts';
import type { RepositoryFiles } from '../repository/files.ts';
import { type HeaderEntry, headerBytes, readHeader } from '../repository/packHeader.ts';
import type { Opener } from '../repository/sealed.ts';
import { readSpan, spansOf } from '../repository/spans.ts';
import type { CheckOutcome } from './tasks.ts';

/**
 * Reads a whole pack. Its blobs and its header follow each other without a gap, each under its own seal, and each blob is compared
 * with its SHA-256: no byte is left over that the pack's own SHA-256 would see.
 */
export async function checkPack(files: RepositoryFiles, opener: Opener, pack: string): Promise<CheckOutcome> {
  const outcome: CheckOutcome = { kind: 'check', bytes: 0, entries: null, damaged: [] };
  try {
    const bytes = await files.packBytes(pack);
    outcome.bytes = bytes;
    outcome.entries = await header(files, opener, pack, bytes);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { ...outcome, unreadable: error.why };
  }
  for (const span of spansOf(pack, outcome.entries))
    for await (const read of readSpan(files, opener, span))
      if ('damaged' in read) outcome.damaged.push({ id: read.id, reason: read.damaged });
      else release(read.plain);
  return outcome;
}

async function header(files: RepositoryFiles, opener: Opener, pack: string, bytes: number): Promise<HeaderEntry[]> {
  const lastFour = await files.readPart(pack, Math.max(0, bytes - 4), 4);
  const length = headerBytes(lastFour, bytes, pack);
  return readHeader(opener, await files.readPart(pack, bytes - length, length), bytes, pack);
}
