import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { onceAlone } from './alone.mjs';
import { SetupError, say } from './say.mjs';

/** Makes `node_modules` what package-lock.json says; a stamp inside it tells that it already is. */
export function installDependencies(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = join(root, 'node_modules', '.reflexe-lock');
  const wanted = createHash('sha256').update(`${process.platform}-${process.arch}\n`).update(lock).digest('hex');
  const isStamped = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  onceAlone(root, isStamped, () => {
    // A person or a CI step may have run `npm ci` already: npm's own record of what it installed says so.
    if (!isInstalled(root, JSON.parse(lock.toString()))) npmCi(root, stamp);
    writeFileSync(stamp, wanted);
  });
}

function isInstalled(root, lock) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(lock.packages).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

function npmCi(root, stamp) {
  rmSync(stamp, { force: true });
  say('installing the npm packages of package-lock.json (once; some tens of seconds)…');
  // `npm run` names its own npm; without it (`node bin/setup.mjs`), the one on the path.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = npm;
  // `npm run --silent` would silence its child too: errors must be seen.
  const args = [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.error === undefined && done.status === 0) return;
  const why = done.error?.message ?? `exit status ${done.status ?? done.signal}`;
  throw new SetupError(
    `npm could not install the packages (${why}); its own message is above.`,
    'check that the npm registry can be reached and that the disk is not full, then start again; ' +
      '`npm ci --ignore-scripts` alone shows the same error.',
  );
}
