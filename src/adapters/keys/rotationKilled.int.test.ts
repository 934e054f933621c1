import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openText } from '../../access/sealer.ts';
import type { Result } from '../../journal/result.ts';
import { installed, temporaryFolder } from '../fixtures/service.ts';
import { openKeyStore } from '../sqlite/keyStore.ts';
import { DataKeys } from './dataKeys.ts';
import { openSigner } from './sealKeyFile.ts';

const strace = installed('/usr/bin/strace');
const script = join(import.meta.dirname, 'fixtures', 'rotate.ts');
/** Everything that changes what a disk holds, or makes it last. */
const calls = 'rename,unlink,fsync,fdatasync,ftruncate,pwrite64';
/** More than a rotation makes: reached, something is endless. */
const pointsMax = 400;

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

it('a rotation killed at any point leaves all keys openable, under one master key or the other', async (context) => {
  if (strace === undefined) return context.skip('strace is not installed');
  await using place = await temporaryFolder();
  const [template, work] = [join(place.path, 'template'), join(place.path, 'work')];
  const dataFolder = join(work, 'data');
  const keyFile = join(work, 'data.key');
  const open = async () => value(await DataKeys.open({ dataFolder, keyFile, now: Date.now }));

  mkdirSync(join(dataFolder, 'journal'), { recursive: true });
  const first = await open();
  const oldShares = value(await first.add({ kind: 'quorum', label: '' })).shares;
  const store = openKeyStore(join(dataFolder, 'keys'), first.master);
  const subjects = Array.from({ length: 20 }, (_, at) => `person:${at}`);
  const keys = subjects.map((subject) => store.keyFor(subject));
  store.close();
  const { publicKey } = openSigner(join(dataFolder, 'journal'), first.master);
  value(await first.secrets.set('snmp', 'a secret'));
  value(await first.secrets.set('backup', 'another'));
  const name = first.columns.seal('people.name', 'Anne');
  const index = first.columns.index('people.name', 'anne');
  const before = first.shown.master.id;
  await first.close();
  cpSync(work, template, { recursive: true });

  async function everythingOpens(newShares: string[] | undefined, isDone: boolean): Promise<'before' | 'after'> {
    const again = await open();
    expect(again.shown).toMatchObject({ state: 'open', rotating: false });
    const reread = openKeyStore(join(dataFolder, 'keys'), again.master);
    expect(subjects.map((subject) => reread.keyFor(subject))).toEqual(keys);
    reread.close();
    expect(openSigner(join(dataFolder, 'journal'), again.master).publicKey).toBe(publicKey);
    expect(value(await again.secrets.read('snmp'))).toBe('a secret');
    expect(value(await again.secrets.read('backup'))).toBe('another');
    expect(openText(again.columns, 'people.name', name)).toBe('Anne');
    expect(again.columns.index('people.name', 'anne')).toBe(index);
    for (const file of [
      ['secrets', 'snmp.sealed'],
      ['secrets', 'backup.sealed'],
      ['journal', 'seal-key.sealed'],
    ])
      expect(again.master.isCurrent(readFileSync(join(dataFolder, ...file)))).toBe(true);
    const state = again.shown.master.id === before ? 'before' : 'after';
    if (isDone) expect(state).toBe('after');
    await again.close();
    expect(readFileSync(keyFile, 'utf8').split('\n').filter(Boolean)).toHaveLength(1);
    // The shares of the master key that stands open it; those of the other do not.
    rmSync(keyFile);
    const locked = await open();
    const [right, wrong] = state === 'before' ? [oldShares, newShares] : [newShares, oldShares];
    if (wrong !== undefined) expect(await locked.unlock({ shares: wrong })).toMatchObject({ ok: false });
    expect(await locked.unlock({ shares: right ?? [] })).toMatchObject({ ok: true });
    await locked.close();
    return state;
  }

  const seen = { before: 0, after: 0 };
  for (let point = 1; ; point += 1) {
    expect(point).toBeLessThan(pointsMax);
    rmSync(work, { recursive: true });
    cpSync(template, work, { recursive: true });
    const inject = `inject=${calls}:signal=KILL:when=${point}`;
    const args = [
      '-f',
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls}`,
      '-e',
      inject,
      process.execPath,
      script,
      dataFolder,
      keyFile,
    ];
    const { status, signal, stdout } = spawnSync(strace, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
    const [shares, done] = stdout.split('\n');
    seen[await everythingOpens(shares ? JSON.parse(shares) : undefined, done === 'done')] += 1;
    if (status === 0) break;
    expect(signal ?? status).toBe('SIGKILL');
  }
  // It was really killed on both sides of the moment that counts.
  expect(seen.before).toBeGreaterThan(3);
  expect(seen.after).toBeGreaterThan(10);
}, 300_000);
