import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineNode } from '../machine-node.ts';

const project = join(import.meta.dirname, '..', '..');
const node = machineNode() ?? process.execPath;
let clone = '';

/** As after `git clone`: the files git knows or would take, and nothing installed. */
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'clone-'));
  chmodSync(clone, 0o755);
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'bin', 'scripts', 'package*.json', '.npmrc'],
    {
      cwd: project,
    },
  );
  for (const file of listed.toString().trim().split('\n')) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    if (existsSync(join(project, file))) cpSync(join(project, file), join(clone, file));
  }
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function setUp(settings: { [name: string]: string } = {}, options: { uid?: number } = {}) {
  // The environment of a person's shell, without what `npm test` adds for its own scripts.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name),
  );
  const environment = { ...Object.fromEntries(kept), npm_config_prefer_offline: 'true', ...settings };
  const args = [join(clone, 'bin', 'setup.mjs'), '--no-web', ...(settings.tests === undefined ? [] : ['--tests'])];
  const { status, stdout, stderr } = spawnSync(node, args, { env: environment, encoding: 'utf8', ...options });
  return { status, stdout, stderr };
}

const unreachable = () => ({
  npm_config_registry: 'http://127.0.0.1:9',
  npm_config_cache: join(clone, 'none'),
  npm_config_fetch_retries: '0',
});

test('npm that fails: one clear error, nothing left that would pass for installed', () => {
  const { status, stderr } = setUp(unreachable());
  expect(status).toBe(1);
  expect(stderr).toMatch(/npm could not install the packages[\s\S]*What to do/);
  expect(existsSync(join(clone, 'node_modules', '.reflexe-lock'))).toBe(false);
});

test('a fresh clone gets its packages, Node 24 among them; the second time nothing is done', () => {
  const first = setUp();
  expect(first.stderr).toContain('installing the npm packages');
  expect(first.status).toBe(0);
  expect(existsSync(join(clone, 'node_modules', '.bin', 'tsc'))).toBe(true);
  const version = execFileSync(node, [join(clone, 'bin', 'node24.mjs'), writeVersion()]);
  expect(version.toString()).toMatch(/^24\./);
  expect(setUp()).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('packages a person installed with npm ci are not installed again', () => {
  rmSync(join(clone, 'node_modules', '.reflexe-lock'));
  expect(setUp()).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('without root, missing Debian packages are named with the command that gets them', (context) => {
  if (process.getuid?.() !== 0) return context.skip('not root: only root can become nobody');
  const list = [{ name: 'no-such-service', proof: '/nowhere/no-such-service', for: 'this test' }];
  writeFileSync(join(clone, 'scripts', 'debian-packages.json'), JSON.stringify(list));
  const { status, stderr } = setUp({ tests: 'yes', HOME: clone }, { uid: 65534 });
  expect(stderr).toContain('no-such-service (this test; /nowhere/no-such-service not found)');
  expect(stderr).toContain('as root: apt-get install --no-install-recommends no-such-service');
  expect(status).toBe(0);
});

test('packages that are not those of the lock are replaced', () => {
  const record = join(clone, 'node_modules', '.package-lock.json');
  writeFileSync(record, readFileSync(record, 'utf8').replace(/(axe-core": \{\s*"version": )"[^"]+"/, '$1"0.0.1"'));
  rmSync(join(clone, 'node_modules', '.reflexe-lock'));
  // Seen by its beginning: the whole installation was proved above.
  expect(setUp(unreachable()).stderr).toContain('installing the npm packages');
});

function writeVersion(): string {
  const file = join(clone, 'version.mjs');
  writeFileSync(file, 'console.log(process.versions.node);');
  return file;
}
