import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySealer } from '../../access/memorySealer.ts';
import { accessStoresContract } from '../../access/stores.contract.ts';
import { type AccessStore, openAccessStore } from './accessStore.ts';

const sealer = memorySealer();

function opened(file: string): AccessStore {
  const result = openAccessStore(file, sealer);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

accessStoresContract('sqlite', true, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-access-'));
  const file = join(folder, 'access.sqlite');
  let store = opened(file);
  return {
    stores: store.stores,
    reopen() {
      store.close();
      store = opened(file);
      return store.stores;
    },
    close() {
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('access store file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reflexe-access-'));
    file = join(folder, 'access.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is readable by its own account alone', () => {
    const store = opened(file);
    store.stores.links.replace('hash', 1);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    store.close();
  });

  it('overwrites what is erased', () => {
    const store = opened(file);
    const canary = 'canary-8f1c66';
    store.stores.links.replace('link', 1000);
    store.stores.links.redeem('link', 1, { id: 'anne', name: 'anne', displayName: 'Anne', grants: [] }, 'hash');
    store.stores.sessions.put({
      id: 'one',
      tokenHash: canary,
      nextTokenHash: null,
      formerTokenHash: null,
      tokenAt: 1,
      person: 'anne',
      createdAt: 1,
      seenAt: 1,
      provedAt: 1,
      method: 'password',
      strength: 1,
      device: 'Firefox, Linux',
    });
    store.close();
    expect(readFileSync(file).includes(canary)).toBe(true);
    const again = opened(file);
    again.stores.sessions.end('one');
    again.close();
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(canary)).toBe(false);
  });

  it('takes a file of the first version on: its people sign in again, and what lay in clear is gone', () => {
    const first = new DatabaseSync(file);
    first.exec(`CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, displayName TEXT NOT NULL,
        grants TEXT NOT NULL, passwordHash TEXT NOT NULL) STRICT;
      CREATE TABLE firstLink (one INTEGER PRIMARY KEY CHECK (one = 1), tokenHash TEXT NOT NULL,
        expiresAt INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
      CREATE TABLE sessions (id TEXT PRIMARY KEY, tokenHash TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        createdAt INTEGER NOT NULL, seenAt INTEGER NOT NULL) STRICT;
      CREATE TABLE devices (tokenHash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        at INTEGER NOT NULL) STRICT;
      INSERT INTO people VALUES ('person-1', 'anne', 'Dr Anne Canary', '[{"role":"administrator","scope":"establishment"}]', 'argon-canary');
      INSERT INTO sessions VALUES ('session-1', 'hash', 'person-1', 1, 1);
      PRAGMA user_version = 1;`);
    first.close();
    expect(readFileSync(file).includes('Anne Canary')).toBe(true);
    const store = opened(file);
    for (const name of readdirSync(folder)) {
      for (const gone of ['Anne Canary', 'argon-canary', 'anne']) {
        expect([name, gone, readFileSync(join(folder, name)).includes(gone)]).toEqual([name, gone, false]);
      }
    }
    expect(store.stores.people.byName('anne')).toMatchObject({
      person: { id: 'person-1', name: 'anne', displayName: 'Dr Anne Canary' },
      passwordHash: 'argon-canary',
    });
    expect(store.stores.sessions.of('person-1')).toMatchObject([{ id: 'session-1', strength: 1, provedAt: 0 }]);
    store.close();
  });

  it('leaves a file of a newer version, or of something else, as it was', () => {
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(openAccessStore(file, sealer)).toMatchObject({
      ok: false,
      refusal: { code: 'access-store-newer', where: file },
    });

    const other = join(folder, 'other.sqlite');
    writeFileSync(other, 'not a database, but someone cares about it, whatever it is'.repeat(50));
    const before = readFileSync(other);
    expect(openAccessStore(other, sealer)).toMatchObject({ ok: false, refusal: { code: 'access-store-unreadable' } });
    expect(readFileSync(other).equals(before)).toBe(true);
  });
});
