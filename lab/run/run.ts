import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, serviceAccount } from './account.ts';
import { endRun } from './ending.ts';
import { bootId, identityOf, isAlive } from './processes.ts';
import { appendRecord, readRecord, recordPath } from './record.ts';

/** One life of the lab in one folder. */
export interface Run {
  folder: string;
  token: string;
  /** Who the services run as: never root. */
  account: Account;
  signal: AbortSignal;
}

/** Unix socket paths end at 107 bytes; the longest of ours below the folder is `/run/.s.PGSQL.65535.lock`. */
const FOLDER_LENGTH_MAX = 80;

/** Takes a folder for a new run: an empty or missing one, or one whose earlier run has died (it is cleaned up first). */
export async function openRun(wanted: string, signal: AbortSignal): Promise<Run> {
  const earlier = readRecord(wanted);
  if (earlier) {
    if (earlier.run.boot === bootId() && isAlive(earlier.run.starter)) {
      throw new Error(
        `${wanted}: a lab already runs here (started by process ${earlier.run.starter.pid}). ` +
          'Stop it, or choose another folder. Nothing was changed.',
      );
    }
    await endRun(wanted);
  }
  const madeFolder = !existsSync(wanted);
  if (madeFolder) mkdirSync(wanted, { recursive: true });
  const folder = realpathSync(wanted);
  rmTornRecord(folder);
  if (readdirSync(folder).length > 0) {
    throw new Error(
      `${folder}: expected an empty folder or one this lab made; it holds other files. Nothing was changed.`,
    );
  }
  if (Buffer.byteLength(folder) > FOLDER_LENGTH_MAX) {
    throw new Error(`${folder}: too long for Unix sockets below it; expected at most ${FOLDER_LENGTH_MAX} bytes.`);
  }
  const { dev, ino } = statSync(folder);
  const starter = identityOf(process.pid);
  if (!starter) throw new Error('/proc is needed to tell processes apart; it could not be read');
  const token = randomBytes(16).toString('hex');
  const at = new Date().toISOString();
  appendRecord(folder, {
    kind: 'run',
    token,
    boot: bootId(),
    starter,
    madeFolder,
    folder: { path: folder, device: dev, inode: ino },
    at,
  });
  // The services' account must pass through, not list.
  chmodSync(folder, 0o711);
  return { folder, token, account: serviceAccount(folder), signal };
}

/** A run killed while writing its very first line had made nothing else. */
function rmTornRecord(folder: string): void {
  if (readdirSync(folder).join() === 'record.jsonl') rmSync(recordPath(folder));
}

/** A folder of the run; `owner: 'services'` gives it to the account the services run as. */
export function makeFolder(run: Run, name: string, owner: 'services' | 'starter'): string {
  const path = join(run.folder, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (owner === 'services') run.account.give(path);
  return path;
}
