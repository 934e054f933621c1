import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/**
 * What brings the store of people from one version to the next: a published step never changes, a new one is appended.
 * Erasing a person erases, by reference, all that was theirs.
 */
const steps: readonly string[] = [
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
];

export const schemaVersion: number = steps.length;

const VersionRow = z.object({ user_version: z.number() });

/** Brings the file to this version, within the caller's transaction; answers the version found, which may be a newer one. */
export function upgrade(database: DatabaseSync): number {
  const { user_version: found } = VersionRow.parse(database.prepare('PRAGMA user_version').get());
  if (found >= schemaVersion) return found;
  for (const step of steps.slice(found)) database.exec(step);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
  return found;
}
