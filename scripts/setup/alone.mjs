import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { say } from './say.mjs';

/**
 * Does `work` unless `isDone`, one process at a time: `npm start` and `npm test` begun together must not install into
 * the same folder. A lock left by a process that is gone is taken over.
 */
export function onceAlone(root, isDone, work) {
  if (isDone()) return;
  const lock = join(root, '.cache', 'setup.lock');
  mkdirSync(join(root, '.cache'), { recursive: true });
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) say(`waiting for another set-up of this folder to end (process ${holder(lock)})…`);
    // A pause between two looks at the lock; there is no way to be told.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    if (!isDone()) work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function take(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    // A link appears with its content: nobody ever reads a lock that does not yet say whose it is.
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(own);
  }
  const pid = holder(lock);
  if (pid !== undefined && isAlive(pid)) return false;
  rmSync(lock, { force: true });
  return take(lock);
}

function holder(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
