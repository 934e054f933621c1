import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccess } from '../../../access/access.ts';
import { memorySealer } from '../../../access/memorySealer.ts';
import type { AccessNotice } from '../../../access/notices.ts';
import { createPasswordHasher } from '../../argon2/passwordHasher.ts';
import { tokens } from '../../crypto/tokens.ts';
import { oneTimeCodes as codes } from '../../otpauth/oneTimeCodes.ts';
import { passkeyCeremonies as ceremonies } from '../../webauthn/passkeyCeremonies.ts';
import { openAccessStore } from '../accessStore.ts';
import { makeFirstLinkIn } from './firstLinkFile.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-first-link-'));
  file = join(folder, 'access.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a first link made from the machine', () => {
  it('opens in the hub that runs, once; the link before is void, and the hub tells of it', async () => {
    const store = openAccessStore(file, memorySealer());
    if (!store.ok) throw new Error(store.refusal.code);
    const notices: AccessNotice[] = [];
    const access = createAccess({
      ...{ stores: store.value.stores, hasher: createPasswordHasher(), tokens, ceremonies, codes, now: Date.now },
      onAccessEvent: (notice) => notices.push(notice),
    });
    const lost = access.makeFirstLink();
    const made = makeFirstLinkIn(file, Date.now());
    if (!made.ok) throw new Error(made.refusal.code);
    const first = { name: 'anne', displayName: 'Anne', password: 'five calm otters sail' };
    const here = { address: '127.0.0.1' };
    expect(await access.signInFirst({ ...first, token: lost.token }, here)).toMatchObject({
      refusal: { code: 'first-link-not-valid' },
    });
    expect((await access.signInFirst({ ...first, token: made.value.token }, here)).ok).toBe(true);
    expect((await access.signInFirst({ ...first, name: 'eve', token: made.value.token }, here)).ok).toBe(false);
    access.tellLinksMadeHere();
    expect(notices.filter(({ type }) => type === 'firstLinkMade')).toEqual([
      expect.objectContaining({ where: 'start' }),
      expect.objectContaining({ where: 'machine' }),
    ]);
    // Told before it served, and once.
    const told = notices.map(({ type }) => type);
    expect(told.lastIndexOf('firstLinkMade')).toBeLessThan(told.indexOf('personAdded'));
    store.value.close();
  });

  it('is refused where there is no store, or one it cannot know, and changes nothing', () => {
    expect(makeFirstLinkIn(file, 1)).toMatchObject({ refusal: { code: 'access-store-missing', where: file } });
    const older = new DatabaseSync(file);
    older.exec('PRAGMA user_version = 1');
    older.close();
    expect(makeFirstLinkIn(file, 1)).toMatchObject({ refusal: { code: 'access-store-older' } });
    writeFileSync(file, 'no database at all, however long it may be'.repeat(100));
    expect(makeFirstLinkIn(file, 1)).toMatchObject({ refusal: { code: 'access-store-unreadable' } });
  });
});
