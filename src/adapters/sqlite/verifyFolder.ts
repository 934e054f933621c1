import { type Countersignature, countersignatureIsGenuine } from '../../journal/countersign.ts';
import type { Checkpoint, Head, SealStore } from '../../journal/ports.ts';
import { accept, type Result } from '../../journal/result.ts';
import { type Verdict, verifyStore } from '../../journal/verify.ts';
import { readReceived } from '../countersign/received.ts';
import { readMark } from './headMark.ts';
import { type JournalReader, parseDocument } from './journalReader.ts';
import { readFolder } from './readFolder.ts';

export interface FolderVerdict extends Verdict {
  /** What SQLite says of the file's own structure: `ok`, or the first thing wrong. */
  storage: string;
  /** The sites whose countersignatures lie beside the journal: the last entry each vouches for, and its key. */
  countersigned: { site: string; publicKey: string; sequence: number; time: string }[];
}

const asStore = (
  reader: JournalReader,
  received: readonly Checkpoint[],
): SealStore & { document(hash: string): Promise<ReturnType<typeof parseDocument> | undefined> } => ({
  stored: async (after, limit) => reader.stored(after, limit),
  checkpoints: async (after, limit) => {
    const own = reader.checkpoints(after, limit);
    const last = own.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
    const others = received.filter(({ sequence }) => sequence > after && sequence <= last);
    return [...own, ...others].sort((one, other) => one.sequence - other.sequence);
  },
  addCheckpoint: async () => {
    throw new Error('opened for reading');
  },
  document: async (hash) => {
    const text = reader.document(hash);
    return text === undefined ? undefined : parseDocument(text);
  },
});

/**
 * Verifies a journal where it lies, changing nothing, also while a hub writes it: entries, documents, checkpoints, and what
 * other sites countersigned. Refuses only where there is no journal that can be read at all (see `readFolder`).
 */
export function verifyFolder(
  path: string,
  anchor?: Head,
  onProgress?: (entries: number) => void,
): Promise<Result<FolderVerdict>> {
  // Read first: what is acknowledged or countersigned meanwhile is in the journal already.
  const beside = (folder: string) => ({ acknowledged: readMark(folder), received: readReceived(folder) });
  return readFolder(path, beside, async (reader, { acknowledged, received }) => {
    const store = asStore(
      reader,
      received.map(({ checkpoint }) => checkpoint),
    );
    const verdict = await verifyStore(store, { anchor, ...(onProgress && { onProgress }) });
    const storage = reader.integrity();
    const whole = withReceived(withMark(verdict, acknowledged), received);
    return accept({
      ...whole,
      ...(storage !== 'ok' && { ok: false }),
      storage,
      countersigned: lastOfEachSite(received),
    });
  });
}

/** A journal that ends before its last acknowledgement was cut, or its write-ahead log damaged. */
function withMark(verdict: Verdict, acknowledged: Head | undefined): Verdict {
  if (!verdict.ok || acknowledged === undefined || acknowledged.sequence <= verdict.head.sequence) return verdict;
  const reason = `missing: entry ${acknowledged.sequence} was acknowledged`;
  return { ...verdict, ok: false, firstBad: { sequence: verdict.head.sequence + 1, reason } };
}

/** Countersigned checkpoints were met on the way; here, that the other sites' own signatures are theirs. */
function withReceived(verdict: Verdict, received: readonly Countersignature[]): Verdict {
  const bad = received.find((one) => !countersignatureIsGenuine(one));
  if (!verdict.ok || bad === undefined) return verdict;
  const reason = `its countersignature by ${bad.site} is not signed by the key it names`;
  return { ...verdict, ok: false, firstBad: { sequence: bad.checkpoint.sequence, reason } };
}

export function lastOfEachSite(received: readonly Countersignature[]): FolderVerdict['countersigned'] {
  const last = new Map<string, FolderVerdict['countersigned'][number]>();
  for (const { site, publicKey, time, checkpoint } of received) {
    const key = `${site} ${publicKey}`;
    if ((last.get(key)?.sequence ?? 0) > checkpoint.sequence) continue;
    last.set(key, { site, publicKey, sequence: checkpoint.sequence, time });
  }
  return [...last.values()];
}
