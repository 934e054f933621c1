import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { passwordOf, type ResticRepository } from './password.ts';
import { openRepository } from './repository/open.ts';
import type { Repository, Snapshot } from './repository/repository.ts';
import { folderOf } from './restoring/folder.ts';
import { type RestoreReport, restoreSnapshot } from './restoring/restoreSnapshot.ts';
import { listed, snapshotNamed } from './snapshots.ts';

/** A restic repository in a folder, read by us: no binary, never a lock, never a cache, never a write. */
export class FolderSource implements BackupSource {
  readonly #where: ResticRepository;
  readonly #spareBytes: number;

  constructor(where: ResticRepository, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  async open(): Promise<Result<Repository>> {
    const password = await passwordOf(this.#where);
    return password.ok ? openRepository(this.#where.repository, password.value) : password;
  }

  async snapshots({ signal }: Work): Promise<Result<BackupSnapshot[]>> {
    const opened = await this.open();
    if (signal.aborted) return interrupted(this.#where.repository);
    return opened.ok ? accept(await listed(opened.value)) : opened;
  }

  /** Writes the snapshot's content under `into`; a single backed-up folder becomes `into` itself, whatever its path was. */
  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const restored = await this.restoreWhatCan(snapshot, into, work, part);
    if (!restored.ok) return restored;
    const { files, bytes, damaged, leftOut } = restored.value;
    const [first] = damaged;
    if (first === undefined) return accept({ files, bytes, problems: [], unverified: 0, leftOut });
    return refuse('backup-damaged', 'This snapshot does not restore whole.', {
      where: snapshot,
      kept: `${files} files came back; ${damaged.length} did not, the first of them ${first.path}: ${first.reason}`,
      cure: 'Try an older snapshot, or another copy of this repository.',
    });
  }

  /** The same for a person who wants what can still be had: what is damaged is told, all else is written. */
  async restoreWhatCan(snapshot: string, into: string, work: Work, only?: string): Promise<Result<RestoreReport>> {
    return this.#about(snapshot, work, (repository, found) =>
      restoreSnapshot(repository, found, into, work, this.#spareBytes, only),
    );
  }

  entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    return this.#about(snapshot, work, (repository, found) => folderOf(repository, found, folder));
  }

  async #about<Value>(
    snapshot: string,
    { signal }: Work,
    ask: (repository: Repository, found: Snapshot) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const opened = await this.open();
    if (!opened.ok) return opened;
    const found = await snapshotNamed(opened.value, snapshot);
    if (!found.ok) return found;
    if (signal.aborted) return interrupted(snapshot);
    const told = await ask(opened.value, found.value);
    return signal.aborted ? interrupted(snapshot) : told;
  }
}

export const interrupted = (where: string): Refusing =>
  refuse('interrupted', 'Stopped while reading the backup.', { where, retryable: true });
