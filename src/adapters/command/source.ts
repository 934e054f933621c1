import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { keepOnly } from '../backupTree/keepOnly.ts';
import { shown } from '../backupTree/name.ts';
import { isWithin, namesOf } from '../backupTree/part.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';
import { digestOf } from '../files/copied.ts';
import { readManifest } from '../files/manifest.ts';
import { allBelow, find, within } from '../files/tree.ts';
import { diskFull, enoughRoom, SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { runTool, type ToolRun } from '../tool/run.ts';
import { COMMAND_FILE, type Command, readCommand } from './commandFile.ts';
import { entriesIn, snapshotsIn } from './said.ts';

export interface NamedCommand {
  /** An entry of the root-owned file. */
  name: string;
  /** Read by the command from its descriptor 3. */
  secret?(): Promise<Result<string>>;
  file?: string;
}

/** What a command ends with; any other status says nothing of the night, and may pass. */
const STATUS = { done: 0, snapshotUnknown: 3, damaged: 4, pathUnknown: 5 };
/** What `fetch` may leave at the top of the folder: checksums as sha256sum writes them. Taken away once it is read. */
const MANIFEST = '.sha256';

/** A backup tool that Reflexe does not know, through a program the hospital wrote. It sees what its entry names, and no more. */
export class CommandSource implements BackupSource {
  readonly #named: NamedCommand;
  readonly #spareBytes: number;

  constructor(named: NamedCommand, spareBytes = SPARE_BYTES) {
    this.#named = named;
    this.#spareBytes = spareBytes;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const ran = await this.#run(({ list }) => list, [], work);
    if (!ran.ok) return ran;
    if (ran.value.status !== STATUS.done) return this.#failed('list', ran.value);
    const listed = snapshotsIn(ran.value.output);
    return typeof listed === 'string'
      ? this.#unreadable('list', listed)
      : accept(listed.toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const listed = await this.#listed(snapshot, work);
    if (!listed.ok) return listed;
    const names = part === undefined ? [] : namesOf(part);
    if (names === undefined) return pathUnknown(snapshot, part ?? '');
    const total = listed.value.bytes ?? 0;
    const room = await enoughRoom(into, total + this.#spareBytes);
    if (!room.ok) return room;
    const ran = await this.#run(({ fetch }) => fetch, [snapshot, into], work, {
      into,
      onWritten: (written) => work.progress(total === 0 ? written : Math.min(written, total), total, 'bytes'),
    });
    if (!ran.ok) return ran;
    const { status, errors } = ran.value;
    if (/No space left on device|Disk quota exceeded/i.test(errors)) return diskFull(into, total);
    if (status === STATUS.snapshotUnknown) return this.#unknown(snapshot);
    if (status === STATUS.damaged) return this.#damaged(snapshot, said(ran.value));
    if (status !== STATUS.done) return this.#failed('fetch', ran.value);
    return this.#checked(snapshot, into, work, part, names);
  }

  async entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    const listed = await this.#listed(snapshot, work);
    if (!listed.ok) return listed;
    if (folder !== '' && namesOf(folder) === undefined) return pathUnknown(snapshot, folder);
    const ran = await this.#run(({ entries }) => entries, [snapshot, folder], work);
    if (!ran.ok) return ran;
    if (ran.value.status === STATUS.snapshotUnknown) return this.#unknown(snapshot);
    if (ran.value.status === STATUS.pathUnknown) return pathUnknown(snapshot, folder);
    if (ran.value.status === STATUS.damaged) return this.#damaged(snapshot, said(ran.value));
    if (ran.value.status !== STATUS.done) return this.#failed('entries', ran.value);
    const entries = entriesIn(ran.value.output);
    return typeof entries === 'string' ? this.#unreadable('entries', entries) : accept(told(entries));
  }

  /** What a command has put there is not believed: counted, and compared with the checksums it gives. */
  async #checked(
    snapshot: string,
    into: string,
    work: Work,
    part: string | undefined,
    names: readonly string[],
  ): Promise<Result<Restored>> {
    const manifest = await readManifest(join(into, MANIFEST));
    if (manifest === null) return this.#damaged(snapshot, 'its list of checksums cannot be read');
    await rm(join(into, MANIFEST), { force: true });
    if (part !== undefined && (await find(into, part)) === undefined) return pathUnknown(snapshot, part);
    await keepOnly(into, names);
    const restored: Restored = { files: 0, bytes: 0, problems: [], unverified: 0 };
    const leftOut: { path: string; reason: string }[] = [];
    const missing = new Set([...manifest.keys()].filter((path) => isWithin(path, part)));
    for (const { path, kind, bytes } of await allBelow(into, undefined)) {
      if (work.signal.aborted) return interrupted(snapshot);
      const name = shown(path);
      if (kind === 'other') {
        leftOut.push({ path: name, reason: 'not a plain file' });
        await rm(within(into, path));
      }
      if (kind !== 'file') continue;
      const expected = manifest.get(name);
      if (expected !== undefined && expected !== (await digestOf(within(into, path), work.signal)))
        return this.#damaged(snapshot, `${name} is not what its checksum says`);
      missing.delete(name);
      restored.files += 1;
      restored.bytes += bytes;
      restored.unverified += expected === undefined ? 1 : 0;
    }
    const [gone] = missing;
    if (gone !== undefined) return this.#damaged(snapshot, `${gone} is missing`);
    return accept(leftOut.length === 0 ? restored : { ...restored, leftOut });
  }

  async #listed(snapshot: string, work: Work): Promise<Result<BackupSnapshot>> {
    const listed = await this.snapshots(work);
    if (!listed.ok) return listed;
    const found = listed.value.find(({ id }) => id === snapshot);
    return found === undefined ? this.#unknown(snapshot) : accept(found);
  }

  async #run(
    choose: (command: Command) => readonly string[] | undefined,
    more: readonly string[],
    work: Work,
    writing?: { into: string; onWritten(bytes: number): void },
  ): Promise<Result<ToolRun>> {
    const { name, secret, file } = this.#named;
    const command = await readCommand(file ?? COMMAND_FILE, name);
    if (!command.ok) return command;
    const read = await secret?.();
    if (read?.ok === false) return read;
    const [program, ...args] = choose(command.value) ?? [];
    if (program === undefined) return this.#tellsNoEntries();
    const { readOnly, network, listSeconds, fetchSeconds } = command.value;
    const seconds = writing === undefined ? listSeconds : fetchSeconds;
    const ran = await runTool({
      command: program,
      args: [...args, ...more],
      signal: AbortSignal.any([work.signal, AbortSignal.timeout(seconds * 1000)]),
      ...(read === undefined ? {} : { secret: read.value }),
      walls: {
        readable: readOnly,
        writable: writing === undefined ? [] : [writing.into],
        ...(network ? { network } : {}),
      },
      ...(writing === undefined ? {} : { writing }),
    });
    return work.signal.aborted ? interrupted(name) : accept(ran);
  }

  #failed(verb: string, ran: ToolRun): Refusing {
    return refuse('backup-unreachable', 'The command of this backup tool did not do what it was asked.', {
      where: `${this.#named.name} ${verb}`,
      expected: 'exit status 0 within its time',
      kept: `status ${ran.status}: ${said(ran)}`,
      cure: 'Run the same line by hand, as the account of Reflexe.',
      retryable: true,
    });
  }

  #unreadable(verb: string, why: string): Refusing {
    return refuse('backup-command-refused', 'What this command prints is not what was agreed.', {
      where: `${this.#named.name} ${verb}`,
      expected: 'JSON as «Other tools» in docs/restore.md describes it',
      kept: `Nothing of it was used: ${why}.`,
      cure: 'Correct the program.',
    });
  }

  #tellsNoEntries(): Refusing {
    return refuse('backup-not-listed', 'This command does not say what stands inside a backup.', {
      where: this.#named.name,
      expected: 'a line `entries` in its entry',
      kept: 'Nothing was read.',
      cure: 'Restore the backup to look inside, or give the command this line.',
    });
  }

  #unknown(snapshot: string): Refusing {
    return snapshotUnknown(snapshot, `an id that ${this.#named.name} lists`);
  }

  #damaged(snapshot: string, why: string): Refusing {
    return refuse('backup-damaged', 'This backup does not restore whole.', {
      where: `${this.#named.name} ${snapshot}`,
      expected: 'every file as it was backed up',
      kept: why,
      cure: 'Try an older one, or another copy.',
    });
  }
}

const said = ({ errors }: ToolRun): string => errors.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
