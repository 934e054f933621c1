import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breakGlassContract, envelopesContract } from '../../../access/breakGlass/breakGlass.contract.ts';
import { memorySealer } from '../../../access/memorySealer.ts';
import { linkStoresContract } from '../../../access/oidc/links.contract.ts';
import { wardCardsContract } from '../../../access/wardCards/wardCards.contract.ts';
import { openWaysInStore, type WaysInStore } from './waysInStore.ts';

const sealer = memorySealer();
function opened(file: string): WaysInStore {
  const result = openWaysInStore(file, sealer);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}
/** Every contract over a file closed and opened again between the making of the store and its use. */
function inFolder<Store>(of: (store: WaysInStore) => Store) {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-ways-in-'));
  const file = join(folder, 'ways-in.sqlite');
  opened(file).close();
  const store = opened(file);
  const close = () => {
    store.close();
    rmSync(folder, { recursive: true });
  };
  return { store: of(store), close };
}

wardCardsContract('sqlite', () => inFolder(({ wardCards }) => wardCards));
breakGlassContract('sqlite', () => inFolder(({ breakGlass }) => breakGlass));
envelopesContract('sqlite', () => inFolder(({ envelopes }) => envelopes));
linkStoresContract('sqlite', () => {
  const { store, close } = inFolder((whole) => whole);
  return { stores: store, close };
});

describe('the file of ways in', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reflexe-ways-in-'));
    file = join(folder, 'ways-in.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is readable by its own account alone, and holds no name, reason, note, subject or number in clear', () => {
    const store = opened(file);
    const use = {
      id: 'use-1',
      kind: 'care' as const,
      ward: 'gh:rea',
      card: 'card-1',
      set: null,
      person: 'guest-1',
      session: 'session-1',
      name: 'canary-name',
      reason: 'canary-reason',
      address: 'canary-address',
      openedAt: 1,
      endsAt: 2,
      endedAt: null,
      review: { by: 'anne', at: 3, outcome: 'questioned' as const, note: 'canary-note' },
    };
    store.breakGlass.put(use);
    const waiting = {
      id: 'w',
      provider: 'psc',
      subject: 'canary-subject',
      name: 'canary-who',
      identifier: 'canary-rpps',
    };
    store.waiting.put({ ...waiting, askedAt: 1 }, 10);
    store.links.put({ provider: 'psc', subject: 'canary-linked', person: 'p', source: 'mapping', linkedAt: 1 });
    store.expected.put('psc', 'canary-expected', 'p');
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
      expect(readFileSync(join(folder, name)).includes('canary-')).toBe(false);
    }
    expect(store.breakGlass.byId('use-1')).toEqual(use);
    store.close();
  });

  it('is the same once opened again', () => {
    const store = opened(file);
    store.expected.put('psc', '10001234567', 'anne');
    store.close();
    const again = opened(file);
    expect(again.expected.take('psc', '10001234567')).toBe('anne');
    again.close();
  });

  it('of a newer version, or of something else, is left as it was', () => {
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(openWaysInStore(file, sealer)).toMatchObject({ refusal: { code: 'access-store-newer', where: file } });
    const other = join(folder, 'other.sqlite');
    writeFileSync(other, 'not a database, but someone cares about it, whatever it is'.repeat(50));
    const before = readFileSync(other);
    expect(openWaysInStore(other, sealer)).toMatchObject({ refusal: { code: 'access-store-unreadable' } });
    expect(readFileSync(other).equals(before)).toBe(true);
  });
});
