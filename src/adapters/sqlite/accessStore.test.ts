import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessStoresContract } from '../../access/stores.contract.ts';
import { type AccessStore, openAccessStore } from './accessStore.ts';

function opened(file: string): AccessStore {
  const result = openAccessStore(file);
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
    store.stores.sessions.put({ id: 'one', tokenHash: canary, person: 'anne', createdAt: 1, seenAt: 1 });
    store.close();
    expect(readFileSync(file).includes(canary)).toBe(true);
    const again = opened(file);
    again.stores.sessions.end('one');
    again.close();
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(canary)).toBe(false);
  });

  it('leaves a file of a newer version, or of something else, as it was', () => {
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(openAccessStore(file)).toMatchObject({ ok: false, refusal: { code: 'access-store-newer', where: file } });

    const other = join(folder, 'other.sqlite');
    writeFileSync(other, 'not a database, but someone cares about it, whatever it is'.repeat(50));
    const before = readFileSync(other);
    expect(openAccessStore(other)).toMatchObject({ ok: false, refusal: { code: 'access-store-unreadable' } });
    expect(readFileSync(other).equals(before)).toBe(true);
  });
});
