import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verbs } from '../src/cli/verbs.ts';
import { bundleTests } from './bundle-tests.ts';
import { machineNode } from './machine-node.ts';

const execute = promisify(execFile);
const project = join(import.meta.dirname, '..');
const node = machineNode() ?? process.execPath;
let folder = '';

/** A person's environment: the machine's Node first, none of what `npm test` adds for its own scripts. */
function environment(): { [name: string]: string } {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name),
  );
  const clean = Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return {
    ...clean,
    // Its paths are new each time: what Node compiles of them goes with them.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    PATH: `${dirname(node)}:${clean.PATH ?? ''}`,
    npm_config_prefer_offline: 'true',
    LANG: 'fr_FR.UTF-8',
  };
}

/** The package as npm would publish it, installed in a project that is not ours. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  // Its `prepack` sets up and builds: what is packed is what the sources are now, never an older dist.
  rmSync(join(project, 'dist', 'cli'), { recursive: true, force: true });
  await execute('npm', ['pack', '--pack-destination', folder], { cwd: project, env: environment() });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no package');
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'package.json'), '{ "name": "elsewhere", "private": true }');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)];
  await execute('npm', install, { cwd: elsewhere, env: environment() });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (...path: string[]) => join(folder, 'elsewhere', 'node_modules', ...path);
const reflexe = (...args: string[]) => execute(installed('.bin', 'reflexe'), args, { cwd: folder, env: environment() });

test('the package holds what runs, its licence and the interface; no source, test, lab or bench', () => {
  const files = readdirSync(installed('reflexe'), { recursive: true, encoding: 'utf8' });
  for (const needed of ['LICENSE', 'CHANGELOG.md', 'bin/reflexe.mjs', 'dist/cli/reflexe.js', 'dist/web/index.html']) {
    expect(files).toContain(needed);
  }
  const foreign = files.filter((file) =>
    /^(src|lab|bench|scripts|node_modules)\/|\.tsx?$|\.test\.|\.fuzz\./.test(file),
  );
  expect(foreign).toEqual([]);
});

test('installed elsewhere, it answers --help and --version', async () => {
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect((await reflexe('--version')).stdout.trim()).toBe(version);
  const { stdout } = await reflexe('--help');
  expect(stdout).toContain('Usage : reflexe');
  for (const path of Object.keys(verbs)) expect(stdout).toContain(path.split(' ')[0]);
});

test('installed elsewhere, every verb can be loaded', async () => {
  for (const path of Object.keys(verbs)) {
    const { stdout } = await reflexe(...path.split(' '), '--help');
    expect(stdout, path).toContain('Exemple :');
  }
});

test('installed elsewhere, it starts: the address is printed and the page answers', async () => {
  const data = join(folder, 'data');
  const child = spawn(installed('.bin', 'reflexe'), ['start', '--port', '0', '--data', data], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    const address = await firstAddress(child.stdout, child.stderr, ended);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root"');
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});

// Beside the package's own test, because both want the build to themselves.
bundleTests(project);

/** The address among what it prints; fails with all of it when it ends before. */
async function firstAddress(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  ended: Promise<unknown>,
): Promise<string> {
  let said = '';
  const found = new Promise<string>((resolve) => {
    for (const stream of [stdout, stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const [address] = /http:\/\/localhost:\d+/.exec(said) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
  });
  const gone = ended.then((status) => {
    throw new Error(`it ended with ${String(status)} before printing its address:\n${said}`);
  });
  return Promise.race([found, gone]);
}
