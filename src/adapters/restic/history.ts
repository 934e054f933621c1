import type { BackupDifference, BackupHistory, BackupNight } from '../../detect/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { FolderSource } from './folderSource.ts';
import type { ResticRepository } from './password.ts';
import { Damaged } from './repository/damaged.ts';
import { difference } from './repository/difference.ts';
import { unread } from './repository/open.ts';
import type { Repository, Snapshot } from './repository/repository.ts';
import { TreeSizes } from './repository/sizes.ts';
import { snapshotNamed } from './snapshots.ts';
import { ToolHistory } from './tool/history.ts';
import { isAddress } from './tool/source.ts';

/** How the nights of a restic repository differ, from its trees alone: no content is read. */
export const resticHistory = (where: ResticRepository): BackupHistory =>
  isAddress(where.repository) ? new ToolHistory(where) : new FolderHistory(where);

/** Sizes remembered: a snapshot never changes, and reading its trees again each time is slow. */
const sizesKept = 200;

class FolderHistory implements BackupHistory {
  readonly #where: ResticRepository;
  readonly #source: FolderSource;
  readonly #sizes = new Map<string, { bytes: number; files: number }>();

  constructor(where: ResticRepository) {
    this.#where = where;
    this.#source = new FolderSource(where);
  }

  async nights(signal: AbortSignal): Promise<Result<BackupNight[]>> {
    const listed = await this.#source.snapshots({ signal, progress: () => undefined });
    return listed.ok ? accept(listed.value.map(({ id, time, bytes, files }) => ({ id, time, bytes, files }))) : listed;
  }

  async size(night: BackupNight): Promise<Result<{ bytes: number; files: number }>> {
    const known = this.#sizes.get(night.id);
    if (known !== undefined) return accept(known);
    return this.#about([night], async (repository, [snapshot]) => {
      const { bytes, files, unread } = await new TreeSizes(repository).of(snapshot?.tree ?? '');
      if (unread > 0) return this.#unread(night);
      if (this.#sizes.size >= sizesKept) this.#sizes.delete(this.#sizes.keys().next().value ?? '');
      this.#sizes.set(night.id, { bytes, files });
      return accept({ bytes, files });
    });
  }

  async compare(older: BackupNight, newer: BackupNight, signal: AbortSignal): Promise<Result<BackupDifference>> {
    const before = await this.size(older);
    if (!before.ok) return before;
    return this.#about([older, newer], async (repository, [one, other]) => {
      const { added, removed, changed, addedBytes } = await difference(repository, one?.tree, other?.tree, signal);
      if (signal.aborted) return interrupted(newer.id);
      const unchanged = Math.max(0, before.value.files - removed - changed);
      return accept({ added, removed, changed, unchanged, addedBytes });
    });
  }

  async #about<Value>(
    nights: readonly BackupNight[],
    ask: (repository: Repository, snapshots: Snapshot[]) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const opened = await this.#source.open();
    if (!opened.ok) return opened;
    try {
      const snapshots: Snapshot[] = [];
      for (const night of nights) {
        const found = await snapshotNamed(opened.value, night.id);
        if (!found.ok) return this.#unread(night);
        snapshots.push(found.value);
      }
      return await ask(opened.value, snapshots);
    } catch (error) {
      if (error instanceof Damaged) return this.#unread(nights.at(-1));
      return unread(this.#where.repository, error);
    }
  }

  #unread(night: BackupNight | undefined) {
    return refuse('backup-damaged', 'A snapshot of this repository cannot be read.', {
      where: `${this.#where.repository} ${night?.id ?? ''}`,
    });
  }
}
