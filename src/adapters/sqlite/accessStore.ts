import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Person } from '../../access/person.ts';
import type { AccessStores } from '../../access/ports.ts';
import { Grant } from '../../access/roles.ts';
import type { Sealer } from '../../access/sealer.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { factorStores } from './access/factorStores.ts';
import { cleanOnce, schemaVersion, upgrade } from './access/schema.ts';
import { indexOfName, namesAtHand, openPassword, sealNames, sealPassword } from './access/sealedPerson.ts';
import { sessionStore } from './access/sessionStore.ts';

const Sealed = z.instanceof(Uint8Array);
const PersonRow = z.object({ id: z.string(), names: Sealed, grants: z.string() });
const Grants = z.array(Grant);

export interface AccessStore {
  stores: AccessStores;
  close(): void;
}

/**
 * People, sessions and links in one small SQLite file, apart from the journal: what is personal stays erasable. Names and
 * passwords' hashes are sealed; a person is found by the index of their name.
 * `secure_delete` overwrites what is erased; other processes (`reflexe`) may open the same file. `:memory:` for none.
 */
export function openAccessStore(file: string, sealer: Sealer): Result<AccessStore> {
  try {
    // Readable by this account alone; SQLite gives its other files the same rights.
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`);
    const version = inOne(database, () => upgrade(database, sealer));
    if (version > schemaVersion) {
      database.close();
      return refuse('access-store-newer', 'People and sessions were written by a newer Reflexe.', {
        where: file,
        expected: `schema ${schemaVersion} at most, found ${version}`,
        kept: 'The file was not touched.',
        cure: 'Start the newer version.',
      });
    }
    cleanOnce(database);
    return accept({ stores: storesIn(database, sealer), close: () => database.close() });
  } catch (error) {
    return refuse('access-store-unreadable', 'The store of people and sessions cannot be opened.', {
      where: file,
      expected: `a SQLite file this account may write (${error instanceof Error ? error.message : 'unknown failure'})`,
      kept: 'The file was not replaced; the journal is apart from it.',
      cure: 'Check the disk and the rights on the folder, or put the file of a backup in its place.',
    });
  }
}

function inOne<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function storesIn(database: DatabaseSync, sealer: Sealer): AccessStores {
  const person = database.prepare('SELECT * FROM people WHERE id = ?');
  const personByName = database.prepare('SELECT * FROM people WHERE nameIndex = ?');
  const anyone = database.prepare('SELECT 1 FROM people LIMIT 1');
  const setHash = database.prepare('UPDATE people SET password = ? WHERE id = ?');
  const insertPerson = database.prepare(
    'INSERT INTO people (id, nameIndex, names, grants, password) VALUES (?, ?, ?, ?, ?)',
  );
  const everyone = database.prepare('SELECT * FROM people');
  const setGrants = database.prepare('UPDATE people SET grants = ? WHERE id = ?');
  const removePerson = database.prepare('DELETE FROM people WHERE id = ?');
  const setLink = database.prepare('REPLACE INTO firstLink VALUES (1, ?, ?, 0)');
  const validLink = database.prepare('SELECT 1 FROM firstLink WHERE tokenHash = ? AND used = 0 AND expiresAt > ?');
  const takeMadeHere = database.prepare('DELETE FROM firstLinksMadeHere RETURNING madeAt');
  const spendLink = database.prepare('UPDATE firstLink SET used = 1');
  const addDevice = database.prepare('REPLACE INTO devices VALUES (?, ?, ?)');
  const trimDevices = database.prepare(`DELETE FROM devices WHERE person = ?1 AND rowid NOT IN
    (SELECT rowid FROM devices WHERE person = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2)`);
  const device = database.prepare('SELECT 1 FROM devices WHERE tokenHash = ? AND person = ?');

  const opened = namesAtHand(sealer);
  const personOf = (row: unknown): Person => {
    const { id, names, grants } = PersonRow.parse(row);
    return { id, ...opened.open(id, names), grants: Grants.parse(JSON.parse(grants)) };
  };
  const rowOf = (name: string) => personByName.get(indexOfName(sealer, name));
  function addPerson({ id, name, displayName, grants }: Person, passwordHash: string): void {
    const names = sealNames(sealer, id, { name, displayName });
    const password = sealPassword(sealer, id, passwordHash);
    insertPerson.run(id, indexOfName(sealer, name), names, JSON.stringify(grants), password);
  }

  return {
    ...factorStores(database, sealer),
    people: {
      isEmpty: () => anyone.get() === undefined,
      byName(name) {
        const row = rowOf(name);
        if (row === undefined) return undefined;
        const found = personOf(row);
        return { person: found, passwordHash: openPassword(sealer, found.id, Sealed.parse(row.password)) };
      },
      byId(id) {
        const row = person.get(id);
        return row === undefined ? undefined : personOf(row);
      },
      setPasswordHash: (id, passwordHash) => void setHash.run(sealPassword(sealer, id, passwordHash), id),
      add(added) {
        if (rowOf(added.name) !== undefined) return false;
        addPerson(added, '');
        return true;
      },
      all: () =>
        everyone
          .all()
          .map(personOf)
          .sort((one, other) => one.displayName.localeCompare(other.displayName)),
      setGrants: (id, grants) => void setGrants.run(JSON.stringify(grants), id),
      remove(id) {
        opened.forget(id);
        return removePerson.run(id).changes > 0;
      },
    },
    links: {
      replace: (tokenHash, expiresAt) => void setLink.run(tokenHash, expiresAt),
      takeMadeHere: () => takeMadeHere.all().map(({ madeAt }) => z.number().parse(madeAt)),
      isValid: (tokenHash, now) => validLink.get(tokenHash, now) !== undefined,
      redeem: (tokenHash, now, first, passwordHash) =>
        inOne(database, () => {
          if (validLink.get(tokenHash, now) === undefined) return 'link-not-valid';
          if (rowOf(first.name) !== undefined) return 'name-taken';
          spendLink.run();
          addPerson(first, passwordHash);
          return 'redeemed';
        }),
    },
    sessions: sessionStore(database),
    devices: {
      add: (tokenHash, of, at, keep) =>
        inOne(database, () => {
          addDevice.run(tokenHash, of, at);
          trimDevices.run(of, keep);
        }),
      knows: (tokenHash, of) => device.get(tokenHash, of) !== undefined,
    },
  };
}
