import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { KeyStore } from '../../journal/ports.ts';
import { Refused } from '../../journal/result.ts';
import { ownDatabase, refusalOf } from './journalDatabase.ts';

/** Keys kept at hand while folding; the rest are one read away. */
const atHandMax = 4_096;

/**
 * Data keys in a file of their own, never copied with the journal. Erasing overwrites the key where it lay
 * (`secure_delete`) and empties the write-ahead log that held it.
 */
export function openKeyStore(folder: string): KeyStore & { close(): void } {
  const database = ownDatabase(join(folder, 'keys.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
    CREATE TABLE IF NOT EXISTS keys (subject TEXT PRIMARY KEY, keyId TEXT NOT NULL UNIQUE, key BLOB NOT NULL) STRICT;
  `);
  const bySubject = database.prepare('SELECT keyId, key FROM keys WHERE subject = ?');
  const byId = database.prepare('SELECT key FROM keys WHERE keyId = ?');
  const insert = database.prepare('INSERT INTO keys (subject, keyId, key) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM keys WHERE subject = ?');
  const atHand = new Map<string, { keyId: string; key: Uint8Array }>();
  const keysAtHand = new Map<string, Uint8Array>();

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
        return remember(atHand, subject, { keyId: String(row.keyId), key: row.key });
      }
      const made = { keyId: randomBytes(16).toString('hex'), key: new Uint8Array(randomBytes(32)) };
      orRefuse(() => insert.run(subject, made.keyId, made.key));
      return remember(atHand, subject, made);
    },
    find(keyId) {
      const known = keysAtHand.get(keyId);
      if (known !== undefined) return known;
      const key = byId.get(keyId)?.key;
      return key instanceof Uint8Array ? remember(keysAtHand, keyId, key) : undefined;
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
