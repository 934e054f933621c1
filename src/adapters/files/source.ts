import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, constants, lstat, mkdir, open, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { readManifest } from './manifest.ts';

/** A night's folder: `2026-03-01T02`, `2026-03-01T0200`, `2026-03-01T02:00:00Z`; UTC where no offset is said. */
const NIGHT = /^(\d{4}-\d\d-\d\d)T(\d\d)(?:[:-]?(\d\d)(?:[:-]?(\d\d))?)?(Z|[+-]\d\d:?\d\d)?$/;

const CHUNK_BYTES = 1 << 20;

interface Entry {
  /** Inside the night's folder. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'special';
  bytes: number;
  mode: number;
  modifiedAt: Date;
}

/**
 * Nightly folders that rsync, or anyone, copied. Read only, no link followed. Beside a night, `<night>.sha256` as sha256sum
 * writes it verifies each file; a file it does not name is restored, and counted as unverified.
 */
export class FilesSource implements BackupSource {
  readonly #folder: string;
  readonly #spareBytes: number;

  constructor(folder: string, spareBytes = SPARE_BYTES) {
    this.#folder = folder;
    this.#spareBytes = spareBytes;
  }

  async snapshots(): Promise<Result<BackupSnapshot[]>> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      return refuse('backup-unreachable', 'The folder of nightly copies cannot be opened.', {
        where: this.#folder,
        expected: 'a folder of nights, named by their time',
        kept: 'Nothing was read or changed.',
        cure: 'Check its path and that its disk is mounted.',
        retryable: true,
      });
    }
    const nights = entries.flatMap((entry): BackupSnapshot[] => {
      const time = entry.isDirectory() ? timeOf(entry.name) : undefined;
      return time === undefined
        ? []
        : [{ id: entry.name, time, host: '', paths: [this.#folder], bytes: null, files: null }];
    });
    return accept(nights.toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  async restore(snapshot: string, into: string, work: Work): Promise<Result<Restored>> {
    if (timeOf(snapshot) === undefined) return this.#damaged(snapshot, 'no night has this name');
    const night = join(this.#folder, snapshot);
    try {
      const manifest = await readManifest(`${night}.sha256`);
      if (manifest === null) return this.#damaged(snapshot, 'its list of checksums cannot be read');
      const entries = await listed(night);
      const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
      const room = await enoughRoom(into, total + this.#spareBytes);
      if (!room.ok) return room;
      return await this.#copied(snapshot, entries, manifest, into, work);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (work.signal.aborted) return interrupted(snapshot);
      if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(into, 0);
      if (['ENOENT', 'EIO', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(code)) return this.#damaged(snapshot, code);
      throw error;
    }
  }

  async #copied(
    snapshot: string,
    entries: readonly Entry[],
    manifest: ReadonlyMap<string, string>,
    into: string,
    work: Work,
  ): Promise<Result<Restored>> {
    const night = join(this.#folder, snapshot);
    const restored: Restored = { files: 0, bytes: 0, problems: [], unverified: 0 };
    const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const entry of entries) {
      if (work.signal.aborted) return interrupted(snapshot);
      const from = join(night, entry.path);
      const to = join(into, entry.path);
      if (entry.kind === 'folder') await mkdir(to);
      else if (entry.kind === 'link') await symlink(await readlink(from), to);
      else if (entry.kind === 'special') restored.problems.push({ path: entry.path, reason: 'not a plain file' });
      else {
        const { bytes, sha256 } = await copied(from, to, work.signal);
        const expected = manifest.get(entry.path);
        if (expected !== undefined && expected !== sha256)
          return this.#damaged(snapshot, `${entry.path} is not what its checksum says`);
        restored.unverified += expected === undefined ? 1 : 0;
        restored.files += 1;
        restored.bytes += bytes;
        work.progress(Math.min(restored.bytes, total), total, 'bytes');
        await likeBefore(to, entry);
      }
    }
    // Last, and from the inside out: a folder nobody may write in is filled first.
    for (const entry of entries.toReversed())
      if (entry.kind === 'folder') await likeBefore(join(into, entry.path), entry);
    const present = new Set(entries.map(({ path }) => path));
    const gone = [...manifest.keys()].find((path) => !present.has(path));
    return gone === undefined ? accept(restored) : this.#damaged(snapshot, `${gone} is missing`);
  }

  #damaged(snapshot: string, why: string): Refusing {
    return refuse('backup-damaged', 'This night does not restore whole.', {
      where: join(this.#folder, snapshot),
      expected: 'every file as it was copied',
      kept: why,
      cure: 'Try an older night, or another copy.',
    });
  }
}

const interrupted = (where: string): Refusing =>
  refuse('interrupted', 'Stopped while reading the backup.', { where, retryable: true });

function timeOf(name: string): string | undefined {
  const [, day, hours, minutes = '00', seconds = '00', zone = 'Z'] = NIGHT.exec(name) ?? [];
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** All that stands below a folder, each folder before what it holds. */
async function listed(folder: string, below = ''): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(join(folder, below))).toSorted()) {
    const path = below === '' ? name : `${below}/${name}`;
    const found = await lstat(join(folder, path));
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'special';
    entries.push({ path, kind, bytes: kind === 'file' ? found.size : 0, mode: found.mode, modifiedAt: found.mtime });
    if (kind === 'folder') entries.push(...(await listed(folder, path)));
  }
  return entries;
}

async function likeBefore(path: string, { mode, modifiedAt }: Entry): Promise<void> {
  await utimes(path, modifiedAt, modifiedAt);
  await chmod(path, mode & 0o777);
}

async function copied(from: string, to: string, signal: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash('sha256');
  let bytes = 0;
  await using file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  await pipeline(
    file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(to, { flags: 'wx' }),
    { signal },
  );
  return { bytes, sha256: digest.digest('hex') };
}
