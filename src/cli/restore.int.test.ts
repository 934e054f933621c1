import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./reflexe.ts', import.meta.url));
const hasRestic = existsSync('/usr/bin/restic');
const why = 'restic is not installed: apt-get install restic';

/** The command line as others call it: exit status and the one JSON document. */
function reflexe(...args: string[]): { status: number | null; document: unknown } {
  const { status, stdout } = spawnSync(process.execPath, [entry, ...args, '--json'], { encoding: 'utf8' });
  return { status, document: stdout === '' ? null : JSON.parse(stdout) };
}

describe('the restore and plan verbs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-verbs-'));
  const repository = join(folder, 'repository');
  const password = join(folder, 'password');
  const data = join(folder, 'data');

  beforeAll(() => {
    if (!hasRestic) return;
    mkdirSync(join(data, 'rapports'), { recursive: true });
    writeFileSync(join(data, 'rapports', 'un.txt'), 'un');
    writeFileSync(join(data, 'deux.txt'), 'deux');
    writeFileSync(password, 'a password');
    const restic = (...args: string[]) =>
      execFileSync('restic', ['--repo', repository, '--no-cache', '--quiet', ...args], {
        cwd: data,
        env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD_FILE: password },
      });
    restic('init');
    restic('backup', '.', '--time', '2026-01-01 02:00:00', '--host', 'srv');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const where = ['--restic', repository, '--password-file', password];

  test('restore snapshots says each night with its size', (context) => {
    if (!hasRestic) return context.skip(why);
    expect(reflexe('restore', 'snapshots', ...where)).toMatchObject({
      status: 0,
      document: { snapshots: [{ host: 'srv', files: 2, bytes: 6 }] },
    });
  });

  test('restore extract writes a night, or one path of it, into an empty folder only', (context) => {
    if (!hasRestic) return context.skip(why);
    const to = join(folder, 'all');
    expect(reflexe('restore', 'extract', ...where, '--snapshot', 'latest', '--to', to)).toMatchObject({
      status: 0,
      document: { files: 2, bytes: 6, problems: [] },
    });
    expect(readFileSync(join(to, 'rapports', 'un.txt'), 'utf8')).toBe('un');
    expect(reflexe('restore', 'extract', ...where, '--snapshot', 'latest', '--to', to)).toMatchObject({
      status: 1,
      document: { error: { code: 'folder-not-empty' } },
    });
    const part = join(folder, 'part');
    expect(
      reflexe('restore', 'extract', ...where, '--snapshot', 'latest', '--to', part, '--path', '/rapports'),
    ).toMatchObject({ status: 0, document: { files: 1, bytes: 2 } });
  });

  test('restore ls looks at one folder, or at everything below it', (context) => {
    if (!hasRestic) return context.skip(why);
    expect(reflexe('restore', 'ls', ...where, '--snapshot', 'latest')).toMatchObject({
      status: 0,
      document: {
        ok: true,
        truncated: false,
        entries: [
          { path: '/deux.txt', kind: 'file', bytes: 4 },
          { path: '/rapports', kind: 'folder' },
        ],
      },
    });
    const below = reflexe('restore', 'ls', ...where, '--snapshot', 'latest', '--path', 'rapports', '--recursive');
    expect(below).toMatchObject({ status: 0, document: { entries: [{ path: '/rapports/un.txt', mode: '0644' }] } });
    expect(reflexe('restore', 'ls', ...where, '--snapshot', 'latest', '--path', '/none')).toMatchObject({
      status: 1,
      document: { error: { code: 'path-unknown' } },
    });
  });

  test('a damaged repository is a negative verdict, printed whole; what is not damaged comes out', (context) => {
    if (!hasRestic) return context.skip(why);
    const copy = join(folder, 'damaged');
    cpSync(repository, copy, { recursive: true });
    const packs = readdirSync(join(copy, 'data'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(copy, 'data', name))
      .filter((path) => statSync(path).isFile());
    // Two small blobs of files stand in one pack, the first of them first; trees in another.
    const tried = packs.map((pack) => {
      const content = readFileSync(pack);
      const altered = Buffer.from(content);
      altered[20] = (altered[20] ?? 0) ^ 1;
      chmodSync(pack, 0o600);
      writeFileSync(pack, altered);
      const of = ['--restic', copy, '--password-file', password];
      const verdict = reflexe('restore', 'verify', ...of);
      expect(verdict).toMatchObject({ status: 1, document: { ok: false, problems: expect.any(Array) } });
      const part = reflexe('restore', 'extract', ...of, '--snapshot', 'latest', '--to', `${pack}-restored`);
      writeFileSync(pack, content);
      return part;
    });
    expect(tried).toContainEqual({
      status: 1,
      document: expect.objectContaining({
        ok: false,
        files: 1,
        problems: [expect.objectContaining({ path: expect.any(String) })],
      }),
    });
    expect(reflexe('restore', 'verify', ...where)).toMatchObject({ status: 0, document: { ok: true, problems: [] } });
  });

  test('a wrong password is a refusal; a missing option is a usage error', (context) => {
    if (!hasRestic) return context.skip(why);
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'another');
    expect(reflexe('restore', 'snapshots', '--restic', repository, '--password-file', wrong)).toMatchObject({
      status: 1,
      document: { error: { code: 'backup-wrong-password' } },
    });
    expect(reflexe('restore', 'snapshots', '--restic', repository).status).toBe(2);
  });

  test('restore preflight names what is missing, each with its cure', () => {
    const { status, document } = reflexe(
      'restore',
      'preflight',
      '--helper',
      join(folder, 'none.sock'),
      '--folder',
      folder,
    );
    expect(status).toBe(1);
    expect(document).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ what: 'helper', state: 'missing', cure: expect.stringContaining('--socket') }),
      ]),
    });
  });

  test('plan check counts what it read, and says where a plan is wrong', () => {
    const plans = join(folder, 'plans.yaml');
    writeFileSync(
      plans,
      'version: 1\nplans:\n  - id: p\n    name: { fr: P }\n    steps:\n      - { id: a, title: { fr: A }, kind: human, after: [later] }\n',
    );
    const wrong = reflexe('plan', 'check', plans);
    expect(wrong).toMatchObject({
      status: 1,
      document: { ok: false, problems: [{ line: 6, message: expect.stringContaining('later') }] },
    });
    writeFileSync(
      plans,
      'version: 1\nplans:\n  - id: p\n    name: { fr: P }\n    steps:\n      - { id: a, title: { fr: A }, kind: human }\n',
    );
    expect(reflexe('plan', 'check', plans)).toMatchObject({ status: 0, document: { ok: true, plans: 1, steps: 1 } });
  });
});
