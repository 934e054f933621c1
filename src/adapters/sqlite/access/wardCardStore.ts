import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { WardCard, WardCardStore } from '../../../access/wardCards/ports.ts';

export const wardCardsTable = `CREATE TABLE wardCards (id TEXT PRIMARY KEY, ward TEXT NOT NULL,
  codeIndex TEXT NOT NULL UNIQUE, madeAt INTEGER NOT NULL, madeBy TEXT NOT NULL, expiresAt INTEGER NOT NULL,
  endedAt INTEGER, endedBy TEXT, endedWhy TEXT, lastUsedAt INTEGER) STRICT;`;

const Row = z.object({
  id: z.string(),
  ward: z.string(),
  codeIndex: z.string(),
  madeAt: z.number(),
  madeBy: z.string(),
  expiresAt: z.number(),
  endedAt: z.number().nullable(),
  endedBy: z.string().nullable(),
  endedWhy: z.enum(['renewed', 'revoked']).nullable(),
  lastUsedAt: z.number().nullable(),
});

function cardOf(row: unknown): WardCard {
  const { endedAt, endedBy, endedWhy, ...card } = Row.parse(row);
  const isEnded = endedAt !== null && endedBy !== null && endedWhy !== null;
  return { ...card, ended: isEnded ? { at: endedAt, by: endedBy, why: endedWhy } : null };
}

export function wardCardStore(database: DatabaseSync): WardCardStore {
  const put =
    database.prepare(`REPLACE INTO wardCards (id, ward, codeIndex, madeAt, madeBy, expiresAt, endedAt, endedBy,
    endedWhy, lastUsedAt) VALUES (:id, :ward, :codeIndex, :madeAt, :madeBy, :expiresAt, :endedAt, :endedBy, :endedWhy,
    :lastUsedAt)`);
  const byIndex = database.prepare('SELECT * FROM wardCards WHERE codeIndex = ?');
  const byId = database.prepare('SELECT * FROM wardCards WHERE id = ?');
  const list = database.prepare('SELECT * FROM wardCards ORDER BY ward, madeAt, rowid');
  const forget = database.prepare('DELETE FROM wardCards WHERE min(expiresAt, coalesce(endedAt, expiresAt)) < ?');
  const one = (row: unknown): WardCard | undefined => (row === undefined ? undefined : cardOf(row));

  return {
    put({ ended, ...card }) {
      put.run({
        ...card,
        endedAt: ended?.at ?? null,
        endedBy: ended?.by ?? null,
        endedWhy: ended?.why ?? null,
      });
    },
    byIndex: (codeIndex) => one(byIndex.get(codeIndex)),
    byId: (id) => one(byId.get(id)),
    list: () => list.all().map(cardOf),
    forget: (endedBefore) => void forget.run(endedBefore),
  };
}
