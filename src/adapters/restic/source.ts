import type { Result } from '../../journal/result.ts';
import type { BackupEntries, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { SPARE_BYTES } from '../recoveryFolders/diskRoom.ts';
import { FolderSource } from './folderSource.ts';
import type { ResticRepository } from './password.ts';
import { isAddress, ToolSource } from './tool/source.ts';

/** A restic repository: read here where it is a folder or behind a REST server, with restic's own binary where only that reaches it. */
export class ResticSource implements BackupSource {
  readonly #source: BackupSource;

  constructor(where: ResticRepository, spareBytes = SPARE_BYTES) {
    this.#source = isAddress(where.repository)
      ? new ToolSource(where, spareBytes)
      : new FolderSource(where, spareBytes);
  }

  snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    return this.#source.snapshots(work);
  }

  restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    return this.#source.restore(snapshot, into, work, part);
  }

  entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>> {
    return this.#source.entries(snapshot, folder, work);
  }
}
