import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { FactorStores } from '../../../access/memoryFactorStores.ts';
import type { Passkey, PasskeyStore } from '../../../access/passkeys/ports.ts';
import { openText, type Sealer } from '../../../access/sealer.ts';
import type { RecoveryCodeStore, TotpStore } from '../../../access/secondFactor/ports.ts';
import { apiTokenStore, invitationStore } from './linkStores.ts';

const PasskeyRow = z.object({
  id: z.string(),
  person: z.string(),
  name: z.instanceof(Uint8Array),
  publicKey: z.instanceof(Uint8Array),
  counter: z.number(),
  transports: z.string(),
  rpId: z.string(),
  isSynced: z.number(),
  createdAt: z.number(),
  usedAt: z.number().nullable(),
  isSuspect: z.number(),
});
const Transports = z.array(z.string());
const TotpRow = z.object({
  person: z.string(),
  secret: z.instanceof(Uint8Array),
  createdAt: z.number(),
  lastStep: z.number(),
  skewSteps: z.number(),
});
const LeftRow = z.object({ left: z.number(), madeAt: z.number().nullable() });

/** What people sign in with, in the database of people; what is personal or opens a door is sealed row by row. */
export function factorStores(database: DatabaseSync, sealer: Sealer): FactorStores {
  return {
    passkeys: passkeyStore(database, sealer),
    totps: totpStore(database, sealer),
    recoveryCodes: recoveryCodeStore(database),
    invitations: invitationStore(database),
    apiTokens: apiTokenStore(database, sealer),
  };
}

function passkeyStore(database: DatabaseSync, sealer: Sealer): PasskeyStore {
  const put = database.prepare(`REPLACE INTO passkeys (id, person, name, publicKey, counter, transports, rpId, isSynced,
    createdAt, usedAt, isSuspect) VALUES (:id, :person, :name, :publicKey, :counter, :transports, :rpId, :isSynced,
    :createdAt, :usedAt, :isSuspect)`);
  const byId = database.prepare('SELECT * FROM passkeys WHERE id = ?');
  const of = database.prepare('SELECT * FROM passkeys WHERE person = ? ORDER BY createdAt, id');
  const remove = database.prepare('DELETE FROM passkeys WHERE person = ? AND id = ?');
  const removeAll = database.prepare('DELETE FROM passkeys WHERE person = ?');
  const passkeyOf = (given: unknown): Passkey => {
    const row = PasskeyRow.parse(given);
    return {
      ...row,
      name: openText(sealer, `passkeys.name:${row.id}`, row.name),
      publicKey: openText(sealer, `passkeys.publicKey:${row.id}`, row.publicKey),
      transports: Transports.parse(JSON.parse(row.transports)),
      isSynced: row.isSynced === 1,
      isSuspect: row.isSuspect === 1,
    };
  };
  return {
    put: (passkey) =>
      void put.run({
        ...passkey,
        name: sealer.seal(`passkeys.name:${passkey.id}`, passkey.name),
        publicKey: sealer.seal(`passkeys.publicKey:${passkey.id}`, passkey.publicKey),
        transports: JSON.stringify(passkey.transports),
        isSynced: passkey.isSynced ? 1 : 0,
        isSuspect: passkey.isSuspect ? 1 : 0,
      }),
    find(id) {
      const row = byId.get(id);
      return row === undefined ? undefined : passkeyOf(row);
    },
    of: (person) => of.all(person).map(passkeyOf),
    remove: (person, id) => remove.run(person, id).changes > 0,
    removeAll: (person) => void removeAll.run(person),
  };
}

function totpStore(database: DatabaseSync, sealer: Sealer): TotpStore {
  const put = database.prepare(`REPLACE INTO totps (person, secret, createdAt, lastStep, skewSteps)
    VALUES (:person, :secret, :createdAt, :lastStep, :skewSteps)`);
  const of = database.prepare('SELECT * FROM totps WHERE person = ?');
  const spend = database.prepare('UPDATE totps SET lastStep = ?2, skewSteps = ?3 WHERE person = ?1 AND lastStep < ?2');
  const remove = database.prepare('DELETE FROM totps WHERE person = ?');
  const what = (person: string) => `totps.secret:${person}`;
  return {
    put: (totp) => void put.run({ ...totp, secret: sealer.seal(what(totp.person), totp.secret) }),
    of(person) {
      const found = of.get(person);
      if (found === undefined) return undefined;
      const row = TotpRow.parse(found);
      return { ...row, secret: openText(sealer, what(person), row.secret) };
    },
    spend: (person, step, skewSteps) => spend.run(person, step, skewSteps).changes > 0,
    remove: (person) => remove.run(person).changes > 0,
  };
}

function recoveryCodeStore(database: DatabaseSync): RecoveryCodeStore {
  const add = database.prepare('INSERT INTO recoveryCodes (person, number, hash, madeAt) VALUES (?, ?, ?, ?)');
  const hashOf = database.prepare('SELECT hash FROM recoveryCodes WHERE person = ? AND number = ?');
  const spend = database.prepare('UPDATE recoveryCodes SET hash = NULL WHERE person = ? AND number = ? AND hash = ?');
  const left = database.prepare(
    'SELECT count(hash) AS left, max(madeAt) AS madeAt FROM recoveryCodes WHERE person = ?',
  );
  const remove = database.prepare('DELETE FROM recoveryCodes WHERE person = ?');
  return {
    replace(person, hashes, at) {
      database.exec('BEGIN IMMEDIATE');
      try {
        remove.run(person);
        for (const [number, hash] of hashes.entries()) add.run(person, number, hash, at);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    hashOf(person, number) {
      const row = hashOf.get(person, number);
      return typeof row?.hash === 'string' ? row.hash : undefined;
    },
    spend: (person, number, hash) => spend.run(person, number, hash).changes > 0,
    left(person) {
      const row = LeftRow.parse(left.get(person));
      return row.madeAt === null ? undefined : { left: row.left, madeAt: row.madeAt };
    },
    remove: (person) => void remove.run(person),
  };
}
