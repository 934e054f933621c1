import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';

export interface MemoryNight {
  time: string;
  /** Content by path; null is an empty folder. */
  tree: { [path: string]: Uint8Array | null };
  damaged?: boolean;
}

/** A source's twin in memory: same promises, its nights are kept in the array given. Null: its place is not there. */
export class MemorySource implements BackupSource {
  readonly #nights: readonly MemoryNight[] | null;

  constructor(nights: readonly MemoryNight[] | null) {
    this.#nights = nights;
  }

  async snapshots(): Promise<Result<BackupSnapshot[]>> {
    if (this.#nights === null)
      return refuse('backup-unreachable', 'There is no memory of these nights.', {
        where: 'memory',
        expected: 'an array of nights',
        cure: 'Give it one.',
        retryable: true,
      });
    const listed = this.#nights.map(
      ({ time }, index): BackupSnapshot => ({
        id: `night-${index}`,
        time,
        host: '',
        paths: [],
        bytes: null,
        files: null,
      }),
    );
    return accept(listed.toSorted((one, other) => one.time.localeCompare(other.time)));
  }

  async restore(snapshot: string, into: string, work: Work): Promise<Result<Restored>> {
    const night = this.#nights?.[Number(/^night-(\d+)$/.exec(snapshot)?.[1])];
    if (night === undefined || night.damaged === true)
      return refuse('backup-damaged', 'This night does not restore whole.', { where: snapshot });
    let bytes = 0;
    let files = 0;
    for (const [path, content] of Object.entries(night.tree)) {
      if (work.signal.aborted)
        return refuse('interrupted', 'Stopped while restoring.', { where: snapshot, retryable: true });
      await mkdir(content === null ? join(into, path) : dirname(join(into, path)), { recursive: true });
      if (content === null) continue;
      await writeFile(join(into, path), content, { flag: 'wx' });
      files += 1;
      bytes += content.length;
      work.progress(bytes, 0, 'bytes');
    }
    return accept({ files, bytes, problems: [], unverified: 0 });
  }
}
