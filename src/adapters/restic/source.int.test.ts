import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  test('a wrong password and a missing repository each say what they are', async (context) => {
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
  });

  test('a secret that is missing, or that others can read, is told by its name before restic is asked', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const nowhere = new ResticSource({ repository, passwordFile: join(folder, 'no-such-secret') });
    const missing = {
      code: 'secret-missing',
      where: 'no-such-secret',
      expected: `a file ${join(folder, 'no-such-secret')}`,
    };
    expect(await nowhere.snapshots(work)).toMatchObject({ ok: false, refusal: missing });
    expect(await nowhere.restore('latest', into('missing'), work)).toMatchObject({ ok: false, refusal: missing });
    const open = join(folder, 'open-secret');
    writeFileSync(open, 'a password', { mode: 0o644 });
    expect(await new ResticSource({ repository, passwordFile: open }).snapshots(work)).toMatchObject({
      ok: false,
      refusal: { code: 'secret-too-open', where: 'open-secret', cure: `chmod 600 ${open}` },
    });
  });

  test('a truncated snapshot is named as damaged, though restic itself says nothing of it; the other still restores', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const before = await source().snapshots(work);
    if (!before.ok) throw new Error(before.refusal.message);
    const last = before.value.at(-1)?.id ?? '';
    const file = join(repository, 'snapshots', last);
    const content = readFileSync(file);
    chmodSync(file, 0o600);
    writeFileSync(file, content.subarray(0, 40));
    try {
      const listed = await source().snapshots(work);
      if (!listed.ok) throw new Error(listed.refusal.message);
      expect(listed.value.map(({ id, damaged }) => [id, damaged ?? false])).toEqual([
        [before.value[0]?.id, false],
        [last, true],
      ]);
      expect(await source().restore(last, into('truncated'), work)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-damaged' },
      });
      expect(await source().restore(before.value[0]?.id ?? '', into('other'), work)).toMatchObject({ ok: true });
    } finally {
      writeFileSync(file, content);
    }
  });

  test('a truncated pack makes its night damaged, and leaves no lock', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const listed = await source().snapshots(work);
    if (!listed.ok) throw new Error(listed.refusal.message);
    const pack = largestPack(repository);
    const content = readFileSync(pack);
    chmodSync(pack, 0o600);
    writeFileSync(pack, content.subarray(0, 1000));
    try {
      const outcomes = await Promise.all(
        listed.value.map((snapshot, index) => source().restore(snapshot.id, into(`cut-${index}`), work)),
      );
      const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]));
      expect(refusals.length).toBeGreaterThan(0);
      for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'backup-damaged', retryable: false });
      expect(readdirSync(join(repository, 'locks'))).toEqual([]);
    } finally {
      writeFileSync(pack, content);
    }
  });

  test('a disk that fills while it writes is told as such, and does not make the snapshot look damaged', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    if (process.getuid?.() !== 0) return context.skip('not run: needs root to mount a small disk');
    // In a mount namespace of its own: what is mounted there ends with it. As if others had taken the room that was there.
    const script = `
      import { ResticSource } from ${JSON.stringify(join(import.meta.dirname, 'source.ts'))};
      const source = new ResticSource(${JSON.stringify({ repository, passwordFile })}, -1e9);
      const work = { signal: new AbortController().signal, progress() {} };
      console.log(JSON.stringify(await source.restore('latest', ${JSON.stringify(into('small'))}, work)));`;
    const mounted = 'mount -t tmpfs -o size=128k none "$1" && shift && exec "$@"';
    const said = execFileSync(
      'unshare',
      ['-m', 'sh', '-c', mounted, 'sh', join(folder, 'small'), process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(said)).toMatchObject({
      ok: false,
      refusal: { code: 'disk-full', where: join(folder, 'small'), retryable: true },
    });
    const elsewhere = new ResticSource({ repository, passwordFile }, 2 ** 60);
    expect(await elsewhere.restore('latest', into('reserved'), work)).toMatchObject({
      ok: false,
      refusal: { code: 'disk-full', expected: expect.stringContaining('MB free, found') },
    });
    expect(readdirSync(join(folder, 'reserved'))).toEqual([]);
  });

  test('a path that whoever wrote the snapshot chose leads nowhere but into the folder given', async (context) => {
    if (!hasRestic) return context.skip('restic is not installed');
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious.txt'), 'precious');
    const link = join(folder, 'linked');
    symlinkSync(outside, link);
    restic('backup', link, '--host', 'hostile');
    const listed = await source().snapshots(work);
    if (!listed.ok) throw new Error(listed.refusal.message);
    const hostile = listed.value.find(({ host }) => host === 'hostile');
    expect(await source().restore(hostile?.id ?? '', into('hostile'), work)).toMatchObject({ ok: true });
    expect(readdirSync(outside)).toEqual(['precious.txt']);
    restic('forget', hostile?.id ?? '');
  });
});

function largestPack(repository: string): string {
  const packs = join(repository, 'data');
  const [largest] = readdirSync(packs, { recursive: true, encoding: 'utf8' })
    .map((name) => join(packs, name))
    .filter((path) => statSync(path).isFile())
    .toSorted((one, other) => statSync(other).size - statSync(one).size);
  if (largest === undefined) throw new Error('a repository has packs');
  return largest;
}
