import { existsSync, lstatSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId, descendantsOf, isAlive, type ProcessIdentity, processesMarked, signalProcess } from './processes.ts';
import { type ProcessEntry, RUN_MARK, readRecord, recordPath } from './record.ts';
import { until } from './waiting.ts';

export interface Ended {
  /** What was found alive and ended. */
  processes: { what: string; pid: number }[];
  folderRemoved: boolean;
}

const GENTLY_SECONDS = 8;
const KILLED_SECONDS = 10;

/**
 * Ends everything a run recorded and removes its files. Safe to call at any time, twice, or after a crash at any point:
 * the record goes last. Trusts the record only: process numbers are checked against their start time and this boot, and
 * the folder against its device and inode.
 */
export async function endRun(wanted: string): Promise<Ended> {
  const record = readRecord(wanted);
  if (!record) return { processes: [], folderRemoved: false };
  const { run, entries } = record;
  const ended: Ended['processes'] = [];
  if (run.boot === bootId()) {
    const recorded = entries.filter((entry): entry is ProcessEntry => entry.kind === 'process');
    const family = descendantsOf(recorded.filter(isAlive));
    const living = recorded.filter(isAlive).reverse();
    for (const one of living) {
      ended.push({ what: one.what, pid: one.pid });
      signalProcess(one, one.endsOn);
    }
    await gone(living, GENTLY_SECONDS).catch(() => {});
    const stragglers = [...family, ...recorded, ...processesMarked(RUN_MARK, run.token)].filter(isAlive);
    for (const one of stragglers) {
      if (!ended.some(({ pid }) => pid === one.pid)) ended.push({ what: 'started but not yet recorded', pid: one.pid });
      signalProcess(one, 'SIGKILL');
    }
    await gone(stragglers, KILLED_SECONDS);
  }
  return { processes: ended, folderRemoved: await removeFolder(run.folder, run.madeFolder) };
}

const gone = (processes: readonly ProcessIdentity[], seconds: number) =>
  until(`end of ${processes.map(({ pid }) => pid)}`, seconds, () => (processes.some(isAlive) ? undefined : true));

async function removeFolder(folder: { path: string; device: number; inode: number }, whole: boolean): Promise<boolean> {
  if (!existsSync(folder.path)) return false;
  const found = lstatSync(folder.path);
  if (!found.isDirectory() || found.dev !== folder.device || found.ino !== folder.inode) {
    throw new Error(
      `${folder.path}: no longer the folder this run made (another stands in its place); it was left alone`,
    );
  }
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const inside = mounts.map((line) => line.split(' ')[4] ?? '').find((point) => point.startsWith(`${folder.path}/`));
  if (inside) throw new Error(`${inside}: something is mounted inside the lab's folder; unmount it, then stop again`);
  const made = readdirSync(folder.path).filter((name) => join(folder.path, name) !== recordPath(folder.path));
  await Promise.all(made.map((name) => rm(join(folder.path, name), { recursive: true, force: true })));
  await rm(recordPath(folder.path), { force: true });
  if (whole) rmdirSync(folder.path);
  return whole;
}
