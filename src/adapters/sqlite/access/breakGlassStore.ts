import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { BreakGlassStore, BreakGlassUse } from '../../../access/breakGlass/ports.ts';
import { openText, type Sealer } from '../../../access/sealer.ts';

/** `said` and `note` are sealed: who, why, from where, and what the reviewer wrote. */
export const breakGlassTable = `CREATE TABLE breakGlassUses (id TEXT PRIMARY KEY, kind TEXT NOT NULL, ward TEXT, card TEXT,
  envelopes TEXT, person TEXT NOT NULL UNIQUE, session TEXT NOT NULL, said BLOB NOT NULL, openedAt INTEGER NOT NULL,
  endsAt INTEGER NOT NULL, endedAt INTEGER, reviewedBy TEXT, reviewedAt INTEGER, outcome TEXT, note BLOB) STRICT;
  CREATE INDEX breakGlassByTime ON breakGlassUses (openedAt);`;

const Row = z.object({
  id: z.string(),
  kind: z.enum(['care', 'administrative']),
  ward: z.string().nullable(),
  card: z.string().nullable(),
  envelopes: z.string().nullable(),
  person: z.string(),
  session: z.string(),
  said: z.instanceof(Uint8Array),
  openedAt: z.number(),
  endsAt: z.number(),
  endedAt: z.number().nullable(),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.number().nullable(),
  outcome: z.enum(['accepted', 'questioned']).nullable(),
  note: z.instanceof(Uint8Array).nullable(),
});
const Forgotten = z.object({ person: z.string() });
const Said = z.object({ name: z.string(), reason: z.string(), address: z.string() });

export function breakGlassStore(database: DatabaseSync, sealer: Sealer): BreakGlassStore {
  const put = database.prepare(`REPLACE INTO breakGlassUses (id, kind, ward, card, envelopes, person, session, said,
    openedAt, endsAt, endedAt, reviewedBy, reviewedAt, outcome, note) VALUES (:id, :kind, :ward, :card, :set, :person,
    :session, :said, :openedAt, :endsAt, :endedAt, :reviewedBy, :reviewedAt, :outcome, :note)`);
  const byId = database.prepare('SELECT * FROM breakGlassUses WHERE id = ?');
  const byPerson = database.prepare('SELECT * FROM breakGlassUses WHERE person = ?');
  const current = database.prepare(`SELECT * FROM breakGlassUses
    WHERE endedAt IS NULL OR reviewedAt IS NULL OR openedAt >= ? ORDER BY openedAt, rowid`);

  const forget = database.prepare(`DELETE FROM breakGlassUses
    WHERE endedAt IS NOT NULL AND reviewedAt IS NOT NULL AND openedAt < ? RETURNING person`);

  function readUse(row: unknown): BreakGlassUse {
    const { said, envelopes: set, reviewedBy, reviewedAt, outcome, note, ...use } = Row.parse(row);
    const isReviewed = reviewedBy !== null && reviewedAt !== null && outcome !== null && note !== null;
    return {
      ...use,
      set,
      ...Said.parse(JSON.parse(openText(sealer, `breakGlassUses.said:${use.id}`, said))),
      review: isReviewed
        ? { by: reviewedBy, at: reviewedAt, outcome, note: openText(sealer, `breakGlassUses.note:${use.id}`, note) }
        : null,
    };
  }
  const one = (row: unknown): BreakGlassUse | undefined => (row === undefined ? undefined : readUse(row));

  return {
    put({ name, reason, address, review, ...use }) {
      put.run({
        ...use,
        said: sealer.seal(`breakGlassUses.said:${use.id}`, JSON.stringify({ name, reason, address })),
        reviewedBy: review?.by ?? null,
        reviewedAt: review?.at ?? null,
        outcome: review?.outcome ?? null,
        note: review === null ? null : sealer.seal(`breakGlassUses.note:${use.id}`, review.note),
      });
    },
    byId: (id) => one(byId.get(id)),
    byPerson: (person) => one(byPerson.get(person)),
    current: (openedSince) => current.all(openedSince).map(readUse),
    forget: (openedBefore) => forget.all(openedBefore).map((row) => Forgotten.parse(row).person),
  };
}
