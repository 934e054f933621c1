import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupEntry, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { keepOnly } from '../backupTree/keepOnly.ts';
import { shown } from '../backupTree/name.ts';
import { isWithin, namesOf } from '../backupTree/part.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';
import { type NightFolder, nightsIn } from '../files/nights.ts';
import { allBelow } from '../files/tree.ts';
import { diskFull, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { lastMoment, laySegments, reachable } from '../walArchive/archive.ts';
import { segmentAt } from '../walArchive/records.ts';
import { momentIn, writeRecovery } from '../walArchive/recovery.ts';
import { FolderArchive } from './archive.ts';
import { baseDamaged, layBase } from './lay.ts';
import { type BaseManifest, isAsBacked, readBaseManifest } from './manifest.ts';

export interface BaseBackups {
  /** Folders named by their time, each made by pg_basebackup, plain or tar, with its backup_manifest. */
  folder: string;
  /** Where archive_command copies the write-ahead log; absent: only the nights themselves come back. */
  archive?: string;
}

interface Place {
  night: string;
  found: NightFolder;
  manifest: BaseManifest;
  moment: number | null;
}

/** What a cluster makes or changes by itself: pg_verifybackup passes them over too. */
const ITS_OWN = /^(pg_wal\/|(postgresql\.auto\.conf|recovery\.signal|standby\.signal|backup_manifest)$)/;

/**
 * Base backups of a PostgreSQL cluster and the archive of its write-ahead log, read here. What is restored replays its log when it is
 * started: until it is whole, or up to the moment asked for as `id@moment`.
 */
export class BaseBackupSource implements BackupSource {
  readonly #where: BaseBackups;
  readonly #spareBytes: number;

  constructor(where: BaseBackups, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const nights = await this.#nights();
    if (!nights.ok) return nights;
    const untils = new Map<number, string | undefined>();
    const listed: BackupSnapshot[] = [];
    for (const { id, name, time, timeFrom } of nights.value) {
      if (work.signal.aborted) return interrupted(this.#where.folder);
      const manifest = await readBaseManifest(join(this.#where.folder, name, 'backup_manifest'));
      const sizes = [...(manifest?.files.values() ?? [])];
      if (manifest !== null && this.#where.archive !== undefined && !untils.has(manifest.timeline))
        untils.set(
          manifest.timeline,
          await lastMoment(new FolderArchive(this.#where.archive), manifest.timeline, work),
        );
      const until = manifest === null ? undefined : untils.get(manifest.timeline);
      listed.push({
        id,
        time,
        ...(timeFrom === undefined ? {} : { timeFrom }),
        host: '',
        paths: [join(this.#where.folder, name)],
        bytes: manifest === null ? null : sizes.reduce((sum, { bytes }) => sum + bytes, 0),
        files: manifest === null ? null : sizes.length,
        ...(manifest === null ? { damaged: true } : {}),
        ...(until === undefined || until <= time ? {} : { until }),
      });
    }
    return accept(listed);
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const place = await this.#place(snapshot);
    if (!place.ok) return place;
    const { night, found, manifest, moment } = place.value;
    const names = part === undefined ? [] : namesOf(part);
    if (names === undefined || (part !== undefined && ![...manifest.files.keys()].some((path) => isWithin(path, part))))
      return pathUnknown(snapshot, part ?? '');
    const archive = this.#where.archive === undefined ? undefined : new FolderArchive(this.#where.archive);
    if (archive === undefined && moment !== null)
      return snapshotUnknown(snapshot, 'the night itself: this source names no archive of the write-ahead log');
    const asked = { timeline: manifest.timeline, time: found.time, moment };
    const can = archive === undefined ? accept(undefined) : await reachable(archive, asked, work);
    if (!can.ok) return can;
    try {
      const laid = await layBase(night, into, this.#spareBytes, work);
      if (!laid.ok) return laid;
      await keepOnly(into, names);
      const restored = await verified(night, manifest, into, part, work);
      if (!restored.ok || part !== undefined) return restored;
      return await this.#replaying(place.value, archive, into, work, restored.value);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (work.signal.aborted) return interrupted(snapshot);
      if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(into, 0);
      if (['ENOENT', 'EIO', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(code)) return baseDamaged(night, code);
      throw error;
    }
  }

  async entries(snapshot: string, folder: string): Promise<Result<BackupEntries>> {
    const place = await this.#place(snapshot);
    if (!place.ok) return place;
    const before = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, BackupEntry>();
    for (const [path, { bytes, modifiedAt, algorithm, checksum }] of place.value.manifest.files) {
      if (!path.startsWith(before)) continue;
      const [name = '', ...below] = path.slice(before.length).split('/');
      // A checksum that anybody can bend to another content is no key of it.
      const content = algorithm === null || algorithm === 'CRC32C' ? null : `${algorithm} ${checksum ?? ''}`;
      const entry: BackupEntry =
        below.length > 0
          ? { name, kind: 'folder', bytes: null, modifiedAt: null, content: null }
          : { name, kind: 'file', bytes, modifiedAt, content };
      found.set(name, entry);
    }
    return found.size === 0 ? pathUnknown(snapshot, folder) : accept(told([...found.values()]));
  }

  /** The log, from the base's own start to the moment asked for, or as far as the base needs to be whole. */
  async #replaying(
    { manifest, moment, night }: Place,
    archive: FolderArchive | undefined,
    into: string,
    work: Work,
    restored: Restored,
  ): Promise<Result<Restored>> {
    const folder = join(into, 'pg_wal');
    const own = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9A-F]{24}$/.test(name));
    await writeRecovery(into, moment);
    if (moment === null && own.length > 0) return accept({ ...restored, unverified: restored.unverified + own.length });
    if (archive === undefined)
      return baseDamaged(
        night,
        `it holds no log, and needs the archive from ${segmentAt(manifest.timeline, manifest.start, 1 << 24)}`,
      );
    const { timeline, start, end } = manifest;
    const laid = await laySegments(archive, { timeline, start, end, moment }, folder, work);
    if (!laid.ok) return laid;
    return accept({
      ...restored,
      files: restored.files + laid.value.files,
      bytes: restored.bytes + laid.value.bytes,
      unverified: restored.unverified + laid.value.files,
    });
  }

  async #place(snapshot: string): Promise<Result<Place>> {
    const asked = momentIn(snapshot);
    const nights = await this.#nights();
    if (!nights.ok) return nights;
    const found = nights.value.find(({ id }) => id === asked?.id);
    if (asked === undefined || found === undefined)
      return snapshotUnknown(snapshot, `a night of ${this.#where.folder}, with \`@\` and a moment or without`);
    const night = join(this.#where.folder, found.name);
    const manifest = await readBaseManifest(join(night, 'backup_manifest'));
    return manifest === null
      ? baseDamaged(night, 'its backup_manifest is not there, or is not what was written')
      : accept({ night, found, manifest, moment: asked.moment });
  }

  async #nights(): Promise<Result<NightFolder[]>> {
    try {
      return accept(await nightsIn(this.#where.folder));
    } catch {
      return refuse('backup-unreachable', 'The folder of base backups cannot be opened.', {
        where: this.#where.folder,
        expected: 'a folder of base backups, named by their time',
        kept: 'Nothing was read or changed.',
        cure: 'Check its path and that its disk is mounted.',
        retryable: true,
      });
    }
  }
}

/** Every file against the manifest, and no file beside it. */
async function verified(
  night: string,
  manifest: BaseManifest,
  into: string,
  part: string | undefined,
  work: Work,
): Promise<Result<Restored>> {
  const restored: Restored = { files: 0, bytes: 0, problems: [], unverified: 0 };
  const present = new Map((await allBelow(into, undefined)).map((entry) => [shown(entry.path), entry]));
  for (const [path, file] of manifest.files) {
    if (!isWithin(path, part)) continue;
    if (work.signal.aborted) return interrupted(night);
    const entry = present.get(path);
    if (entry?.kind !== 'file') return baseDamaged(night, `${path} is missing`);
    const isSame = entry.bytes === file.bytes ? await isAsBacked(join(into, path), file) : false;
    if (isSame === false) return baseDamaged(night, `${path} is not what its checksum says`);
    restored.files += 1;
    restored.bytes += entry.bytes;
    restored.unverified += isSame === undefined ? 1 : 0;
  }
  for (const [path, { kind }] of present)
    if (kind !== 'folder' && !manifest.files.has(path) && !ITS_OWN.test(path))
      restored.problems.push({ path, reason: 'not in the backup_manifest: nobody backed it up' });
  return accept(restored);
}
