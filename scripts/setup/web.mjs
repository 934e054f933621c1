import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { findNode } from '../../bin/node24.mjs';
import { onceAlone } from './alone.mjs';
import { SetupError, say } from './say.mjs';

/** Files whose change can change the built interface without being among its modules. */
const alwaysInputs = ['vite.config.ts', 'package-lock.json', 'scripts/build-web.ts'];

/**
 * Builds the interface into dist/web when what it was built from has changed since.
 * The build writes down which modules it read (`.cache/web.json`), so a change in the server alone builds nothing.
 */
export function buildWeb(root) {
  if (!existsSync(join(root, 'vite.config.ts'))) return;
  onceAlone(
    root,
    () => isBuilt(root),
    () => build(root),
  );
}

function isBuilt(root) {
  const record = join(root, '.cache', 'web.json');
  if (!existsSync(record) || !existsSync(join(root, 'dist', 'web', 'index.html'))) return false;
  const { hash, modules } = JSON.parse(readFileSync(record, 'utf8'));
  return hashOf(root, modules) === hash;
}

function build(root) {
  say('building the interface (once, and when its sources change)…');
  // Whatever asked for it, a test runner among them: what is built is what ships.
  const env = { ...process.env, NODE_ENV: 'production' };
  const script = join(root, 'scripts', 'build-web.ts');
  const done = spawnSync(findNode(), [script], { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (done.status === 0) return;
  throw new SetupError(
    `the interface could not be built (exit status ${done.status ?? done.signal}); vite's own message is above.`,
    'correct the file it names, then start again.',
  );
}

/** The content of everything the interface is made of: its folder, and the modules it took elsewhere. */
export function hashOf(root, modules) {
  const folder = readdirSync(join(root, 'src', 'web'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
  const hash = createHash('sha256');
  for (const file of [...new Set([...alwaysInputs, ...folder, ...modules])].sort()) {
    hash.update(`${file}\0`);
    const path = join(root, file);
    if (existsSync(path)) hash.update(createHash('sha256').update(readFileSync(path)).digest());
  }
  return hash.digest('hex');
}
