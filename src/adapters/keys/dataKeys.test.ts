import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rotated } from '../../access/keys/ports.ts';
import { openText } from '../../access/sealer.ts';
import type { Result } from '../../journal/result.ts';
import { openKeyStore } from '../sqlite/keyStore.ts';
import { DataKeys } from './dataKeys.ts';
import { openSigner } from './sealKeyFile.ts';

let folder: string;
let dataFolder: string;
let keyFile: string;
let opened: DataKeys[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-data-keys-'));
  dataFolder = join(folder, 'data');
  keyFile = join(folder, 'data.key');
  opened = [];
});
afterEach(async () => {
  for (const keys of opened) await keys.close();
  rmSync(folder, { recursive: true });
});

const attempt = (more: Partial<Parameters<typeof DataKeys.open>[0]> = {}) =>
  DataKeys.open({ dataFolder, keyFile, now: () => Date.parse('2026-11-22T03:00:00Z'), ...more });

async function open(): Promise<DataKeys> {
  const keys = value(await attempt());
  opened.push(keys);
  return keys;
}

async function reopen(keys: DataKeys): Promise<DataKeys> {
  await close(keys);
  return open();
}

async function close(keys: DataKeys): Promise<void> {
  opened = opened.filter((one) => one !== keys);
  await keys.close();
}

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

const passphrase = 'correct cheval pile agrafe';
const refusal = (code: string) => ({ ok: false, refusal: { code } });
const add = async (keys: DataKeys, kind: 'passphrase' | 'quorum') =>
  value(await keys.add({ kind, label: 'coffre', ...(kind === 'passphrase' ? { passphrase } : {}) }));
const fileProtector = (keys: DataKeys): string => keys.shown.protectors.find(({ kind }) => kind === 'file')?.id ?? '';

describe('keys of a data folder', () => {
  it('are made at the first start with a key file beside it, and open by themselves ever after', async () => {
    const first = await open();
    expect(first.isNew).toBe(true);
    expect(first.shown).toMatchObject({
      state: 'open',
      rotating: false,
      protectors: [{ kind: 'file', detail: keyFile }],
    });
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const sealed = first.master.seal('here', 'a text');
    const column = first.columns.seal('here', 'a name');
    const index = first.columns.index('people.name', 'anne');
    const again = await reopen(first);
    expect(again.isNew).toBe(false);
    expect(openText(again.master, 'here', sealed)).toBe('a text');
    expect(openText(again.columns, 'here', column)).toBe('a name');
    expect(again.columns.index('people.name', 'anne')).toBe(index);
    expect(statSync(join(dataFolder, 'keys', 'keyring.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataFolder, 'keys')).mode & 0o777).toBe(0o700);
  });

  it('are one process’s at a time', async () => {
    await open();
    expect(await attempt()).toMatchObject(refusal('journal-in-use'));
  });

  it('are refused without their key file, or when others can read it, or when it is another’s', async () => {
    await close(await open());
    const file = readFileSync(keyFile);
    chmodSync(keyFile, 0o640);
    expect(await attempt()).toMatchObject(refusal('key-file-too-open'));
    rmSync(keyFile);
    expect(await attempt()).toMatchObject(refusal('key-file-missing'));
    writeFileSync(keyFile, 'ssh-rsa AAAA', { mode: 0o600 });
    expect(await attempt()).toMatchObject(refusal('key-file-damaged'));
    const altered = Buffer.from(file);
    altered[altered.length - 2] = altered.at(-2) === 0x61 ? 0x62 : 0x61;
    writeFileSync(keyFile, altered, { mode: 0o600 });
    expect(await attempt()).toMatchObject(refusal('sealed-altered'));
    writeFileSync(keyFile, file, { mode: 0o600 });
    await open();
  });

  it('are never made anew over what another keyring sealed', async () => {
    const keys = await open();
    await keys.secrets.set('snmp', 'a secret');
    await close(keys);
    const keyring = join(dataFolder, 'keys', 'keyring.json');
    const kept = readFileSync(keyring);
    rmSync(keyring);
    expect(await attempt()).toMatchObject(refusal('keyring-missing'));
    writeFileSync(keyring, 'not a keyring');
    expect(await attempt()).toMatchObject(refusal('keyring-damaged'));
    writeFileSync(keyring, kept);
    expect(value(await (await open()).secrets.read('snmp'))).toBe('a secret');
  });

  it('refuse a key file in the very folder it would open', async () => {
    const inside = join(dataFolder, 'keys', 'the.key');
    expect(await attempt({ keyFile: inside })).toMatchObject(refusal('key-file-inside'));
    const keys = await open();
    expect(await keys.add({ kind: 'file', label: '', file: inside })).toMatchObject(refusal('key-file-inside'));
  });

  it('serve two data folders from one key file', async () => {
    await close(await open());
    const other = value(await attempt({ dataFolder: join(folder, 'other') }));
    value(await other.rotate({}, async () => undefined));
    await other.close();
    await open();
  });

  it('wait for a passphrase when the key file is gone, and open with it alone', async () => {
    const keys = await open();
    const sealed = keys.master.seal('here', 'a text');
    await add(keys, 'passphrase');
    value(await keys.remove(fileProtector(keys)));
    expect(existsSync(keyFile)).toBe(false);
    const locked = await reopen(keys);
    expect(locked.shown.state).toBe('locked');
    expect(() => locked.master.seal('here', 'x')).toThrow(/locked/);
    expect(await locked.add({ kind: 'quorum', label: '' })).toMatchObject(refusal('keys-locked'));
    expect(await locked.unlock({ passphrase: `${passphrase}!` })).toMatchObject(refusal('unlock-wrong'));
    expect(await locked.unlock({ shares: ['0000'] })).toMatchObject(refusal('share-misread'));
    expect(await locked.unlock({ passphrase: `${passphrase.normalize('NFD')}\n` })).toMatchObject({
      value: { state: 'open' },
    });
    await locked.unlocked;
    expect(openText(locked.master, 'here', sealed)).toBe('a text');
  });

  it('open with any two of three shares, not with one, nor with one given twice', async () => {
    const keys = await open();
    const { shares } = await add(keys, 'quorum');
    const [a = '', b = '', c = ''] = shares;
    expect(shares).toHaveLength(3);
    value(await keys.remove(fileProtector(keys)));
    let locked = await reopen(keys);
    expect(await locked.unlock({ shares: [a] })).toMatchObject(refusal('shares-too-few'));
    expect(await locked.unlock({ shares: [a, a] })).toMatchObject(refusal('shares-too-few'));
    const wrong = `${a.startsWith('0') ? '1' : '0'}${a.slice(1)}`;
    expect(await locked.unlock({ shares: [b, wrong] })).toMatchObject({
      refusal: { code: 'share-misread', where: expect.stringContaining('share 2, line 1, letter 1') },
    });
    for (const pair of [
      [a, b],
      [c, a],
      [b, c.toLowerCase()],
      [a, b, c],
    ]) {
      expect(await locked.unlock({ shares: pair })).toMatchObject({ value: { state: 'open' } });
      locked = await reopen(locked);
    }
  });

  it('keep a protector that a person can use: the last, or a TPM alone, is refused', async () => {
    const keys = await open();
    expect(await keys.remove(fileProtector(keys))).toMatchObject(refusal('protector-last'));
    expect(await keys.remove('0000000000000000')).toMatchObject(refusal('protector-unknown'));
    expect(await keys.add({ kind: 'passphrase', label: '', passphrase: 'short' })).toMatchObject(
      refusal('passphrase-too-short'),
    );
    expect(keys.shown.protectors).toHaveLength(1);
  });
});

describe('a rotation', () => {
  it('wraps everything again under new protectors of the same kinds; the old ones open nothing', async () => {
    const keys = await open();
    await add(keys, 'passphrase');
    const { shares: oldShares } = await add(keys, 'quorum');
    const { keyring: keyringBefore, key: keyFileBefore } = {
      keyring: readFileSync(join(dataFolder, 'keys', 'keyring.json')),
      key: readFileSync(keyFile),
    };
    const store = openKeyStore(join(dataFolder, 'keys'), keys.master);
    const ada = store.keyFor('person:ada');
    mkdirSync(join(dataFolder, 'journal'));
    const { publicKey } = openSigner(join(dataFolder, 'journal'), keys.master);
    await keys.secrets.set('snmp', 'a secret');
    const name = keys.columns.seal('people.name', 'Anne');
    const sealed = readFileSync(join(dataFolder, 'secrets', 'snmp.sealed'));
    const [, phrase] = keys.shown.protectors;

    expect(await keys.rotate({}, async () => undefined)).toMatchObject(refusal('passphrase-too-short'));
    expect(
      await keys.rotate({ [phrase?.id ?? '']: 'une autre phrase' }, () => Promise.reject(new Error('nobody'))),
    ).toMatchObject(refusal('rotation-abandoned'));
    expect(readFileSync(join(dataFolder, 'keys', 'keyring.json')).equals(keyringBefore)).toBe(true);
    expect(readFileSync(keyFile).equals(keyFileBefore)).toBe(true);

    let handed: Rotated | undefined;
    const rotated = value(
      await keys.rotate({ [phrase?.id ?? '']: 'une autre phrase' }, async (one) => {
        handed = one;
        expect(readFileSync(join(dataFolder, 'keys', 'keyring.json')).equals(keyringBefore)).toBe(true);
      }),
    );
    expect(rotated).toEqual(handed);
    expect(rotated.protectors.map(({ kind, label }) => [kind, label])).toEqual([
      ['file', ''],
      ['passphrase', 'coffre'],
      ['quorum', 'coffre'],
    ]);
    // The hub that runs goes on: what it holds open, and what it makes from now on.
    const bob = store.keyFor('person:bob');
    store.close();
    expect(keys.master.isCurrent(sealed)).toBe(false);
    expect(() => keys.master.open('secret snmp', sealed)).toThrow(/altered/);

    let again = await reopen(keys);
    const reread = openKeyStore(join(dataFolder, 'keys'), again.master);
    expect(reread.keyFor('person:ada')).toEqual(ada);
    expect(reread.find(bob.keyId)).toEqual(bob.key);
    reread.close();
    expect(openSigner(join(dataFolder, 'journal'), again.master).publicKey).toBe(publicKey);
    expect(value(await again.secrets.read('snmp'))).toBe('a secret');
    expect(openText(again.columns, 'people.name', name)).toBe('Anne');

    rmSync(keyFile);
    again = await reopen(again);
    expect(await again.unlock({ passphrase })).toMatchObject(refusal('unlock-wrong'));
    expect(await again.unlock({ shares: oldShares })).toMatchObject(refusal('shares-of-another-set'));
    expect(await again.unlock({ passphrase: 'une autre phrase' })).toMatchObject({ ok: true });
    again = await reopen(again);
    expect(await again.unlock({ shares: rotated.shares[0]?.codes.slice(1) ?? [] })).toMatchObject({ ok: true });
    writeFileSync(keyFile, keyFileBefore, { mode: 0o600 });
    again = await reopen(again);
    expect(again.shown.state).toBe('locked');
  });
});
