import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TreeExaminer } from '../examiner/examiner.ts';
import { ResticSource } from './source.ts';

const hasRestic = (() => {
  try {
    execFileSync('restic', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const work = { signal: new AbortController().signal, progress: () => undefined };

/** A repository with two nights: one of plain text, one after everything was overwritten with random bytes. */
describe('a restic repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-restic-'));
  const data = join(folder, 'data');
  const repository = join(folder, 'repository');
  const passwordFile = join(folder, 'password');
  const canary = 'registre.txt';
  let digest = '';
  const restic = (...args: string[]) =>
    execFileSync('restic', ['--repo', repository, '--no-cache', '--quiet', ...args], {
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD_FILE: passwordFile },
      cwd: data,
    });

  beforeAll(() => {
    if (!hasRestic) return;
    mkdirSync(join(data, 'deep'), { recursive: true });
    writeFileSync(passwordFile, 'a password', { mode: 0o600 });
    for (let file = 0; file < 20; file += 1)
      writeFileSync(join(data, 'deep', `report-${file}.txt`), `ligne ${file}\n`.repeat(2000));
    writeFileSync(join(data, canary), 'ne pas modifier\n');
    digest = createHash('sha256')
      .update(readFileSync(join(data, canary)))
      .digest('hex');
    restic('init');
    restic('backup', '.', '--time', '2026-01-01 02:00:00');
    for (const name of readdirSync(join(data, 'deep'))) writeFileSync(join(data, 'deep', name), randomBytes(20_000));
    writeFileSync(join(data, canary), randomBytes(100));
    restic('backup', '.', '--time', '2026-01-02 02:00:00');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const source = () => new ResticSource({ repository, passwordFile });
  const into = (name: string) => {
    const path = join(folder, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    return path;
  };

  test('names its nights oldest first, and restores one whole, at the root of the folder given', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const listed = await source().snapshots(work);
    if (!listed.ok) throw new Error(listed.refusal.message);
    expect(listed.value.map(({ time }) => time.slice(0, 10))).toEqual(['2026-01-01', '2026-01-02']);
    const tree = into('whole');
    const restored = await source().restore(listed.value[0]?.id ?? '', tree, work);
    expect(restored).toMatchObject({ ok: true, value: { files: 21, problems: [] } });
    expect(readFileSync(join(tree, 'deep', 'report-3.txt'), 'utf8')).toContain('ligne 3');
  });

  test('the examiner finds no known sign in the first night, and says what it found in the second', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const listed = await source().snapshots(work);
    if (!listed.ok) throw new Error(listed.refusal.message);
    const signs: string[][] = [];
    for (const snapshot of listed.value) {
      const tree = into('examined');
      await source().restore(snapshot.id, tree, work);
      const examined = await new TreeExaminer().examine(tree, [{ path: canary, sha256: digest }], work);
      if (!examined.ok) throw new Error(examined.refusal.message);
      signs.push(examined.value.signs.map((sign) => sign.code));
    }
    expect(signs).toEqual([[], ['canary-altered', 'content-encrypted']]);
  });

  test('a wrong password, a missing repository and a damaged pack each say what they are; the repository is never written', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'another', { mode: 0o600 });
    expect(await new ResticSource({ repository, passwordFile: wrong }).snapshots(work)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-wrong-password' },
    });
    expect(await new ResticSource({ repository: join(folder, 'nowhere'), passwordFile }).snapshots(work)).toMatchObject(
      { ok: false, refusal: { code: 'backup-unreachable' } },
    );

    const listed = await source().snapshots(work);
    if (!listed.ok) throw new Error(listed.refusal.message);
    const packs = join(repository, 'data');
    const largest = readdirSync(packs, { recursive: true, encoding: 'utf8' })
      .map((name) => join(packs, name))
      .filter((path) => statSync(path).isFile())
      .toSorted((one, other) => statSync(other).size - statSync(one).size)[0];
    if (largest === undefined) throw new Error('a repository has packs');
    const before = readFileSync(largest);
    chmodSync(largest, 0o600);
    const damaged = Buffer.from(before);
    damaged[1000] = (damaged[1000] ?? 0) ^ 0xff;
    writeFileSync(largest, damaged);
    const outcomes = await Promise.all(
      listed.value.map((snapshot, index) => source().restore(snapshot.id, into(`damaged-${index}`), work)),
    );
    expect(outcomes.some((outcome) => !outcome.ok && outcome.refusal.code === 'backup-damaged')).toBe(true);
    expect(readdirSync(join(repository, 'locks'))).toEqual([]);
    writeFileSync(largest, before);
  });
});
