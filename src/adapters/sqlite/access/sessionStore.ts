import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { SignInMethod, Strength } from '../../../access/methods.ts';
import type { Session, SessionStore } from '../../../access/ports.ts';

const Row = z.object({
  id: z.string(),
  tokenHash: z.string(),
  nextTokenHash: z.string().nullable(),
  formerTokenHash: z.string().nullable(),
  tokenAt: z.number(),
  person: z.string(),
  createdAt: z.number(),
  seenAt: z.number(),
  provedAt: z.number(),
  method: SignInMethod,
  strength: Strength,
  device: z.string(),
});

export function sessionStore(database: DatabaseSync): SessionStore {
  const put = database.prepare(`REPLACE INTO sessions (id, tokenHash, nextTokenHash, formerTokenHash, tokenAt, person,
    createdAt, seenAt, provedAt, method, strength, device) VALUES (:id, :tokenHash, :nextTokenHash, :formerTokenHash,
    :tokenAt, :person, :createdAt, :seenAt, :provedAt, :method, :strength, :device)`);
  const byToken = database.prepare(
    'SELECT * FROM sessions WHERE tokenHash = ?1 OR nextTokenHash = ?1 OR formerTokenHash = ?1',
  );
  const byId = database.prepare('SELECT * FROM sessions WHERE id = ?');
  const of = database.prepare('SELECT * FROM sessions WHERE person = ? ORDER BY createdAt, rowid');
  const end = database.prepare('DELETE FROM sessions WHERE id = ?');
  const forget = database.prepare('DELETE FROM sessions WHERE createdAt < ?');
  const sessionOf = (row: unknown): Session | undefined => (row === undefined ? undefined : Row.parse(row));

  return {
    put: (session) => void put.run({ ...session }),
    find: (tokenHash) => sessionOf(byToken.get(tokenHash)),
    byId: (id) => sessionOf(byId.get(id)),
    of: (person) => of.all(person).map((row) => Row.parse(row)),
    end: (id) => end.run(id).changes > 0,
    forget: (createdBefore) => void forget.run(createdBefore),
  };
}
