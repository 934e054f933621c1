import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onceAlone } from './alone.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'alone-'));
  mkdirSync(join(root, '.cache'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Begins the work, says so, and ends it when the file `go` is there. */
function worker() {
  const module = pathToFileURL(join(import.meta.dirname, 'alone.mjs')).href;
  const done = join(root, 'done');
  const source = `
    import { onceAlone } from ${JSON.stringify(module)};
    import { existsSync, writeFileSync } from 'node:fs';
    onceAlone(${JSON.stringify(root)}, () => existsSync(${JSON.stringify(done)}), () => {
      console.log('working');
      const pause = new Int32Array(new SharedArrayBuffer(4));
      while (!existsSync(${JSON.stringify(join(root, 'go'))})) Atomics.wait(pause, 0, 0, 20);
      writeFileSync(${JSON.stringify(done)}, String(process.pid));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = (stream: NodeJS.ReadableStream) =>
    new Promise((resolve) => stream.once('data', (chunk) => resolve(String(chunk))));
  return {
    child,
    working: said(child.stdout),
    waiting: said(child.stderr),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

test('two set-ups begun together: one works, the other waits and finds it done', async () => {
  const first = worker();
  expect(await first.working).toBe('working\n');
  const second = worker();
  expect(await second.waiting).toContain(`process ${first.child.pid}`);
  writeFileSync(join(root, 'go'), '');
  expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  expect(readFileSync(join(root, 'done'), 'utf8')).toBe(String(first.child.pid));
  expect(existsSync(join(root, '.cache', 'setup.lock'))).toBe(false);
});

test('a lock left by a killed set-up is taken over', async () => {
  const first = worker();
  await first.working;
  first.child.kill('SIGKILL');
  await first.ended;
  expect(existsSync(join(root, '.cache', 'setup.lock'))).toBe(true);
  let worked = false;
  onceAlone(
    root,
    () => false,
    () => {
      worked = true;
    },
  );
  expect(worked).toBe(true);
});

test('a lock that says nothing is taken over, and what is done is not done again', () => {
  writeFileSync(join(root, '.cache', 'setup.lock'), '');
  const unexpected = () => {
    throw new Error('done already');
  };
  onceAlone(root, () => true, unexpected);
  expect(() => onceAlone(root, () => false, unexpected)).toThrow('done already');
  expect(existsSync(join(root, '.cache', 'setup.lock'))).toBe(false);
});
