import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RotatingSealer } from '../../access/keys/ports.ts';
import type { Sealer } from '../../access/sealer.ts';
import type { KeyStore } from '../../journal/ports.ts';
import { Refused } from '../../journal/result.ts';
import { ownDatabase, refusalOf } from './journalDatabase.ts';

/** Keys kept at hand while folding; the rest are one read away. */
const atHandMax = 4_096;

const keysFile = (folder: string): string => join(folder, 'keys.sqlite');
/** What a key is, and whose: wrapped for one subject, it does not open for another. */
const place = (keyId: string, subject: string): string => `data key ${JSON.stringify([keyId, subject])}`;

/** How keys lie: in clear (release 0.1), wrapped but with clear ones perhaps left in the file's free space, wrapped only. */
const [clear, wrappedNotCleaned, wrapped] = [0, 1, 2];

const schema = `CREATE TABLE IF NOT EXISTS keys
  (subject TEXT PRIMARY KEY, keyId TEXT NOT NULL UNIQUE, key BLOB NOT NULL) STRICT`;
const settings =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF';

const formatOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version);

/** Every key passed through `change`, all or none. */
function rewrite(database: DatabaseSync, format: number, change: (key: Uint8Array, at: string) => Uint8Array): void {
  const update = database.prepare('UPDATE keys SET key = ? WHERE keyId = ?');
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const { subject, keyId, key } of database.prepare('SELECT subject, keyId, key FROM keys').all()) {
      if (!(key instanceof Uint8Array)) throw new Error('a key is not bytes');
      const changed = change(key, place(String(keyId), String(subject)));
      if (changed !== key) update.run(changed, String(keyId));
    }
    database.exec(`PRAGMA user_version = ${format}; COMMIT`);
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What was overwritten leaves the write-ahead log too. False where another connection was reading, for it is not waited for. */
function emptyLog(database: DatabaseSync): boolean {
  database.exec('PRAGMA busy_timeout = 100');
  const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
  database.exec('PRAGMA busy_timeout = 5000');
  return busy === 0;
}

/** Wraps what lies in clear; cut short anywhere, the next opening goes on. */
function wrapAll(database: DatabaseSync, sealer: Sealer): void {
  if (formatOf(database) === clear) rewrite(database, wrappedNotCleaned, (key, at) => sealer.seal(at, key));
  // Pages overwritten in place first, then a file without free space.
  if (!emptyLog(database)) return;
  database.exec('VACUUM');
  if (emptyLog(database)) database.exec(`PRAGMA user_version = ${wrapped}`);
}

/**
 * Data keys in a file of their own, never copied with the journal, each wrapped under the master key. Erasing overwrites the key
 * where it lay (`secure_delete`) and empties the write-ahead log that held it. Without a sealer keys lie in clear: for
 * benches and tests, whose journals hold nothing of anybody.
 */
export function openKeyStore(folder: string, sealer?: Sealer): KeyStore & { close(): void } {
  const database = ownDatabase(keysFile(folder));
  try {
    database.exec(`${settings}; ${schema}`);
    const format = formatOf(database);
    if (format > wrapped || (sealer === undefined && format !== clear)) throw new Refused(notOurs(folder, format));
    if (sealer !== undefined && format !== wrapped) wrapAll(database, sealer);
  } catch (error) {
    database.close();
    throw error;
  }
  const bySubject = database.prepare('SELECT keyId, key FROM keys WHERE subject = ?');
  const byId = database.prepare('SELECT subject, key FROM keys WHERE keyId = ?');
  const insert = database.prepare('INSERT INTO keys (subject, keyId, key) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM keys WHERE subject = ?');
  const atHand = new Map<string, { keyId: string; key: Uint8Array }>();
  const keysAtHand = new Map<string, Uint8Array>();
  const opened = (keyId: string, subject: string, key: Uint8Array): Uint8Array =>
    sealer === undefined ? key : sealer.open(place(keyId, subject), key);

  function remember<Value>(map: Map<string, Value>, name: string, value: Value): Value {
    if (map.size >= atHandMax) map.clear();
    map.set(name, value);
    return value;
  }

  /** A key that cannot be kept must not encrypt anything: the caller hears that the disk refuses, not that a room is broken. */
  function orRefuse<Value>(write: () => Value): Value {
    try {
      return write();
    } catch (error) {
      throw new Refused(refusalOf(error, folder));
    }
  }

  return {
    keyFor(subject) {
      const known = atHand.get(subject);
      if (known !== undefined) return known;
      const row = bySubject.get(subject);
      if (row !== undefined && row.key instanceof Uint8Array) {
        const keyId = String(row.keyId);
        return remember(atHand, subject, { keyId, key: opened(keyId, subject, row.key) });
      }
      const made = { keyId: randomBytes(16).toString('hex'), key: new Uint8Array(randomBytes(32)) };
      const kept = sealer === undefined ? made.key : sealer.seal(place(made.keyId, subject), made.key);
      orRefuse(() => insert.run(subject, made.keyId, kept));
      return remember(atHand, subject, made);
    },
    find(keyId) {
      const known = keysAtHand.get(keyId);
      if (known !== undefined) return known;
      const row = byId.get(keyId);
      if (row === undefined || !(row.key instanceof Uint8Array)) return undefined;
      return remember(keysAtHand, keyId, opened(keyId, String(row.subject), row.key));
    },
    erase(subject) {
      orRefuse(() => {
        remove.run(subject);
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      });
      atHand.clear();
      keysAtHand.clear();
    },
    close: () => database.close(),
  };
}

/** Wraps again, under the newest master key, what an older one wrapped; beside a hub that goes on working, or without one. */
export function rewrapKeyStore(folder: string, sealer: RotatingSealer): void {
  if (!existsSync(keysFile(folder))) return;
  const database = ownDatabase(keysFile(folder));
  try {
    database.exec(`${settings}; ${schema}`);
    // What lies in clear is not a rotation's business: the hub wraps it when it opens the journal.
    const format = formatOf(database);
    if (format === clear) return;
    rewrite(database, format, (key, at) => (sealer.isCurrent(key) ? key : sealer.seal(at, sealer.open(at, key))));
    emptyLog(database);
  } finally {
    database.close();
  }
}

/** Whether some key here is wrapped: then the keyring that opens it must be there. */
export function holdsWrappedKeys(folder: string): boolean {
  if (!existsSync(keysFile(folder))) return false;
  const database = ownDatabase(keysFile(folder));
  try {
    return formatOf(database) !== clear;
  } finally {
    database.close();
  }
}

const notOurs = (folder: string, format: number) => ({
  code: format > wrapped ? 'keys-newer-format' : 'keys-wrapped',
  message:
    format > wrapped
      ? 'The data keys were written by a newer Reflexe.'
      : 'The data keys are wrapped under a master key, and none was given.',
  where: keysFile(folder),
  expected: `format ${wrapped} at most, found ${format}`,
  kept: 'The file was not touched.',
  cure: format > wrapped ? 'Start the newer version.' : 'Open the data folder that holds them, with its keyring.',
  retryable: false,
});
