import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryCheck } from '../fixtures/checking.ts';
import { temporaryFolder } from '../fixtures/service.ts';
import { plantCanaries, saveRecord } from './record.ts';

const NAMES = ['0000-comptabilite.txt', 'zzzz-archives.txt'];

async function planted() {
  const folder = await temporaryFolder();
  const watched = join(folder.path, 'files');
  await mkdir(watched);
  await writeFile(join(watched, 'journal.txt'), 'ordinary');
  const record = join(folder.path, 'canaries.json');
  await saveRecord(record, await plantCanaries(watched, NAMES, Date.parse('2024-08-03T09:00:00Z')));
  const ask = (more: object = {}) => tryCheck({ kind: 'canary', folder: watched, record, ...more });
  return { folder, watched, record, ask, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** What ransomware does to a file. */
async function encrypt(path: string): Promise<void> {
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  await writeFile(path, Buffer.concat([cipher.update(await readFile(path)), cipher.final()]));
}

describe('canary check', () => {
  test('untouched, whatever happens to the files beside it', async () => {
    await using place = await planted();
    expect(await place.ask()).toMatchObject({
      verdict: 'pass',
      measured: { files: 2, altered: 0, missing: 0, siblings: 0 },
    });
    await writeFile(join(place.watched, 'journal.txt'), 'changed by its owner');
    await writeFile(join(place.watched, 'journal.txt.bak'), 'copied by its owner');
    const seen = await place.ask();
    expect(seen).toMatchObject({ verdict: 'pass' });
    expect(seen).not.toHaveProperty('sign');
  });

  test('encrypted in place: a sign, with the entropy that tells encryption from an edit', async () => {
    await using place = await planted();
    await encrypt(join(place.watched, NAMES[0] ?? ''));
    const seen = await place.ask();
    expect(seen).toMatchObject({
      verdict: 'fail',
      code: 'canary-altered',
      sign: 'canaryAltered',
      measured: { altered: 1, missing: 0 },
    });
    expect(seen.measured.entropyBitsMax).toBeGreaterThan(7.8);
    expect(seen.failedConditions).toMatchObject([
      { condition: 'altered', observed: expect.stringContaining(NAMES[0] ?? '') },
    ]);
  });

  test('encrypted and renamed: missing, and the renamed one is found beside', async () => {
    await using place = await planted();
    for (const name of NAMES) {
      await encrypt(join(place.watched, name));
      await rename(join(place.watched, name), join(place.watched, `${name}.locked`));
    }
    expect(await place.ask()).toMatchObject({
      verdict: 'fail',
      code: 'canary-missing',
      sign: 'canaryMissing',
      measured: { missing: 2, siblings: 2 },
    });
  });

  test('an encrypted copy beside an untouched canary is a sign too', async () => {
    await using place = await planted();
    await writeFile(join(place.watched, `${NAMES[1]}.id-42.crypt`), randomBytes(100));
    expect(await place.ask()).toMatchObject({ verdict: 'fail', code: 'canary-renamed', sign: 'canaryMissing' });
  });

  test('a link or a pipe put in its place is not followed and does not block', async () => {
    await using place = await planted();
    const [first = '', second = ''] = NAMES.map((name) => join(place.watched, name));
    const copy = join(place.folder.path, 'copy');
    await writeFile(copy, await readFile(first));
    await rm(first);
    await symlink(copy, first);
    expect(await place.ask()).toMatchObject({ verdict: 'fail', measured: { altered: 1 } });
    await rm(second);
    const { spawnSync } = await import('node:child_process');
    expect(spawnSync('mkfifo', [second]).status).toBe(0);
    expect(await place.ask()).toMatchObject({ verdict: 'fail', measured: { altered: 2 } });
  });

  test('a folder that is not there is a loss without a sign; a record that is not, nothing known', async () => {
    await using place = await planted();
    expect(await place.ask({ record: join(place.folder.path, 'nowhere.json') })).toMatchObject({
      verdict: 'noAnswer',
      code: 'canary-record-unreadable',
    });
    await rm(place.watched, { recursive: true });
    const seen = await place.ask();
    expect(seen).toMatchObject({ verdict: 'fail', code: 'canary-folder-absent' });
    expect(seen).not.toHaveProperty('sign');
  });

  test('planting never overwrites', async () => {
    await using place = await planted();
    await expect(plantCanaries(place.watched, NAMES, 0)).rejects.toThrow('EEXIST');
    await expect(plantCanaries(place.watched, ['../outside'], 0)).rejects.toThrow('plain file name');
  });
});
