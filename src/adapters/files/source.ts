import { mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { shown } from '../backupTree/name.ts';
import { isWithin } from '../backupTree/part.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { copied, likeBefore } from './copied.ts';
import { readManifest } from './manifest.ts';
import { type NightFolder, nightsIn } from './nights.ts';
import { above, allBelow, find, standing, type TreeEntry, within } from './tree.ts';

/**
 * Nightly folders that rsync, rsnapshot, or anyone, copied. Read only, no link followed. Beside a night, `<night>.sha256` as
 * sha256sum writes it verifies each file; a file it does not name is restored, and counted as unverified.
 */
export class FilesSource implements BackupSource {
  readonly #folder: string;
  readonly #spareBytes: number;

  constructor(folder: string, spareBytes = SPARE_BYTES) {
    this.#folder = folder;
    this.#spareBytes = spareBytes;
  }

  async snapshots(): Promise<Result<BackupSnapshot[]>> {
    const nights = await this.#nights();
    return nights.ok
      ? accept(
          nights.value.map(({ id, name, time, timeFrom }) => ({
            id,
            time,
            ...(timeFrom === undefined ? {} : { timeFrom }),
            host: '',
            paths: [join(this.#folder, name)],
            bytes: null,
            files: null,
          })),
        )
      : nights;
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    return this.#reading(snapshot, into, work, async (night) => {
      const manifest = await readManifest(`${night}.sha256`);
      if (manifest === null) return this.#damaged(night, 'its list of checksums cannot be read');
      const top = part === undefined ? undefined : await find(night, part);
      if (part !== undefined && top === undefined)
        return manifest.has(part) ? this.#damaged(night, `${part} is missing`) : pathUnknown(snapshot, part);
      const entries = await allBelow(night, top);
      const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
      const room = await enoughRoom(into, total + this.#spareBytes);
      if (!room.ok) return room;
      if (top !== undefined) await mkdir(within(into, above(top.path)), { recursive: true });
      const restored = await this.#copied(night, entries, manifest, into, work);
      if (!restored.ok) return restored;
      const present = new Set(entries.map(({ path }) => shown(path)));
      const gone = [...manifest.keys()].find((path) => isWithin(path, part) && !present.has(path));
      return gone === undefined ? restored : this.#damaged(night, `${gone} is missing`);
    });
  }

  async entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    return this.#reading(snapshot, '', work, async (night) => {
      const top = folder === '' ? undefined : await find(night, folder);
      if (folder !== '' && top?.kind !== 'folder') return pathUnknown(snapshot, folder);
      const manifest = (await readManifest(`${night}.sha256`)) ?? new Map<string, string>();
      const before = folder === '' ? 0 : folder.length + 1;
      const entries = (await standing(night, top?.path ?? '')).map(({ path, kind, bytes, modifiedAt }) => ({
        name: shown(path).slice(before),
        kind,
        bytes: kind === 'file' ? bytes : null,
        modifiedAt: modifiedAt.toISOString(),
        content: kind === 'file' ? (manifest.get(shown(path)) ?? null) : null,
      }));
      return accept(told(entries));
    });
  }

  async #nights(): Promise<Result<NightFolder[]>> {
    try {
      return accept(await nightsIn(this.#folder));
    } catch {
      return refuse('backup-unreachable', 'The folder of nightly copies cannot be opened.', {
        where: this.#folder,
        expected: 'a folder of nights, named by their time',
        kept: 'Nothing was read or changed.',
        cure: 'Check its path and that its disk is mounted.',
        retryable: true,
      });
    }
  }

  /** Reads one night's folder; what the disk says against it is said of this night. */
  async #reading<Value>(
    snapshot: string,
    into: string,
    work: Work,
    read: (night: string) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const nights = await this.#nights();
    if (!nights.ok) return nights;
    const found = nights.value.find(({ id }) => id === snapshot);
    if (found === undefined) return snapshotUnknown(snapshot, `a night of ${this.#folder}`);
    const night = join(this.#folder, found.name);
    try {
      return await read(night);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (work.signal.aborted) return interrupted(snapshot);
      if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(into, 0);
      if (['ENOENT', 'EIO', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(code)) return this.#damaged(night, code);
      throw error;
    }
  }

  async #copied(
    night: string,
    entries: readonly TreeEntry[],
    manifest: ReadonlyMap<string, string>,
    into: string,
    work: Work,
  ): Promise<Result<Restored>> {
    const leftOut: { path: string; reason: string }[] = [];
    const restored: Restored = { files: 0, bytes: 0, problems: [], unverified: 0, leftOut };
    const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const entry of entries) {
      if (work.signal.aborted) return interrupted(night);
      const from = within(night, entry.path);
      const to = within(into, entry.path);
      if (entry.kind === 'folder') await mkdir(to);
      else if (entry.kind === 'link') await symlink(await readlink(from, { encoding: 'buffer' }), to);
      else if (entry.kind === 'other') leftOut.push({ path: shown(entry.path), reason: 'not a plain file' });
      else {
        const { bytes, sha256 } = await copied(from, to, work.signal);
        const expected = manifest.get(shown(entry.path));
        if (expected !== undefined && expected !== sha256)
          return this.#damaged(night, `${shown(entry.path)} is not what its checksum says`);
        restored.unverified += expected === undefined ? 1 : 0;
        restored.files += 1;
        restored.bytes += bytes;
        work.progress(Math.min(restored.bytes, total), total, 'bytes');
        await likeBefore(to, entry);
      }
    }
    // Last, and from the inside out: a folder nobody may write in is filled first.
    for (const entry of entries.toReversed())
      if (entry.kind === 'folder') await likeBefore(within(into, entry.path), entry);
    return accept(restored);
  }

  #damaged(night: string, why: string): Refusing {
    return refuse('backup-damaged', 'This night does not restore whole.', {
      where: night,
      expected: 'every file as it was copied',
      kept: why,
      cure: 'Try an older night, or another copy.',
    });
  }
}
