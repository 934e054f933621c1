import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { accept, type Result, refuse } from '../../journal/result.ts';

export interface WriterLock {
  release(): void;
}

/**
 * One writer per folder, held by the operating system for as long as this process lives: SQLite's own file lock on an
 * empty database. A process that was killed leaves nothing to clean up. The pid beside it is only for the message.
 */
export function lockForWriting(folder: string): Result<WriterLock> {
  const pidFile = join(folder, 'writer.pid');
  const lock = new DatabaseSync(join(folder, 'writer.lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const busy = typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === 5;
    if (!busy) throw error;
    const pid = writerOf(pidFile);
    return refuse('journal-in-use', `This journal is already open for writing by process ${pid}.`, {
      where: folder,
      expected: 'one writer per journal',
      kept: 'the journal, which that process goes on writing',
      cure: `Use the Reflexe that is running, or stop it first (process ${pid}).`,
    });
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch {
    // A full disk must not forbid reading the journal; the lock itself is held.
  }
  return accept({ release: () => lock.close() });
}

function writerOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}
