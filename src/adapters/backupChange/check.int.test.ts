import { spawnSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupHistory, Clock } from '../../detect/ports.ts';
import { tryCheck } from '../fixtures/checking.ts';
import { installed, temporaryFolder } from '../fixtures/service.ts';
import { resticHistory } from '../restic/history.ts';
import { realClock } from '../scheduler/clock.ts';

const restic = installed('/usr/bin/restic', '/usr/local/bin/restic');
const DAY = 86_400_000;

/** A folder backed up night after night by the real restic. */
async function nights() {
  const folder = await temporaryFolder();
  const [data, password, repository] = ['data', 'password', 'repository'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(data);
  await writeFile(password, 'le-secret', { mode: 0o600 });
  const run = (...args: string[]) => {
    const ran = spawnSync(restic ?? 'restic', ['--no-cache', '-q', ...args], {
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD_FILE: password, RESTIC_REPOSITORY: repository },
      encoding: 'utf8',
    });
    if (ran.status !== 0) throw new Error(ran.stderr);
  };
  run('init');
  const history = resticHistory({ repository, passwordFile: password });
  return {
    data,
    repository,
    password,
    night: (at: number) => run('backup', '--time', new Date(at).toISOString().slice(0, 19).replace('T', ' '), data),
    ask: (now: number, more: object = {}, from: BackupHistory = history) =>
      tryCheck(
        { kind: 'backupChange', source: 'nightly', ...more },
        { edge: { backup: (name) => (name === 'nightly' ? from : undefined), clock: clockAt(now) } },
      ),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Says it is that instant, and waits as long as a real clock does. */
const clockAt = (now: number): Clock => ({
  ...realClock,
  now: () => now,
  sleepUntil: (at, signal) => realClock.sleepUntil(Date.now() + at - now, signal),
});

async function fill(data: string, files: number): Promise<void> {
  for (let index = 0; index < files; index += 1)
    await writeFile(join(data, `document-${index}.txt`), `Compte rendu ${index}\n`.repeat(200));
}

async function encryptAll(data: string, suffix: string): Promise<void> {
  for (const name of await readdir(data)) {
    const path = join(data, name);
    const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
    await writeFile(path, Buffer.concat([cipher.update(await readFile(path)), cipher.final()]));
    if (suffix !== '') await rename(path, path + suffix);
  }
}

describe('backupChange check on real restic repositories', () => {
  const start = Date.parse('2026-11-01T02:00:00Z');

  test('ordinary nights pass; a night that did not come is told, without a sign', async (context) => {
    if (restic === undefined) return context.skip('restic is not installed');
    await using place = await nights();
    expect(await place.ask(start)).toMatchObject({ verdict: 'fail', code: 'backup-none' });
    await fill(place.data, 60);
    place.night(start);
    expect(await place.ask(start + 3_600_000)).toMatchObject({
      verdict: 'pass',
      measured: { nights: 1, changedRatio: null },
    });
    await writeFile(join(place.data, 'document-3.txt'), 'complété');
    await rm(join(place.data, 'document-4.txt'));
    place.night(start + DAY);
    const ordinary = await place.ask(start + DAY + 3_600_000);
    expect(ordinary).toMatchObject({
      verdict: 'pass',
      measured: { nights: 2, changedFiles: 1, removedFiles: 1, addedFiles: 0 },
    });
    const late = await place.ask(start + 3 * DAY);
    expect(late).toMatchObject({ verdict: 'warn', code: 'backup-missing-night', measured: { newestHours: 48 } });
    expect(late).not.toHaveProperty('sign');
  });

  test('files encrypted in place, then renamed: mass change and mass removal are signs', async (context) => {
    if (restic === undefined) return context.skip('restic is not installed');
    await using place = await nights();
    await fill(place.data, 60);
    place.night(start);
    await encryptAll(place.data, '');
    place.night(start + DAY);
    expect(await place.ask(start + DAY)).toMatchObject({
      verdict: 'fail',
      code: 'backup-mass-change',
      sign: 'massChange',
      measured: { changedFiles: 60 },
    });
    await encryptAll(place.data, '.locked');
    place.night(start + 2 * DAY);
    expect(await place.ask(start + 2 * DAY)).toMatchObject({
      verdict: 'fail',
      code: 'backup-mass-removal',
      sign: 'massChange',
      measured: { removedFiles: 60, addedFiles: 60 },
    });
    expect(await place.ask(start + 2 * DAY, { expect: { removedRatioMax: 1, changedRatioMax: 1 } })).toMatchObject({
      verdict: 'pass',
    });
  });

  test('a backup that shrank is an anomaly', async (context) => {
    if (restic === undefined) return context.skip('restic is not installed');
    await using place = await nights();
    await fill(place.data, 9);
    for (const night of [0, 1, 2]) place.night(start + night * DAY);
    for (let index = 0; index < 7; index += 1) await rm(join(place.data, `document-${index}.txt`));
    place.night(start + 3 * DAY);
    const seen = await place.ask(start + 3 * DAY);
    expect(seen).toMatchObject({
      verdict: 'fail',
      code: 'backup-shrunk',
      sign: 'backupAnomaly',
      failedConditions: [{ condition: 'sizeRatioMin' }],
    });
  });

  test('a wrong password or a source nobody configured tells nothing of the data', async (context) => {
    if (restic === undefined) return context.skip('restic is not installed');
    await using place = await nights();
    await writeFile(`${place.password}.wrong`, 'autre', { mode: 0o600 });
    const locked = resticHistory({ repository: place.repository, passwordFile: `${place.password}.wrong` });
    expect(await place.ask(start, {}, locked)).toMatchObject({ verdict: 'noAnswer', code: 'backup-wrong-password' });
    expect(await place.ask(start, { source: 'other' })).toMatchObject({
      verdict: 'noAnswer',
      code: 'backup-source-unknown',
    });
    const gone = resticHistory({ repository: `${place.repository}.gone`, passwordFile: place.password });
    expect(await place.ask(start, {}, gone)).toMatchObject({ verdict: 'noAnswer', code: 'backup-unreachable' });
  });
});
