import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type {
  ExpectedStore,
  LinkStore,
  ProviderLink,
  WaitingStore,
  WaitingSubject,
} from '../../../access/oidc/ports.ts';
import { openText, type Sealer } from '../../../access/sealer.ts';

/** Subjects and professional numbers are personal: found by a keyed index, read from what is sealed. */
export const providerTables = `CREATE TABLE providerLinks (subjectIndex TEXT PRIMARY KEY, provider TEXT NOT NULL,
  subject BLOB NOT NULL, person TEXT NOT NULL, source TEXT NOT NULL, linkedAt INTEGER NOT NULL) STRICT;
  CREATE TABLE waitingSubjects (id TEXT PRIMARY KEY, subjectIndex TEXT NOT NULL UNIQUE, provider TEXT NOT NULL,
  said BLOB NOT NULL, askedAt INTEGER NOT NULL) STRICT;
  CREATE TABLE expectedSubjects (identifierIndex TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;`;

const LinkRow = z.object({
  subjectIndex: z.string(),
  provider: z.string(),
  subject: z.instanceof(Uint8Array),
  person: z.string(),
  source: z.enum(['mapping', 'administrator']),
  linkedAt: z.number(),
});
const WaitingRow = z.object({
  id: z.string(),
  provider: z.string(),
  said: z.instanceof(Uint8Array),
  askedAt: z.number(),
});
const Said = z.object({ subject: z.string(), name: z.string().nullable(), identifier: z.string().nullable() });

const named = (provider: string, name: string): string => JSON.stringify([provider, name]);

export function linkStore(database: DatabaseSync, sealer: Sealer): LinkStore {
  const indexOf = (provider: string, subject: string) =>
    sealer.index('providerLinks.subject', named(provider, subject));
  const put = database.prepare(`REPLACE INTO providerLinks (subjectIndex, provider, subject, person, source, linkedAt)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const find = database.prepare('SELECT * FROM providerLinks WHERE subjectIndex = ?');
  const list = database.prepare('SELECT * FROM providerLinks ORDER BY linkedAt, rowid');
  const remove = database.prepare('DELETE FROM providerLinks WHERE subjectIndex = ?');

  function linkOf(row: unknown): ProviderLink {
    const { subjectIndex, subject, ...link } = LinkRow.parse(row);
    return { ...link, subject: openText(sealer, `providerLinks.subject:${subjectIndex}`, subject) };
  }
  return {
    put({ provider, subject, person, source, linkedAt }) {
      const index = indexOf(provider, subject);
      put.run(index, provider, sealer.seal(`providerLinks.subject:${index}`, subject), person, source, linkedAt);
    },
    find(provider, subject) {
      const row = find.get(indexOf(provider, subject));
      return row === undefined ? undefined : linkOf(row);
    },
    list: () => list.all().map(linkOf),
    remove: (provider, subject) => remove.run(indexOf(provider, subject)).changes > 0,
  };
}

export function waitingStore(database: DatabaseSync, sealer: Sealer): WaitingStore {
  const indexOf = (provider: string, subject: string) =>
    sealer.index('waitingSubjects.subject', named(provider, subject));
  const known = database.prepare('SELECT id FROM waitingSubjects WHERE subjectIndex = ?');
  const put = database.prepare(
    'REPLACE INTO waitingSubjects (id, subjectIndex, provider, said, askedAt) VALUES (?, ?, ?, ?, ?)',
  );
  const trim = database.prepare(`DELETE FROM waitingSubjects WHERE rowid NOT IN
    (SELECT rowid FROM waitingSubjects ORDER BY askedAt DESC, rowid DESC LIMIT ?)`);
  const byId = database.prepare('SELECT * FROM waitingSubjects WHERE id = ?');
  const list = database.prepare('SELECT * FROM waitingSubjects ORDER BY askedAt, rowid');
  const remove = database.prepare('DELETE FROM waitingSubjects WHERE id = ?');

  function waitingOf(row: unknown): WaitingSubject {
    const { said, ...waiting } = WaitingRow.parse(row);
    return { ...waiting, ...Said.parse(JSON.parse(openText(sealer, `waitingSubjects.said:${waiting.id}`, said))) };
  }
  return {
    put(waiting, keep) {
      const { provider, subject, name, identifier, askedAt } = waiting;
      const index = indexOf(provider, subject);
      const id = z.object({ id: z.string() }).optional().parse(known.get(index))?.id ?? waiting.id;
      const said = sealer.seal(`waitingSubjects.said:${id}`, JSON.stringify({ subject, name, identifier }));
      put.run(id, index, provider, said, askedAt);
      trim.run(keep);
      return { ...waiting, id };
    },
    byId(id) {
      const row = byId.get(id);
      return row === undefined ? undefined : waitingOf(row);
    },
    list: () => list.all().map(waitingOf),
    remove: (id) => void remove.run(id),
  };
}

export function expectedStore(database: DatabaseSync, sealer: Sealer): ExpectedStore {
  const indexOf = (provider: string, identifier: string) =>
    sealer.index('expectedSubjects.identifier', named(provider, identifier));
  const put = database.prepare('REPLACE INTO expectedSubjects (identifierIndex, person) VALUES (?, ?)');
  const take = database.prepare('DELETE FROM expectedSubjects WHERE identifierIndex = ? RETURNING person');
  return {
    put: (provider, identifier, person) => void put.run(indexOf(provider, identifier), person),
    take: (provider, identifier) =>
      z
        .object({ person: z.string() })
        .optional()
        .parse(take.get(indexOf(provider, identifier)))?.person,
  };
}
