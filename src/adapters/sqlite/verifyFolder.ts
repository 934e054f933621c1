import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Head, SealStore } from '../../journal/ports.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { type Verdict, verifyStore } from '../../journal/verify.ts';
import { readMark } from './headMark.ts';
import { journalFile, openForReading, refusalOf } from './journalDatabase.ts';
import { createReader, type JournalReader, parseDocument } from './journalReader.ts';

export interface FolderVerdict extends Verdict {
  /** What SQLite says of the file's own structure: `ok`, or the first thing wrong. */
  storage: string;
}

/** The folder itself, or the `journal` folder of a hub's data. */
function journalFolder(path: string): string | undefined {
  return [resolve(path), resolve(path, 'journal')].find((folder) => existsSync(journalFile(folder)));
}

/** Opened where it lies; from a copy where that place takes no shared memory (read-only media with a write-ahead log). */
async function openAnywhere(folder: string, copies: string[]): Promise<DatabaseSync> {
  try {
    return openForReading(folder);
  } catch (error) {
    if (refusalOf(error, folder).code !== 'journal-unavailable') throw error;
    const copy = await mkdtemp(join(tmpdir(), 'reflexe-verify-'));
    copies.push(copy);
    await copyFile(journalFile(folder), journalFile(copy));
    const log = `${journalFile(folder)}-wal`;
    if (existsSync(log)) await copyFile(log, `${journalFile(copy)}-wal`);
    return openForReading(copy);
  }
}

const asStore = (
  reader: JournalReader,
): SealStore & { document(hash: string): Promise<ReturnType<typeof parseDocument> | undefined> } => ({
  stored: async (after, limit) => reader.stored(after, limit),
  checkpoints: async (after, limit) => reader.checkpoints(after, limit),
  addCheckpoint: async () => {
    throw new Error('opened for reading');
  },
  document: async (hash) => {
    const text = reader.document(hash);
    return text === undefined ? undefined : parseDocument(text);
  },
});

/**
 * Verifies a journal where it lies, changing nothing, also while a hub writes it. Refuses only where there is no journal
 * that can be read at all: `journal-not-found`, `journal-damaged`, `journal-newer-format`.
 */
export async function verifyFolder(
  path: string,
  anchor?: Head,
  onProgress?: (entries: number) => void,
): Promise<Result<FolderVerdict>> {
  const folder = journalFolder(path);
  if (folder === undefined) {
    return refuse('journal-not-found', `There is no journal in ${path}.`, {
      where: journalFile(resolve(path)),
      expected: 'the folder of a journal (journal.sqlite), or the data folder that holds it',
      cure: 'Check the path.',
    });
  }
  const copies: string[] = [];
  let database: DatabaseSync | undefined;
  try {
    // Read first: what is acknowledged meanwhile is in the journal already.
    const acknowledged = readMark(folder);
    database = await openAnywhere(folder, copies);
    const reader = createReader(database, folder);
    const verdict = await verifyStore(asStore(reader), { anchor, ...(onProgress && { onProgress }) });
    const storage = reader.integrity();
    return accept({ ...withMark(verdict, acknowledged), ...(storage !== 'ok' && { ok: false }), storage });
  } catch (error) {
    return { ok: false, refusal: error instanceof Refused ? error.refusal : refusalOf(error, folder) };
  } finally {
    database?.close();
    for (const copy of copies) await rm(copy, { recursive: true });
  }
}

/** A journal that ends before its last acknowledgement was cut, or its write-ahead log damaged. */
function withMark(verdict: Verdict, acknowledged: Head | undefined): Verdict {
  if (!verdict.ok || acknowledged === undefined || acknowledged.sequence <= verdict.head.sequence) return verdict;
  const reason = `missing: entry ${acknowledged.sequence} was acknowledged`;
  return { ...verdict, ok: false, firstBad: { sequence: verdict.head.sequence + 1, reason } };
}
