import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Refused, type Result, refuse } from '../../journal/result.ts';
import { journalFile, openForReading, refusalOf } from './journalDatabase.ts';
import { createReader, type JournalReader } from './journalReader.ts';

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

/**
 * Reads a journal where it lies, changing nothing, also while a hub writes it. Refuses where there is no journal that can be
 * read at all: `journal-not-found`, `journal-damaged`, `journal-newer-format`. `prepare` runs before the journal is opened:
 * what it reads beside it is never newer than what the journal holds.
 */
export async function readFolder<Beside, Value>(
  path: string,
  prepare: (folder: string) => Beside,
  read: (reader: JournalReader, beside: Beside, folder: string) => Promise<Result<Value>>,
): Promise<Result<Value>> {
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
    const beside = prepare(folder);
    database = await openAnywhere(folder, copies);
    return await read(createReader(database, folder), beside, folder);
  } catch (error) {
    return { ok: false, refusal: error instanceof Refused ? error.refusal : refusalOf(error, folder) };
  } finally {
    database?.close();
    for (const copy of copies) await rm(copy, { recursive: true });
  }
}
