import { mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { Work } from '../../restore/ports.ts';
import { type Name, shown } from '../backupTree/name.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { copied, likeBefore } from '../files/copied.ts';
import { allBelow, standing, type TreeEntry, within } from '../files/tree.ts';
import { diskFull, enoughRoom } from '../recoveryFolders/diskRoom.ts';
import { NOT_INSTALLED, toolMissing } from '../tool/refusals.ts';
import { runTool } from '../tool/run.ts';

/** `pg_basebackup --format=tar`: the cluster, its log, and a tar of its number for each tablespace. */
const TAR = /^(base|pg_wal|\d+)\.tar(\.gz|\.zst)?$/;

/** Lays a base backup's files in `into`, whichever way pg_basebackup wrote it. */
export async function layBase(night: string, into: string, spareBytes: number, work: Work): Promise<Result<void>> {
  const top = await standing(night, '');
  const tars = top.filter(({ path }) => TAR.test(shown(path)));
  const entries =
    tars.length > 0 ? tars : (await allBelow(night, undefined)).filter(({ path }) => path !== 'backup_manifest');
  const tablespace = entries.find(({ path, kind }) => isTablespace(path, kind));
  if (tablespace !== undefined) return tablespaces(night, shown(tablespace.path));
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const room = await enoughRoom(into, bytes + spareBytes);
  if (!room.ok) return room;
  return tars.length > 0 ? unpack(night, tars, into, bytes, work) : copy(night, entries, into, bytes, work);
}

const isTablespace = (path: Name, kind: string): boolean =>
  /^\d+\.tar/.test(shown(path)) || (kind === 'link' && shown(path).startsWith('pg_tblspc/'));

async function copy(
  night: string,
  entries: readonly TreeEntry[],
  into: string,
  total: number,
  work: Work,
): Promise<Result<void>> {
  let done = 0;
  for (const entry of entries) {
    if (work.signal.aborted) return interrupted(night);
    const [from, to] = [within(night, entry.path), within(into, entry.path)];
    if (entry.kind === 'folder') await mkdir(to);
    else if (entry.kind === 'link') await symlink(await readlink(from, { encoding: 'buffer' }), to);
    else if (entry.kind === 'file') {
      done += (await copied(from, to, work.signal)).bytes;
      work.progress(Math.min(done, total), total, 'bytes');
      await likeBefore(to, entry);
    }
  }
  for (const entry of entries.toReversed())
    if (entry.kind === 'folder') await likeBefore(within(into, entry.path), entry);
  return accept(undefined);
}

/** With tar itself, which can write into `into` and nowhere else. */
async function unpack(
  night: string,
  tars: readonly TreeEntry[],
  into: string,
  total: number,
  work: Work,
): Promise<Result<void>> {
  for (const { path } of tars) {
    const [file, folder] = [join(night, shown(path)), shown(path).startsWith('pg_wal.') ? join(into, 'pg_wal') : into];
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const ran = await runTool({
      command: 'tar',
      args: ['--extract', '--file', file, '--directory', folder, '--no-same-owner'],
      signal: work.signal,
      walls: { readable: [file], writable: [into] },
      writing: { into, onWritten: (written) => work.progress(Math.min(written, total), total, 'bytes') },
    });
    if (work.signal.aborted) return interrupted(night);
    if (ran.status === NOT_INSTALLED) return toolMissing('tar', 'tar', file);
    if (/zstd: Cannot exec/.test(ran.errors)) return toolMissing('zstd', 'zstd', file);
    if (/No space left on device|Disk quota exceeded/i.test(ran.errors)) return diskFull(into, total);
    if (ran.status !== 0) return baseDamaged(file, ran.errors.split('\n')[0]?.slice(0, 200) ?? '');
  }
  return accept(undefined);
}

export const baseDamaged = (where: string, kept: string): Refusing =>
  refuse('backup-damaged', 'This base backup does not restore whole.', {
    where,
    expected: 'every file as its backup_manifest says',
    kept,
    cure: 'Try an older base backup, or another copy.',
  });

const tablespaces = (night: string, what: string): Refusing =>
  refuse('backup-unreadable', 'This cluster has tablespaces: they would be restored outside its folder.', {
    where: join(night, what),
    expected: 'a cluster whose data all stands in its own folder',
    kept: 'Nothing was restored.',
    cure: 'Restore it by hand: see «tablespace» in the documentation of pg_basebackup.',
  });
