import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Envelope, EnvelopeStore } from '../../../access/breakGlass/ports.ts';

export const envelopesTable = `CREATE TABLE envelopes (number INTEGER PRIMARY KEY CHECK (number IN (1, 2)),
  envelopes TEXT NOT NULL, codeIndex TEXT NOT NULL, sealedAt INTEGER NOT NULL, sealedBy TEXT NOT NULL,
  openedAt INTEGER) STRICT;`;

const Row = z.object({
  number: z.union([z.literal(1), z.literal(2)]),
  envelopes: z.string(),
  codeIndex: z.string(),
  sealedAt: z.number(),
  sealedBy: z.string(),
  openedAt: z.number().nullable(),
});

export function envelopeStore(database: DatabaseSync): EnvelopeStore {
  const put = database.prepare(`REPLACE INTO envelopes (number, envelopes, codeIndex, sealedAt, sealedBy, openedAt)
    VALUES (:number, :set, :codeIndex, :sealedAt, :sealedBy, :openedAt)`);
  const list = database.prepare('SELECT * FROM envelopes ORDER BY number');
  const opened = database.prepare(
    'UPDATE envelopes SET openedAt = coalesce(openedAt, ?3) WHERE envelopes = ?1 AND number = ?2',
  );
  return {
    replace(fresh) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const envelope of fresh) put.run({ ...envelope });
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    list: () =>
      list.all().map((row): Envelope => {
        const { envelopes: set, ...envelope } = Row.parse(row);
        return { set, ...envelope };
      }),
    opened: (set, number, at) => void opened.run(set, number, at),
  };
}
