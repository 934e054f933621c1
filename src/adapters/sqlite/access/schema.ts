import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Sealer } from '../../../access/sealer.ts';
import { indexOfName, sealNames, sealPassword } from './sealedPerson.ts';

/**
 * What brings the store of people from one version to the next: a published step never changes, a new one is appended.
 * Erasing a person erases, by reference, all that was theirs.
 */
const steps: readonly (string | ((database: DatabaseSync, sealer: Sealer) => void))[] = [
  `CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, displayName TEXT NOT NULL,
    grants TEXT NOT NULL, passwordHash TEXT NOT NULL) STRICT;
  CREATE TABLE firstLink (one INTEGER PRIMARY KEY CHECK (one = 1), tokenHash TEXT NOT NULL,
    expiresAt INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
  CREATE TABLE sessions (id TEXT PRIMARY KEY, tokenHash TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    createdAt INTEGER NOT NULL, seenAt INTEGER NOT NULL) STRICT;
  CREATE INDEX sessionsByPerson ON sessions (person, createdAt);
  CREATE TABLE devices (tokenHash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    at INTEGER NOT NULL) STRICT;
  CREATE INDEX devicesByPerson ON devices (person, at);`,
  // Sessions say by what they were opened, and change their token as they live.
  `ALTER TABLE sessions ADD COLUMN nextTokenHash TEXT;
  ALTER TABLE sessions ADD COLUMN formerTokenHash TEXT;
  ALTER TABLE sessions ADD COLUMN tokenAt INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN provedAt INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
  ALTER TABLE sessions ADD COLUMN strength INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
  CREATE UNIQUE INDEX sessionsByNextToken ON sessions (nextTokenHash);
  CREATE UNIQUE INDEX sessionsByFormerToken ON sessions (formerTokenHash);`,
  // Second factors, passkeys, one-time links, tokens of programs. A BLOB is sealed (src/access/sealer.ts).
  `CREATE TABLE passkeys (id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name BLOB NOT NULL, publicKey BLOB NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, rpId TEXT NOT NULL,
    isSynced INTEGER NOT NULL, createdAt INTEGER NOT NULL, usedAt INTEGER, isSuspect INTEGER NOT NULL) STRICT;
  CREATE INDEX passkeysByPerson ON passkeys (person, createdAt);
  CREATE TABLE totps (person TEXT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE, secret BLOB NOT NULL,
    createdAt INTEGER NOT NULL, lastStep INTEGER NOT NULL, skewSteps INTEGER NOT NULL) STRICT;
  CREATE TABLE recoveryCodes (person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    hash TEXT, madeAt INTEGER NOT NULL, PRIMARY KEY (person, number)) STRICT;
  CREATE TABLE invitations (id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, tokenHash TEXT NOT NULL UNIQUE, by TEXT NOT NULL, createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL) STRICT;
  CREATE TABLE apiTokens (id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    label BLOB NOT NULL, tokenHash TEXT NOT NULL UNIQUE, grants TEXT NOT NULL, createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL, usedAt INTEGER) STRICT;
  CREATE INDEX apiTokensByPerson ON apiTokens (person, createdAt);`,
  sealPeople,
  // Links made from the machine, beside the hub, which takes note of each and journals it.
  'CREATE TABLE firstLinksMadeHere (madeAt INTEGER NOT NULL) STRICT;',
];

/** Names and passwords' hashes sealed, people found by the index of their name; what lay in clear is cleaned away after. */
function sealPeople(database: DatabaseSync, sealer: Sealer): void {
  database.exec(`ALTER TABLE people RENAME COLUMN name TO nameIndex; ALTER TABLE people ADD COLUMN names BLOB;
    ALTER TABLE people ADD COLUMN password BLOB;
    CREATE TABLE cleaning (one INTEGER PRIMARY KEY CHECK (one = 1), done INTEGER NOT NULL) STRICT;
    INSERT INTO cleaning VALUES (1, 0);`);
  const update = database.prepare('UPDATE people SET nameIndex = ?, names = ?, password = ? WHERE id = ?');
  const Clear = z.object({ id: z.string(), nameIndex: z.string(), displayName: z.string(), passwordHash: z.string() });
  for (const row of database.prepare('SELECT * FROM people').all()) {
    const { id, nameIndex: name, displayName, passwordHash } = Clear.parse(row);
    const password = sealPassword(sealer, id, passwordHash);
    update.run(indexOfName(sealer, name), sealNames(sealer, id, { name, displayName }), password, id);
  }
  database.exec('ALTER TABLE people DROP COLUMN displayName; ALTER TABLE people DROP COLUMN passwordHash');
}

/**
 * The file freed of what once lay in clear in it: pages overwritten where they lie, then none left free, the log emptied. Cut
 * short, or while another process reads, it is done at the next opening.
 */
export function cleanOnce(database: DatabaseSync): void {
  if (database.prepare('SELECT done FROM cleaning').get()?.done !== 0) return;
  const emptyLog = () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
  if (!emptyLog()) return;
  database.exec('VACUUM');
  if (emptyLog()) database.exec('UPDATE cleaning SET done = 1');
}

export const schemaVersion: number = steps.length;

const VersionRow = z.object({ user_version: z.number() });

/** Brings the file to this version, within the caller's transaction; answers the version found, which may be a newer one. */
export function upgrade(database: DatabaseSync, sealer: Sealer): number {
  const { user_version: found } = VersionRow.parse(database.prepare('PRAGMA user_version').get());
  if (found >= schemaVersion) return found;
  for (const step of steps.slice(found)) {
    if (typeof step === 'string') database.exec(step);
    else step(database, sealer);
  }
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
  return found;
}
