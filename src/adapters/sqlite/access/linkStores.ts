import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ApiToken, ApiTokenStore } from '../../../access/apiTokens/ports.ts';
import { type Invitation, type InvitationStore, invitationKinds } from '../../../access/invitations/ports.ts';
import { Grant } from '../../../access/roles.ts';
import { openText, type Sealer } from '../../../access/sealer.ts';

const InvitationRow = z.object({
  id: z.string(),
  person: z.string(),
  kind: z.enum(invitationKinds),
  tokenHash: z.string(),
  by: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
});
const TokenRow = z.object({
  id: z.string(),
  person: z.string(),
  label: z.instanceof(Uint8Array),
  tokenHash: z.string(),
  grants: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  usedAt: z.number().nullable(),
});
const Grants = z.array(Grant);

export function invitationStore(database: DatabaseSync): InvitationStore {
  const put = database.prepare(`REPLACE INTO invitations (id, person, kind, tokenHash, by, createdAt, expiresAt)
    VALUES (:id, :person, :kind, :tokenHash, :by, :createdAt, :expiresAt)`);
  const find = database.prepare('SELECT * FROM invitations WHERE tokenHash = ? AND expiresAt > ?');
  const open = database.prepare('SELECT * FROM invitations WHERE expiresAt > ? ORDER BY createdAt, id');
  // One statement: of two at the same moment one finds the row.
  const redeem = database.prepare('DELETE FROM invitations WHERE tokenHash = ? AND expiresAt > ? RETURNING *');
  const cancel = database.prepare('DELETE FROM invitations WHERE person = ?');
  const invitationOf = (row: unknown): Invitation | undefined =>
    row === undefined ? undefined : InvitationRow.parse(row);
  return {
    put: (invitation) => void put.run({ ...invitation }),
    find: (tokenHash, now) => invitationOf(find.get(tokenHash, now)),
    open: (now) => open.all(now).map((row) => InvitationRow.parse(row)),
    redeem: (tokenHash, now) => invitationOf(redeem.get(tokenHash, now)),
    cancel: (person) => cancel.run(person).changes > 0,
  };
}

export function apiTokenStore(database: DatabaseSync, sealer: Sealer): ApiTokenStore {
  const put =
    database.prepare(`REPLACE INTO apiTokens (id, person, label, tokenHash, grants, createdAt, expiresAt, usedAt)
    VALUES (:id, :person, :label, :tokenHash, :grants, :createdAt, :expiresAt, :usedAt)`);
  const find = database.prepare('SELECT * FROM apiTokens WHERE tokenHash = ?');
  const of = database.prepare('SELECT * FROM apiTokens WHERE person = ? ORDER BY createdAt, id');
  const used = database.prepare('UPDATE apiTokens SET usedAt = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM apiTokens WHERE person = ? AND id = ?');
  const what = (id: string) => `apiTokens.label:${id}`;
  const tokenOf = (given: unknown): ApiToken => {
    const row = TokenRow.parse(given);
    return {
      ...row,
      label: openText(sealer, what(row.id), row.label),
      grants: Grants.parse(JSON.parse(row.grants)),
    };
  };
  return {
    put: (token) =>
      void put.run({
        ...token,
        label: sealer.seal(what(token.id), token.label),
        grants: JSON.stringify(token.grants),
      }),
    find(tokenHash) {
      const row = find.get(tokenHash);
      return row === undefined ? undefined : tokenOf(row);
    },
    of: (person) => of.all(person).map(tokenOf),
    used: (id, at) => void used.run(at, id),
    remove: (person, id) => remove.run(person, id).changes > 0,
  };
}
