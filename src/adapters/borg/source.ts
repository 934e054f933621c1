import { accept, type Result } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import type { ToolRun } from '../tool/run.ts';
import { borgRefusal } from './refusals.ts';
import { type BorgRepository, runBorg } from './run.ts';
import {
  archivesIn,
  type Complaint,
  complaintsIn,
  ITEM_FORMAT,
  itemReader,
  patternOf,
  type SaidArchive,
  type SaidItem,
} from './said.ts';
import { depthOf, FolderInArchive, kindOf, pathOf, Shape } from './shape.ts';

/** Told of one archive. */
const PROBLEMS_MAX = 1000;
/** An archive never changes: where its top is is read once. */
const TOPS_KEPT = 500;
/** Exit status of a run that went on past something. */
const WARNED = 1;
/** Attributes and kinds of files that this account, or this file system, cannot make. */
const CANNOT_BE_MADE = /^(setxattr|removexattr|acl|chown|lchown|mknod|mkfifo|flags|extended attribute)/i;

/** A borg repository, read with borg itself. A snapshot is an archive, known by its id: a name may be given again to another. */
export class BorgSource implements BackupSource {
  readonly #where: BorgRepository;
  readonly #spareBytes: number;
  readonly #tops = new Map<string, string>();

  constructor(where: BorgRepository, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const archives = await this.#archives(work);
    if (!archives.ok) return archives;
    const nights = archives.value.map(
      ({ id, name, start, hostname }): BackupSnapshot => ({
        id,
        time: new Date(`${start}Z`).toISOString(),
        host: hostname,
        paths: [`${this.#where.repository}::${name}`],
        bytes: null,
        files: null,
      }),
    );
    return accept(nights.toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const place = await this.#place(snapshot, part ?? '', work);
    if (!place.ok) return place;
    const { archive, top, path } = place.value;
    const restored: Restored = { files: 0, bytes: 0, problems: [], unverified: 0 };
    let found = part === undefined;
    const stated = await this.#items(archive, work, path, (item) => {
      found = true;
      if (kindOf(item.type) === 'file') restored.files += 1;
      restored.bytes += item.bytes;
      if (!item.healthy && restored.problems.length < PROBLEMS_MAX)
        restored.problems.push({ path: item.path, reason: 'a repair of this repository put zeros in it' });
    });
    if (!stated.ok) return stated;
    if (!found) return pathUnknown(snapshot, part ?? '');
    const room = await enoughRoom(into, restored.bytes + this.#spareBytes);
    if (!room.ok) return room;
    const ran = await runBorg(
      this.#where,
      ['extract', '--strip-components', String(depthOf(top)), this.#address(archive), ...patterns(path)],
      {
        signal: work.signal,
        writing: {
          into,
          onWritten: (written) => work.progress(Math.min(written, restored.bytes), restored.bytes, 'bytes'),
        },
      },
    );
    if (work.signal.aborted) return interrupted(snapshot);
    if (!ran.ok) return ran;
    if (/No space left on device|Disk quota exceeded/i.test(ran.value.errors)) return diskFull(into, restored.bytes);
    if (ran.value.status > WARNED) return borgRefusal(`${this.#where.repository}::${archive.name}`, ran.value);
    const told = ran.value.status === WARNED ? complaintsIn(ran.value.errors).map(problemOf) : [];
    const leftOut = told.filter(({ reason }) => CANNOT_BE_MADE.test(reason));
    restored.problems.push(...told.filter(({ reason }) => !CANNOT_BE_MADE.test(reason)).slice(0, PROBLEMS_MAX));
    return accept(leftOut.length === 0 ? restored : { ...restored, leftOut: leftOut.slice(0, PROBLEMS_MAX) });
  }

  async entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    const place = await this.#place(snapshot, folder, work);
    if (!place.ok) return place;
    const { archive, path } = place.value;
    const standing = new FolderInArchive(path);
    const listed = await this.#items(archive, work, path, (item) => standing.see(item));
    return listed.ok ? standing.result(snapshot, folder) : listed;
  }

  /** Where something of a snapshot stands in its archive, and what is the top of that archive when it is restored. */
  async #place(
    snapshot: string,
    part: string,
    work: Work,
  ): Promise<Result<{ archive: SaidArchive; top: string; path: string }>> {
    const archives = await this.#archives(work);
    if (!archives.ok) return archives;
    const archive = archives.value.find(({ id }) => id === snapshot);
    if (archive === undefined) return snapshotUnknown(snapshot, `the id of an archive of ${this.#where.repository}`);
    let top = this.#tops.get(archive.id);
    if (top === undefined) {
      const shape = new Shape();
      const seen = await this.#items(archive, work, '', (item) => shape.see(item));
      if (!seen.ok) return seen;
      top = shape.top;
      if (this.#tops.size >= TOPS_KEPT) this.#tops.delete(this.#tops.keys().next().value ?? '');
      this.#tops.set(archive.id, top);
    }
    const path = pathOf(top, part);
    return path === undefined ? pathUnknown(snapshot, part) : accept({ archive, top, path });
  }

  async #archives(work: Work): Promise<Result<SaidArchive[]>> {
    const address = escaped(this.#where.repository);
    const whole = await this.#run(['list', '--json', '--format', '{start}{hostname}', address], work);
    // An archive whose own head is damaged says no host; the list of all of them still names it.
    const ran =
      whole.ok || whole.refusal.code !== 'backup-damaged' ? whole : await this.#run(['list', '--json', address], work);
    if (!ran.ok) return ran;
    const archives = archivesIn(ran.value.output);
    return archives === undefined ? borgRefusal(this.#where.repository, ran.value) : accept(archives);
  }

  /** The items of an archive at a path and below it, as they come; `''` for all. */
  async #items(
    archive: SaidArchive,
    work: Work,
    path: string,
    onItem: (item: SaidItem) => void,
  ): Promise<Result<unknown>> {
    const verb = ['list', '--format', ITEM_FORMAT, this.#address(archive), ...patterns(path)];
    return this.#run(verb, work, itemReader(onItem));
  }

  async #run(verb: readonly string[], work: Work, onOutput?: (chunk: Buffer) => void): Promise<Result<ToolRun>> {
    const { signal } = work;
    const ran = await runBorg(this.#where, verb, onOutput === undefined ? { signal } : { signal, onOutput });
    if (signal.aborted) return interrupted(this.#where.repository);
    return ran.ok && ran.value.status > WARNED ? borgRefusal(this.#where.repository, ran.value) : ran;
  }

  #address(archive: SaidArchive): string {
    return escaped(`${this.#where.repository}::${archive.name}`);
  }
}

const patterns = (path: string): string[] => (path === '' ? [] : [patternOf(path)]);

/** borg puts the time, the host… in the place of what stands in braces («borg help placeholders»). */
const escaped = (address: string): string => address.replaceAll('{', '{{').replaceAll('}', '}}');

function problemOf({ message }: Complaint): { path: string; reason: string } {
  const [, path = '', reason = message] = /^(.*?): (.*)$/s.exec(message) ?? [];
  return { path, reason: reason.slice(0, 200) };
}
