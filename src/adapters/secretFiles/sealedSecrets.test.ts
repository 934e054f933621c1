import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newKey, sealerUnder } from '../keys/masterSealer.ts';
import { rewrapSecrets, SealedSecrets } from './sealedSecrets.ts';

let folder: string;
let keys = [newKey()];
const sealer = sealerUnder(() => keys);
const secrets = () => new SealedSecrets(folder, sealer);

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'reflexe-secrets-')), 'secrets');
  keys = [newKey()];
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const refusal = (code: string) => ({ ok: false, refusal: { code } });
const canary = 'canary-5d1f ünder the sea';
const clearIn = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes('canary-5d1f'));

describe('sealed secrets', () => {
  it('are set, read, listed by name, replaced and removed; never in clear', async () => {
    expect(await secrets().set('snmp', canary)).toEqual({ ok: true, value: { name: 'snmp', replaced: false } });
    expect(await secrets().set('snmp', `${canary}!`)).toEqual({ ok: true, value: { name: 'snmp', replaced: true } });
    expect(await secrets().read('snmp')).toEqual({ ok: true, value: `${canary}!` });
    expect(await secrets().list()).toMatchObject({ value: [{ name: 'snmp' }] });
    expect(clearIn()).toEqual([]);
    expect(statSync(join(folder, 'snmp.sealed')).mode & 0o777).toBe(0o600);
    expect(await secrets().remove('snmp')).toMatchObject({ ok: true });
    expect(readdirSync(folder)).toEqual([]);
    expect(await secrets().read('snmp')).toMatchObject(refusal('secret-missing'));
    expect(await secrets().remove('snmp')).toMatchObject(refusal('secret-missing'));
    expect(await secrets().list()).toEqual({ ok: true, value: [] });
  });

  it('refuse a name that is a path, and a value that is none', async () => {
    for (const name of ['../keyring', 'a/b', '', 'A', 'snmp.sealed', '-x'])
      expect(await secrets().set(name, 'x')).toMatchObject(refusal('secret-name-refused'));
    expect(await secrets().read('../../etc/passwd')).toMatchObject(refusal('secret-name-refused'));
    expect(await secrets().set('empty', '')).toMatchObject(refusal('secret-value-refused'));
  });

  it('take in a plain file put there by hand: sealed, then gone', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'backup'), `${canary}\n`, { mode: 0o600 });
    expect(clearIn()).toEqual(['backup']);
    await secrets().importPlain();
    expect(readdirSync(folder)).toEqual(['backup.sealed']);
    expect(await secrets().read('backup')).toEqual({ ok: true, value: canary });
    writeFileSync(join(folder, 'backup'), 'newer', { mode: 0o600 });
    expect(await secrets().read('backup')).toEqual({ ok: true, value: 'newer' });
    // An import cut short: sealed already, the plain one blanked but still there.
    writeFileSync(join(folder, 'backup'), '\0\0\0\0\0', { mode: 0o600 });
    expect(await secrets().read('backup')).toEqual({ ok: true, value: 'newer' });
    expect(readdirSync(folder)).toEqual(['backup.sealed']);
  });

  it('refuse a plain file that others can read, and leave it', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'open'), canary);
    chmodSync(join(folder, 'open'), 0o644);
    await secrets().importPlain();
    expect(await secrets().read('open')).toMatchObject(refusal('secret-too-open'));
    expect(existsSync(join(folder, 'open.sealed'))).toBe(false);
  });

  it('do not open under another name, nor without their key; are sealed again under a new one', async () => {
    await secrets().set('one', canary);
    await secrets().set('two', 'other');
    renameSync(join(folder, 'one.sealed'), join(folder, 'three.sealed'));
    expect(await secrets().read('three')).toMatchObject(refusal('sealed-altered'));
    const fresh = newKey();
    keys = [fresh, ...keys];
    rmSync(join(folder, 'three.sealed'));
    rewrapSecrets(folder, sealer);
    keys = [fresh];
    expect(await secrets().read('two')).toEqual({ ok: true, value: 'other' });
    keys = [newKey()];
    expect(await secrets().read('two')).toMatchObject(refusal('sealed-altered'));
  });
});
