import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { say } from './say.mjs';

const policy = '/usr/sbin/policy-rc.d';

/**
 * The Debian packages the tests and the drill start real services from. As root they are installed; otherwise the missing
 * ones are named with the command to get them, and the tests that need them count themselves as not run.
 */
export function installDebianPackages(root) {
  const list = JSON.parse(readFileSync(join(root, 'scripts', 'debian-packages.json'), 'utf8'));
  const missingOf = () => list.filter(({ proof }) => !existsSync(proof));
  const missing = missingOf();
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    tellMissing(missing, command);
    return;
  }
  say(`installing Debian packages, without starting their services: ${names.join(' ')}`);
  withoutStartingServices(() => {
    aptGet('update');
    aptGet('install', '--yes', '--no-install-recommends', ...names);
  });
  const still = missingOf();
  if (still.length > 0) tellMissing(still, `apt-get update && ${command}`);
}

function tellMissing(missing, command) {
  say('these Debian packages are missing; the tests that need them will be counted as not run:');
  for (const { name, proof, for: why } of missing) say(`  ${name} (${why}; ${proof} not found)`);
  say(`to get them, as root: ${command}`);
}

function aptGet(...args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const done = spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 2, 2], env: environment });
  if (done.status !== 0)
    say(`apt-get ${args[0]} failed (${done.error?.message ?? `exit status ${done.status}`}); going on`);
}

/** Debian starts a service when its package is installed; a machine that runs our tests never asked for that. */
function withoutStartingServices(install) {
  const ours = !existsSync(policy);
  const remove = () => rmSync(policy, { force: true });
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    process.once('exit', remove);
  }
  try {
    install();
  } finally {
    if (ours) {
      remove();
      process.off('exit', remove);
    }
  }
}
