#!/usr/bin/env node
/**
 * Brings a fresh clone to where it can start: npm packages, the built interface; with `--tests`, the Debian packages too;
 * with `--no-web`, without the interface.
 * Plain JavaScript without dependencies, for the Node of the machine. Does nothing, quickly, when nothing is to be done.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  process.stderr.write(`set-up: Node 20 or newer is needed to begin; this is ${process.versions.node}.\n`);
  process.exit(1);
}

const { installDependencies } = await import('../scripts/setup/dependencies.mjs');
const { buildWeb } = await import('../scripts/setup/web.mjs');
const { installDebianPackages } = await import('../scripts/setup/debian.mjs');
const { SetupError } = await import('../scripts/setup/say.mjs');

try {
  installDependencies(root);
  if (!process.argv.includes('--no-web')) buildWeb(root);
  if (process.argv.includes('--tests')) installDebianPackages(root);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`set-up: ${error.message}\n  What to do: ${error.cure}\n`);
  process.exitCode = 1;
}
