import type { BackupDifference, BackupHistory, BackupNight } from '../../../detect/ports.ts';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { ResticRepository } from '../password.ts';
import { runRestic } from './run.ts';
import { sizeIn, statisticsIn } from './said.ts';
import { ToolSource } from './source.ts';

/** Sizes remembered: a snapshot never changes, and reading its trees again each time is slow. */
const SIZES_KEPT = 200;

/** How the nights of a restic repository differ, from its trees alone: no content is read. */
export class ToolHistory implements BackupHistory {
  readonly #where: ResticRepository;
  readonly #source: ToolSource;
  readonly #sizes = new Map<string, { bytes: number; files: number }>();

  constructor(where: ResticRepository) {
    this.#where = where;
    this.#source = new ToolSource(where);
  }

  async nights(signal: AbortSignal): Promise<Result<BackupNight[]>> {
    const listed = await this.#source.snapshots({ signal, progress: () => undefined });
    return listed.ok ? accept(listed.value.map(({ id, time, bytes, files }) => ({ id, time, bytes, files }))) : listed;
  }

  /** Restored size and entries (folders count as entries, restic 0.14 does not tell them apart). */
  async size(night: BackupNight, signal: AbortSignal): Promise<Result<{ bytes: number; files: number }>> {
    const known = this.#sizes.get(night.id);
    if (known !== undefined) return accept(known);
    const ran = await runRestic(this.#where, ['stats', '--json', '--mode', 'restore-size', night.id], signal);
    const read = sizeIn(ran.output);
    if (ran.status !== 0 || read === undefined) return this.#unread(night);
    const size = { bytes: read.total_size, files: read.total_file_count };
    if (this.#sizes.size >= SIZES_KEPT) this.#sizes.delete(this.#sizes.keys().next().value ?? '');
    this.#sizes.set(night.id, size);
    return accept(size);
  }

  async compare(older: BackupNight, newer: BackupNight, signal: AbortSignal): Promise<Result<BackupDifference>> {
    const before = await this.size(older, signal);
    if (!before.ok) return before;
    const ran = await runRestic(this.#where, ['diff', '--json', older.id, newer.id], signal);
    const read = statisticsIn(ran.output);
    if (ran.status !== 0 || read === undefined) return this.#unread(newer);
    const { changed_files: changed, added, removed } = read;
    const unchanged = Math.max(0, before.value.files - removed.files - changed);
    return accept({ added: added.files, removed: removed.files, changed, unchanged, addedBytes: added.bytes });
  }

  #unread(night: BackupNight) {
    return refuse('backup-damaged', 'A snapshot of this repository cannot be read.', {
      where: `${this.#where.repository} ${night.id}`,
    });
  }
}
