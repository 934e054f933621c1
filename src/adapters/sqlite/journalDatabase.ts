import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Refusal, Refused } from '../../journal/result.ts';

export const journalFile = (folder: string): string => join(folder, 'journal.sqlite');

/** "Rflx": tells our files from any other SQLite database. */
const applicationId = 0x52666c78;
export const formatVersion = 1;

const schema = `
  CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    hash TEXT NOT NULL,
    form TEXT NOT NULL
  ) STRICT;
  CREATE TABLE documents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE checkpoints (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  ${['entries', 'documents', 'checkpoints']
    .flatMap((table) =>
      ['UPDATE', 'DELETE'].map(
        (verb) => `CREATE TRIGGER ${table}_never_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
          BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;`,
      ),
    )
    .join('\n')}
  CREATE TRIGGER entries_follow BEFORE INSERT ON entries
    WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM entries)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: not the next entry'); END;
  CREATE TRIGGER documents_once BEFORE INSERT ON documents WHEN EXISTS (SELECT 1 FROM documents WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(IGNORE); END;
  CREATE TRIGGER checkpoints_once BEFORE INSERT ON checkpoints
    WHEN EXISTS (SELECT 1 FROM checkpoints WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(IGNORE); END;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${formatVersion};
`;

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

function checkFormat(database: DatabaseSync, folder: string): void {
  const format = pragma(database, 'user_version');
  if (pragma(database, 'application_id') === applicationId && format === formatVersion) return;
  const newer = typeof format === 'number' && format > formatVersion;
  throw new Refused({
    code: newer ? 'journal-newer-format' : 'journal-damaged',
    message: newer
      ? `The journal has format ${format}; this version knows ${formatVersion}.`
      : 'This is not a journal of Reflexe.',
    where: journalFile(folder),
    expected: `a journal of format ${formatVersion}`,
    kept: 'the file as it is',
    cure: newer
      ? 'Start the version of Reflexe that wrote it, or a newer one.'
      : 'Check the folder, or restore it from a copy.',
    retryable: false,
  });
}

/** A database only its owner may read; SQLite gives its log the same rights. */
export function ownDatabase(file: string): DatabaseSync {
  closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
  return new DatabaseSync(file, { timeout: 5_000 });
}

export function openForWriting(folder: string): DatabaseSync {
  const database = ownDatabase(journalFile(folder));
  try {
    if (pragma(database, 'journal_mode = WAL') !== 'wal')
      throw new Error('the file system does not allow a write-ahead log');
    // An acknowledged entry is on the disk, not on its way there. There is no other setting.
    database.exec('PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA recursive_triggers = ON');
    const empty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (empty && pragma(database, 'user_version') === 0) database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
    checkFormat(database, folder);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Reads a journal without changing its folder. Without a write-ahead log beside it the file was closed cleanly, and is
 * read as it lies, also from read-only media; with one, SQLite reads both (a hub may be writing at this moment).
 */
export function openForReading(folder: string): DatabaseSync {
  const file = journalFile(folder);
  const location = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) location.searchParams.set('immutable', '1');
  const database = new DatabaseSync(location, { readOnly: true, timeout: 5_000 });
  try {
    checkFormat(database, folder);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite's primary result codes we tell apart (sqlite.org/rescode.html). */
const [readOnlyFile, ioError, corrupt, full, notADatabase] = [8, 10, 11, 13, 26];

/** SQLite's words, as a refusal in ours. */
export function refusalOf(error: unknown, folder: string): Refusal {
  if (error instanceof Refused) return error.refusal;
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  const words = error instanceof Error ? error.message : String(error);
  const where = journalFile(folder);
  const kept = 'every acknowledged entry; this one was not written';
  if (code === corrupt || code === notADatabase) {
    return {
      code: 'journal-damaged',
      message: `The journal's file is damaged: ${words}.`,
      where,
      kept: 'the file as it is',
      cure: 'Run `reflexe journal verify` on the folder, then take the journal from a copy.',
      retryable: false,
    };
  }
  const unavailable = { code: 'journal-unavailable', where, kept, retryable: true };
  const fullDisk = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
  if (code === full || fullDisk) {
    return {
      ...unavailable,
      message: 'The disk that holds the journal is full.',
      cure: 'Free some space; nothing else is needed.',
    };
  }
  const why = code === ioError || code === readOnlyFile ? `the disk refuses: ${words}` : words;
  return {
    ...unavailable,
    message: `The journal could not be written: ${why}.`,
    cure: 'Check the disk, then try again.',
  };
}
