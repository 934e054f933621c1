import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import {
  type BackupEntries,
  type BackupEntry,
  type BackupSnapshot,
  type BackupSource,
  FOLDER_ENTRIES_MAX,
  type Restored,
  type Work,
} from '../../restore/ports.ts';
import { isoOf } from '../backupTree/instant.ts';
import { named, shown } from '../backupTree/name.ts';
import { interrupted, pathUnknown } from '../backupTree/refusals.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { Damaged, isDamage, NotRead } from './faults.ts';
import { OpenImages } from './image/open.ts';
import { type Night, nightsIn } from './nights.ts';
import { type Place, placeAt, topOf } from './restoring/place.ts';
import { DiskFull, type RestoreReport, restoreAll } from './restoring/restore.ts';
import { wantedBelow } from './restoring/wanted.ts';
import { type Volume, volumesOf } from './volume/volumes.ts';

export interface DisksPlace {
  folder: string;
  /** The one volume wanted: its key or its label. Absent: all that hold files. */
  volume?: string | undefined;
  /** Folder inside that is the component's data. */
  path?: string | undefined;
}

/**
 * Images of virtual disks that a backup product exported: one file or one folder a night. Read where they stand, by us: nothing is
 * mounted, converted or written, and no privilege is needed.
 */
export class DisksSource implements BackupSource {
  readonly #where: DisksPlace;
  readonly #spareBytes: number;

  constructor(where: DisksPlace, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async snapshots(): Promise<Result<BackupSnapshot[]>> {
    const nights = await this.#nights();
    if (!nights.ok) return nights;
    return accept(
      nights.value.map(({ id, time, storedAt, images }) => ({
        id,
        time,
        storedAt,
        host: '',
        paths: images,
        bytes: null,
        files: null,
      })),
    );
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const restored = await this.restoreWhatCan(snapshot, into, work, part);
    if (!restored.ok) return restored;
    const { files, bytes, damaged, damagedCount, problems, leftOut } = restored.value;
    const [first] = damaged;
    if (first === undefined) return accept({ files, bytes, problems, unverified: files, leftOut });
    return this.#damaged(
      snapshot,
      `${files} files came back; ${damagedCount} did not, the first of them ${first.path || 'the top'}: ${first.reason}`,
    );
  }

  /** The same for a person who wants what can still be had: what is damaged is told, all else is written. */
  restoreWhatCan(snapshot: string, into: string, work: Work, part = ''): Promise<Result<RestoreReport>> {
    return this.#inside(snapshot, work, async (top, volumes) => {
      const fault = volumes.find((volume) => volume.fault !== undefined);
      if (fault?.fault !== undefined && part === '') return this.#faulty(snapshot, fault, fault.fault);
      const wanted = await wantedBelow(top, part);
      if (wanted === undefined) return pathUnknown(snapshot, part);
      const room = await enoughRoom(into, wanted.diskBytes + this.#spareBytes);
      if (!room.ok) return room;
      const report = await restoreAll(wanted.all(), into, wanted.bytes, work);
      const notes = volumes.flatMap(({ key, fileSystem }) =>
        (fileSystem?.notes ?? []).map((reason) => ({ path: `volume ${key}`, reason })),
      );
      return accept({ ...report, leftOut: [...notes, ...report.leftOut] });
    });
  }

  entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    return this.#inside(snapshot, work, async (top, volumes) => {
      const place = await placeAt(top, folder);
      if (place === undefined || (place.kind === 'one' && place.node.kind !== 'folder'))
        return pathUnknown(snapshot, folder);
      const unread = place.kind === 'several' ? volumes.filter(({ fault }) => fault !== undefined) : [];
      const entries = [...(await told(place)), ...unread.map(({ key }) => entry(key, 'other'))];
      entries.sort((one, other) => (one.name < other.name ? -1 : 1));
      return accept({ entries: entries.slice(0, FOLDER_ENTRIES_MAX), truncated: entries.length > FOLDER_ENTRIES_MAX });
    });
  }

  async #inside<Value>(
    snapshot: string,
    { signal }: Work,
    ask: (top: Place, volumes: readonly Volume[]) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const nights = await this.#nights();
    if (!nights.ok) return nights;
    const night = nights.value.find(({ id }) => id === snapshot);
    if (night === undefined) return this.#snapshotUnknown(snapshot);
    await using images = new OpenImages(this.#where.folder);
    try {
      signal.throwIfAborted();
      const volumes = this.#chosen(await volumesOf(await disksOf(images, this.#where.folder, night)));
      if (!volumes.ok) return volumes;
      const top = await this.#top(snapshot, volumes.value);
      if (!top.ok) return top;
      const answer = await ask(top.value, volumes.value);
      return (await images.changed()) ? this.#changing(snapshot) : answer;
    } catch (error) {
      if (signal.aborted) return interrupted(snapshot);
      if (error instanceof DiskFull) return diskFull(snapshot, 0);
      if (error instanceof NotRead) return this.#notRead(snapshot, error);
      if (await images.changed()) return this.#changing(snapshot);
      if (isDamage(error)) return this.#damaged(snapshot, error.message);
      throw error;
    }
  }

  #chosen(volumes: readonly Volume[]): Result<Volume[]> {
    const { volume: wanted } = this.#where;
    const holding = volumes.filter(({ fileSystem, fault }) => fileSystem !== undefined || fault !== undefined);
    if (wanted === undefined) return accept(holding);
    const found = holding.filter(({ key, label }) => key === wanted || label === wanted);
    if (found.length === 1) return accept(found);
    return refuse('volume-unknown', 'The disks of this night hold no single volume of that name.', {
      where: wanted,
      expected: holding.map(({ key, label }) => (label === '' ? key : `${key} (${label})`)).join(', '),
      cure: 'Name one of these in the configuration, by its number where labels are the same.',
    });
  }

  async #top(snapshot: string, volumes: readonly Volume[]): Promise<Result<Place>> {
    const [only] = volumes;
    if (only === undefined) throw new Damaged('its disks hold no file system');
    if (volumes.length === 1 && only.fault !== undefined) return this.#faulty(snapshot, only, only.fault);
    const sound = volumes.flatMap(({ key, fileSystem }) =>
      fileSystem === undefined ? [] : [[key, fileSystem] as const],
    );
    const top: Place =
      volumes.length === 1 ? await topOf(new Map(sound)) : { kind: 'several', fileSystems: new Map(sound) };
    const { path = '' } = this.#where;
    const place = await placeAt(top, path);
    return place === undefined ? pathUnknown(this.#where.folder, path) : accept(place);
  }

  async #nights(): Promise<Result<Night[]>> {
    const nights = await nightsIn(this.#where.folder);
    return nights === undefined ? this.#unreachable() : accept(nights);
  }

  #unreachable(): Refusing {
    return refuse('backup-unreachable', 'The folder of disk images cannot be opened.', {
      where: this.#where.folder,
      expected: 'a folder of images (qcow2, vmdk, vhdx, raw, img), or of folders of them, one a night',
      kept: 'Nothing was read or changed.',
      cure: 'Check its path, that its disk is mounted, and that Reflexe may read it.',
      retryable: true,
    });
  }

  #faulty(snapshot: string, { key }: Volume, fault: Damaged | NotRead): Refusing {
    return fault instanceof NotRead
      ? this.#notRead(snapshot, new NotRead(`${fault.message} (volume ${key})`, fault.cure))
      : this.#damaged(snapshot, `volume ${key}: ${fault.message}`);
  }

  #notRead(snapshot: string, { message, cure }: NotRead): Refusing {
    return refuse('volume-unsupported', `This night holds ${message}, which Reflexe does not read.`, {
      where: join(this.#where.folder, snapshot),
      expected: 'ext2–4, XFS, NTFS or FAT, on a whole disk, a partition or a linear or striped LVM volume',
      kept: 'Nothing was written: it says nothing against the night.',
      cure: `${cure} Or name the volume wanted in the configuration of this source.`,
    });
  }

  #damaged(snapshot: string, kept: string): Refusing {
    return refuse('backup-damaged', 'This night does not restore whole.', {
      where: join(this.#where.folder, snapshot),
      expected: 'whole images, and whole file systems in them',
      kept,
      cure: 'Try an older night, or export it again.',
    });
  }

  #changing(snapshot: string): Refusing {
    return refuse('backup-changing', 'An image of this night was written while it was read.', {
      where: join(this.#where.folder, snapshot),
      kept: 'What was read may be of two moments: it is not relied on.',
      cure: 'Let the export finish, then try again.',
      retryable: true,
    });
  }

  #snapshotUnknown(snapshot: string): Refusing {
    return refuse('snapshot-unknown', 'No night of this folder has that name.', {
      where: join(this.#where.folder, snapshot),
      expected: 'the name of an image, or of a folder of images',
      kept: 'Nothing was written.',
      cure: 'Look at the nights there are.',
    });
  }
}

/** Its disks, without those that others of the same night rest on. */
async function disksOf(images: OpenImages, folder: string, night: Night) {
  const disks = [];
  for (const path of night.images)
    disks.push({ path, name: nameOf(path), bytes: await images.disk(join(folder, path)) });
  const alone = night.images.length === 1;
  const standing = [];
  for (const disk of disks) if (alone || !(await images.restedOn(join(folder, disk.path)))) standing.push(disk);
  return standing;
}

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.[^.]+$/, '');

const entry = (name: string, kind: BackupEntry['kind']): BackupEntry => ({
  name,
  kind,
  bytes: null,
  modifiedAt: null,
  content: null,
});

async function told(place: Place): Promise<BackupEntry[]> {
  if (place.kind === 'several') return [...place.fileSystems.keys()].map((key) => entry(key, 'folder'));
  const entries: BackupEntry[] = [];
  for await (const { name, id } of place.fileSystem.entries(place.node)) {
    if (entries.length > FOLDER_ENTRIES_MAX) break;
    const shownName = shown(named(name));
    try {
      const node = await place.fileSystem.node(id);
      const kind = node.kind === 'file' || node.kind === 'folder' || node.kind === 'link' ? node.kind : 'other';
      const bytes = kind === 'file' ? node.bytes : null;
      entries.push({ ...entry(shownName, kind), bytes, modifiedAt: isoOf(node.modifiedAt) });
    } catch (error) {
      if (!isDamage(error)) throw error;
      entries.push(entry(shownName, 'other'));
    }
  }
  return entries;
}
