import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineNode } from '../scripts/machine-node.ts';

const project = join(import.meta.dirname, '..');
const brought = `node-${process.platform}-${process.arch}`;
const node = machineNode() ?? process.execPath;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function launch(launcher: string, ...args: string[]) {
  const child = spawn(node, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  return { child, ended, stdout: text(child.stdout), stderr: text(child.stderr) };
}

function script(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

describe('the launcher', () => {
  const launcher = join(project, 'bin', 'node24.mjs');

  test('runs on Node 24 with the arguments it was given, and passes the exit status on', async () => {
    const file = script(
      'status.mjs',
      'console.log(process.versions.node, process.argv.slice(2).join()); process.exit(3);',
    );
    const run = launch(launcher, file, 'one', '--two');
    expect(await run.ended).toBe(3);
    expect(await run.stdout).toMatch(/^(2[4-9]|[3-9]\d)\.\S+ one,--two\n$/);
  });

  test('passes signals on, and waits for what they lead to', async () => {
    const file = script(
      'signal.mjs',
      'process.on("SIGTERM", () => { console.log("closing"); process.exit(7); }); console.log("ready"); setInterval(() => {}, 1e6);',
    );
    const run = launch(launcher, file);
    run.child.stdout.once('data', () => run.child.kill('SIGTERM'));
    expect(await run.ended).toBe(7);
    expect(await run.stdout).toBe('ready\nclosing\n');
  });

  test('finds the Node that an installing project hoisted beside the package', async () => {
    const modules = join(folder, 'hoisted', 'node_modules');
    mkdirSync(join(modules, 'reflexe'), { recursive: true });
    cpSync(join(project, 'bin'), join(modules, 'reflexe', 'bin'), { recursive: true });
    symlinkSync(join(project, 'node_modules', brought), join(modules, brought));
    const file = script('which.mjs', 'console.log(process.execPath);');
    const run = launch(join(modules, 'reflexe', 'bin', 'node24.mjs'), file);
    expect(await run.ended).toBe(0);
    expect(await run.stdout).toContain(`${brought}/bin/node`);
  });

  test('says what to do where neither Node will do', async (context) => {
    const major = Number(execFileSync(node, ['-p', 'process.versions.node']).toString().split('.')[0]);
    if (major >= 24) return context.skip(`the machine's Node is ${major}: an older one is needed to see this error`);
    cpSync(join(project, 'bin'), join(folder, 'alone', 'bin'), { recursive: true });
    const run = launch(join(folder, 'alone', 'bin', 'node24.mjs'), script('any.mjs', 'console.log("ran");'));
    expect(await run.ended).toBe(1);
    expect(await run.stdout).toBe('');
    expect(await run.stderr).toMatch(/Node 24 or newer is needed[\s\S]*What to do/);
  });
});
