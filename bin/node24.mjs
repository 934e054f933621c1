#!/usr/bin/env node
/**
 * Finds the Node this project runs on, and runs a file with it: `node bin/node24.mjs <file> [arguments]`.
 * Plain JavaScript, so that the Node of the machine (20 or newer) can read it.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestMajor = 24;

/** The Node that npm brought with us (wherever the installing project put it), else the running one; undefined: neither will do. */
export function findNode() {
  const require = createRequire(import.meta.url);
  try {
    const brought = join(
      dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)),
      'bin',
      'node',
    );
    if (existsSync(brought)) return brought;
  } catch {
    // Not installed for this platform: the running Node may be recent enough.
  }
  return Number(process.versions.node.split('.')[0]) >= oldestMajor ? process.execPath : undefined;
}

/** Runs `file` in place of this process: same terminal, same signals, same exit status. */
export async function run(file, args) {
  const node = findNode();
  if (node === undefined) {
    process.stderr.write(
      `reflexe: Node ${oldestMajor} or newer is needed; this is Node ${process.versions.node}, and npm brought none for ` +
        `${process.platform}-${process.arch}.\n` +
        '  What to do: reinstall with optional dependencies (npm ci --include=optional), or start with a newer Node.\n',
    );
    process.exitCode = 1;
    return;
  }
  if (realpathSync(node) === realpathSync(process.execPath)) {
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const child = spawn(node, [file, ...args], { stdio: 'inherit' });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    process.on(signal, () => {
      // A terminal already gives Ctrl-C and Ctrl-\ to the child: twice would read as "stop at once".
      if (!(onTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT'))) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`reflexe: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) {
    process.stderr.write('usage: node bin/node24.mjs <file> [arguments]\n');
    process.exitCode = 2;
  } else {
    await run(resolve(file), args);
  }
}
