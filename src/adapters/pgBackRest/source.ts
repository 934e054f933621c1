import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupEntry, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { keepOnly } from '../backupTree/keepOnly.ts';
import { isWithin, namesOf } from '../backupTree/part.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import type { ToolRun } from '../tool/run.ts';
import { lastMoment, laySegments, reachable } from '../walArchive/archive.ts';
import { positionOf } from '../walArchive/records.ts';
import { momentIn, writeRecovery } from '../walArchive/recovery.ts';
import { PgBackRestArchive } from './archive.ts';
import { pgBackRestRefusal, statusRefusal } from './refusals.ts';
import { type PgBackRestRepository, runPgBackRest } from './run.ts';
import { manifestIn, type SaidBackup, type SaidManifest, type SaidStanza, stanzasIn } from './said.ts';

/** The status of a stanza whose backups are all to come. */
const NO_BACKUP = 2;

interface Place {
  backup: SaidBackup;
  manifest: SaidManifest;
  archive: PgBackRestArchive;
  moment: number | null;
}

/**
 * The backups of one PostgreSQL cluster in a pgBackRest repository, read with pgBackRest itself. What is restored replays its log
 * when it is started: until it is whole, or up to the moment asked for as `id@moment`.
 */
export class PgBackRestSource implements BackupSource {
  readonly #where: PgBackRestRepository;
  readonly #spareBytes: number;

  constructor(where: PgBackRestRepository, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const stanza = await this.#stanza(work);
    if (!stanza.ok) return stanza;
    const untils = new Map<string, string | undefined>();
    const nights: BackupSnapshot[] = [];
    for (const backup of stanza.value.backup) {
      const archive = archiveOf(this.#where, stanza.value, backup);
      const line = `${archive.place} ${timelineOf(backup)}`;
      if (!untils.has(line)) untils.set(line, await lastMoment(archive, timelineOf(backup), work));
      const time = isoOf(backup.timestamp.stop);
      const until = untils.get(line);
      nights.push({
        id: backup.label,
        time,
        host: '',
        paths: [this.#where.stanza],
        bytes: backup.info.size,
        files: null,
        ...(until === undefined || until <= time ? {} : { until }),
      });
    }
    if (work.signal.aborted) return interrupted(this.#where.repository);
    return accept(nights.toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const found = await this.#place(snapshot, work);
    if (!found.ok) return found;
    const { backup, manifest, archive, moment } = found.value;
    const names = part === undefined ? [] : namesOf(part);
    if (names === undefined || (part !== undefined && !manifest.entries.has(part)))
      return pathUnknown(snapshot, part ?? '');
    const { timeline, time } = { timeline: timelineOf(backup), time: isoOf(backup.timestamp.stop) };
    const can = await reachable(archive, { timeline, time, moment }, work);
    if (!can.ok) return can;
    const room = await enoughRoom(into, backup.info.size + this.#spareBytes);
    if (!room.ok) return room;
    const ran = await runPgBackRest(this.#where, ['restore', `--set=${backup.label}`, '--type=none'], {
      signal: work.signal,
      writing: {
        into,
        onWritten: (written) => work.progress(Math.min(written, backup.info.size), backup.info.size, 'bytes'),
      },
    });
    if (work.signal.aborted) return interrupted(snapshot);
    if (!ran.ok) return ran;
    if (/No space left on device|Disk quota exceeded/i.test(ran.value.errors)) return diskFull(into, backup.info.size);
    if (ran.value.status !== 0) return pgBackRestRefusal(`${this.#where.repository} ${backup.label}`, ran.value);
    const restored = countOf(manifest, part);
    if (backup.error)
      restored.problems.push({
        path: backup.label,
        reason: 'pages of the database were damaged when it was backed up',
      });
    await keepOnly(into, names);
    if (part !== undefined) return accept(restored);
    return this.#replaying(found.value, archive, moment, into, work, restored);
  }

  async entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    const found = await this.#place(snapshot, work);
    if (!found.ok) return found;
    const { entries } = found.value.manifest;
    if (folder !== '' && entries.get(folder)?.kind !== 'folder') return pathUnknown(snapshot, folder);
    const before = folder === '' ? '' : `${folder}/`;
    const standing = [...entries].flatMap(([path, entry]): BackupEntry[] =>
      path.startsWith(before) && !path.slice(before.length).includes('/')
        ? [{ name: path.slice(before.length), ...entry }]
        : [],
    );
    return accept(told(standing));
  }

  async #replaying(
    { backup }: Place,
    archive: PgBackRestArchive,
    moment: number | null,
    into: string,
    work: Work,
    restored: Restored,
  ): Promise<Result<Restored>> {
    const start = positionOf(backup.lsn?.start ?? '');
    const end = positionOf(backup.lsn?.stop ?? '');
    // Made with the server stopped: nothing to replay.
    if (start === undefined || end === undefined) return accept(restored);
    const folder = join(into, 'pg_wal');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const laid = await laySegments(archive, { timeline: timelineOf(backup), start, end, moment }, folder, work);
    if (!laid.ok) return laid;
    await writeRecovery(into, moment);
    return accept({ ...restored, files: restored.files + laid.value.files, bytes: restored.bytes + laid.value.bytes });
  }

  async #place(snapshot: string, work: Work): Promise<Result<Place>> {
    const asked = momentIn(snapshot);
    const stanza = await this.#stanza(work);
    if (!stanza.ok) return stanza;
    const backup = stanza.value.backup.find(({ label }) => label === asked?.id);
    if (asked === undefined || backup === undefined)
      return snapshotUnknown(
        snapshot,
        'the label of a backup, as `pgbackrest info` names it, with `@` and a moment or without',
      );
    const ran = await this.#run(['repo-get', `backup/${this.#where.stanza}/${backup.label}/backup.manifest`], work);
    if (!ran.ok) return ran;
    const manifest = manifestIn(ran.value.output);
    if (manifest.tablespaces.length > 0)
      return refuse('backup-unreadable', 'This cluster has tablespaces: they would be restored outside its folder.', {
        where: `${this.#where.repository} ${backup.label} ${manifest.tablespaces[0] ?? ''}`,
        expected: 'a cluster whose data all stands in its own folder',
        kept: 'Nothing was restored.',
        cure: 'Restore it by hand: pgbackrest restore --tablespace-map-all',
      });
    return accept({ backup, manifest, archive: archiveOf(this.#where, stanza.value, backup), moment: asked.moment });
  }

  async #stanza(work: Work): Promise<Result<SaidStanza>> {
    const ran = await this.#run(['info', '--output=json'], work);
    if (!ran.ok) return ran;
    const stanza = stanzasIn(ran.value.output)?.find(({ name }) => name === this.#where.stanza);
    if (stanza === undefined) return pgBackRestRefusal(this.#where.repository, ran.value);
    const status = stanza.repo[0]?.status ?? stanza.status;
    return status.code === 0 || status.code === NO_BACKUP
      ? accept(stanza)
      : statusRefusal(this.#where.repository, status);
  }

  async #run(verb: readonly string[], work: Work): Promise<Result<ToolRun>> {
    const ran = await runPgBackRest(this.#where, verb, { signal: work.signal });
    if (work.signal.aborted) return interrupted(this.#where.repository);
    return ran.ok && ran.value.status !== 0 ? pgBackRestRefusal(this.#where.repository, ran.value) : ran;
  }
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

const timelineOf = ({ archive }: SaidBackup): number => Number.parseInt(archive.start?.slice(0, 8) ?? '1', 16);

function archiveOf(where: PgBackRestRepository, stanza: SaidStanza, { database }: SaidBackup): PgBackRestArchive {
  const version = stanza.db.find(({ id }) => id === database.id)?.version ?? '';
  return new PgBackRestArchive(where, `${version}-${database.id}`);
}

function countOf({ entries }: SaidManifest, part: string | undefined): Restored {
  const files = [...entries].filter(([path, { kind }]) => kind === 'file' && isWithin(path, part));
  const bytes = files.reduce((sum, [, entry]) => sum + (entry.bytes ?? 0), 0);
  return { files: files.length, bytes, problems: [], unverified: 0 };
}
