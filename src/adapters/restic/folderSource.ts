import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { passwordOf, type ResticRepository } from './password.ts';
import { openRepository, unread } from './repository/open.ts';
import type { Repository, Snapshot } from './repository/repository.ts';
import { isRest, restServer } from './rest/address.ts';
import { folderOf } from './restoring/folder.ts';
import { type RestoreReport, restoreSnapshot } from './restoring/restoreSnapshot.ts';
import { listed, snapshotNamed } from './snapshots.ts';

/** A restic repository in a folder or behind a REST server, read by us: no binary, never a lock, never a cache, never a write. */
export class FolderSource implements BackupSource {
  readonly #where: ResticRepository;
  readonly #spareBytes: number;

  constructor(where: ResticRepository, spareBytes = SPARE_BYTES) {
    this.#where = where;
    this.#spareBytes = spareBytes;
  }

  /** `signal` ends what is asked of a server. */
  async open(signal?: AbortSignal): Promise<Result<Repository>> {
    const { repository, server } = this.#where;
    const at = isRest(repository) ? await restServer(repository, server) : accept(repository);
    if (!at.ok) return at;
    const password = await passwordOf(this.#where);
    return password.ok ? openRepository(at.value, password.value, signal) : password;
  }

  async snapshots({ signal }: Work): Promise<Result<BackupSnapshot[]>> {
    const opened = await this.open(signal);
    const told = opened.ok ? await asked(opened.value, async () => accept(await listed(opened.value))) : opened;
    return signal.aborted ? interrupted(this.#where.repository) : told;
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
    const opened = await this.open(signal);
    const told = opened.ok
      ? await asked(opened.value, async () => {
          const found = await snapshotNamed(opened.value, snapshot);
          if (!found.ok) return found;
          return signal.aborted ? interrupted(snapshot) : ask(opened.value, found.value);
        })
      : opened;
    return signal.aborted ? interrupted(snapshot) : told;
  }
}

const asked = <Value>(repository: Repository, ask: () => Promise<Result<Value>>): Promise<Result<Value>> =>
  ask().catch((error: unknown) => unread(repository.files.place, error));
