import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../../restore/ports.ts';
import { interrupted, pathUnknown } from '../../backupTree/refusals.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../../recoveryFolders/diskRoom.ts';
import { type ResticRepository, usablePassword } from '../password.ts';
import { asPattern, entriesIn, pathBelow, singlePath, topOf } from './layout.ts';
import { runRestic } from './run.ts';
import { lsIn, type SaidNode, snapshotsIn, unreadable } from './said.ts';

/** What only restic's binary reaches. */
export const isAddress = (repository: string): boolean => /^(s3|sftp|b2|azure|gs|swift|rclone):/.test(repository);

/** A restic repository reached by a protocol of restic's, read with its binary: never a lock, never a cache, never a write. */
export class ToolSource implements BackupSource {
  readonly #where: ResticRepository;
  readonly #spareBytes: number;

  constructor(where: ResticRepository, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const secret = await usablePassword(this.#where);
    if (!secret.ok) return secret;
    const ran = await runRestic(this.#where, ['snapshots', '--json'], work.signal);
    if (work.signal.aborted) return interrupted(this.#where.repository);
    if (ran.status !== 0) return resticRefusal(this.#where.repository, ran.errors);
    const whole = snapshotsIn(ran.output);
    if (whole === undefined)
      return refuse('backup-damaged', 'The list of snapshots cannot be read.', { where: this.#where.repository });
    // Such a snapshot says nothing of itself: dated by this moment.
    const damaged = unreadable(ran.errors).map(damagedSnapshot);
    return accept([...whole, ...damaged].toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  /** Writes the snapshot's content under `into`; a single backed-up folder becomes `into` itself, whatever its path was. */
  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const listed = await this.#ls(snapshot, [], work);
    if (!listed.ok) return listed;
    const { paths, nodes } = listed.value;
    const path = part === undefined ? '' : pathBelow(topOf(paths, nodes), part);
    const wanted = nodes.filter((node) => node.path === path || node.path.startsWith(`${path}/`));
    if (part !== undefined && (part === '' || path === undefined || wanted.length === 0))
      return pathUnknown(snapshot, part);
    const files = wanted.filter(({ type }) => type === 'file');
    const total = { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
    const room = await enoughRoom(into, total.bytes + this.#spareBytes);
    if (!room.ok) return room;
    const only = path ? ['--include', asPattern(path)] : [];
    const ran = await runRestic(
      this.#where,
      ['restore', snapshot, '--target', into, '--verify', ...only],
      work.signal,
      {
        into,
        onWritten: (written) => work.progress(Math.min(written, total.bytes), total.bytes, 'bytes'),
      },
    );
    if (work.signal.aborted) return interrupted(snapshot);
    if (/no space left on device|disk quota exceeded/i.test(ran.errors)) return diskFull(into, total.bytes);
    const problems = ran.errors
      .split('\n')
      .filter((line) => /^(ignoring error for|error|Fatal|.*ciphertext verification|.*does not exist)/i.test(line))
      .map((line) => ({ path: snapshot, reason: line.slice(0, 200) }));
    if (ran.status !== 0 && problems.length === 0) return resticRefusal(this.#where.repository, ran.errors);
    if (ran.status !== 0)
      return refuse('backup-damaged', 'This snapshot does not restore whole.', {
        where: snapshot,
        kept: problems[0]?.reason ?? '',
      });
    const [single] = paths;
    if (single !== undefined && paths.length === 1) await lift(single, into);
    return accept({ ...total, problems, unverified: 0 });
  }

  async entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    const root = await this.#ls(snapshot, ['/'], work);
    if (!root.ok) return root;
    const { paths } = root.value;
    // Whether a single path is a folder is known once it was asked for.
    const asked = [singlePath(paths), ''].flatMap((top) => [top, pathBelow(top, folder) ?? top]);
    const listed = await this.#ls(snapshot, [...new Set(asked.map((path) => path || '/'))], work);
    if (!listed.ok) return listed;
    const path = pathBelow(topOf(paths, listed.value.nodes), folder);
    const entries = path === undefined ? undefined : entriesIn(listed.value.nodes, path);
    return entries === undefined ? pathUnknown(snapshot, folder) : accept(entries);
  }

  /** What the repository states of a snapshot: all of it, or these of its folders with what stands directly in them. */
  async #ls(
    snapshot: string,
    folders: readonly string[],
    work: Work,
  ): Promise<Result<{ paths: string[]; nodes: SaidNode[] }>> {
    if (!/^[0-9a-z]+$/i.test(snapshot))
      return refuse('snapshot-unknown', 'This is no name of a snapshot.', {
        where: snapshot,
        expected: 'letters and digits, as `restic snapshots` names them',
        kept: 'Nothing was read or written.',
        cure: 'Name one of the snapshots listed.',
      });
    const secret = await usablePassword(this.#where);
    if (!secret.ok) return secret;
    const ran = await runRestic(this.#where, ['ls', '--json', snapshot, ...folders], work.signal);
    if (work.signal.aborted) return interrupted(snapshot);
    return ran.status === 0 ? accept(lsIn(ran.output)) : resticRefusal(this.#where.repository, ran.errors);
  }
}

const damagedSnapshot = (id: string): BackupSnapshot => ({
  id,
  time: new Date().toISOString(),
  host: '',
  paths: [],
  bytes: null,
  files: null,
  damaged: true,
});

/** What restic's complaint means for the person who reads it. Stack traces and its own retries say nothing to them. */
function resticRefusal(where: string, errors: string): Refusing {
  const lines = errors
    .split('\n')
    .filter((line) => /^\S/.test(line) && !/retrying after|^goroutine|^runtime|\.go:/.test(line));
  const said = (lines.find((line) => line.startsWith('Fatal')) ?? lines[0] ?? '').slice(0, 200);
  if (/wrong password|no key found/i.test(errors)) {
    return refuse('backup-wrong-password', 'The password does not open this backup repository.', {
      where,
      expected: 'the password of one of its keys',
      kept: 'Nothing was read or changed.',
      cure: 'Check the secret this source names.',
    });
  }
  if (/^spawn|executable file not found/i.test(errors)) {
    return refuse('backup-tool-missing', 'restic is not installed here.', {
      where,
      expected: 'the program restic on the path',
      kept: 'Nothing was read or changed.',
      cure: 'Install the package restic.',
    });
  }
  if (/unable to open (config|repository)|Is there a repository|connection refused|no such host/i.test(errors)) {
    return refuse('backup-unreachable', 'The backup repository cannot be opened.', {
      where,
      expected: 'a restic repository',
      kept: said,
      cure: 'Check its path and that its disk is mounted.',
      retryable: true,
    });
  }
  return refuse('backup-damaged', 'The backup repository could not be read whole.', {
    where,
    kept: said,
    cure: 'Try an older snapshot, or another copy of this repository.',
  });
}

/**
 * Restic writes a snapshot under the path it was taken from; what was backed up is wanted, not where it stood. Whoever could
 * write to the repository wrote that path: it is followed through real folders of `into` only.
 */
async function lift(path: string, into: string): Promise<void> {
  const parts = normalize(`/${path}`).split('/').slice(1);
  const [first = '', ...rest] = parts;
  if (first === '' || !(await isFolder(into, parts))) return;
  // Aside first: what was backed up may itself hold a folder of that name.
  const aside = join(into, `.lifting-${randomUUID()}`);
  await rename(join(into, first), aside);
  const whole = join(aside, ...rest);
  for (const name of await readdir(whole)) await rename(join(whole, name), join(into, name));
  await rm(aside, { recursive: true });
}

async function isFolder(folder: string, [part, ...rest]: readonly string[]): Promise<boolean> {
  if (part === undefined) return true;
  const found = await lstat(join(folder, part)).catch(() => undefined);
  return (found?.isDirectory() ?? false) && isFolder(join(folder, part), rest);
}
