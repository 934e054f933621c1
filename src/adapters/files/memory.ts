import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupEntries, BackupEntry, BackupSnapshot, BackupSource, Restored, Work } from '../../restore/ports.ts';
import { isWithin } from '../backupTree/part.ts';
import { interrupted, pathUnknown, snapshotUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';

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

  async restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>> {
    const night = this.#night(snapshot);
    if (!night.ok) return night;
    const wanted = Object.entries(night.value.tree).filter(([path]) => isWithin(path, part));
    if (wanted.length === 0 && part !== undefined) return pathUnknown(snapshot, part);
    let bytes = 0;
    let files = 0;
    for (const [path, content] of wanted) {
      if (work.signal.aborted) return interrupted(snapshot);
      await mkdir(content === null ? join(into, path) : dirname(join(into, path)), { recursive: true });
      if (content === null) continue;
      await writeFile(join(into, path), content, { flag: 'wx' });
      files += 1;
      bytes += content.length;
      work.progress(bytes, 0, 'bytes');
    }
    return accept({ files, bytes, problems: [], unverified: 0 });
  }

  async entries(snapshot: string, folder: string): Promise<Result<BackupEntries>> {
    const night = this.#night(snapshot);
    if (!night.ok) return night;
    const found = new Map<string, BackupEntry>();
    for (const [path, content] of Object.entries(night.value.tree)) {
      if (folder !== '' && !path.startsWith(`${folder}/`)) continue;
      const [name = '', ...below] = path.slice(folder === '' ? 0 : folder.length + 1).split('/');
      const isFile = below.length === 0 && content !== null;
      found.set(name, {
        name,
        kind: isFile ? 'file' : 'folder',
        bytes: isFile ? content.length : null,
        modifiedAt: null,
        content: isFile ? createHash('sha256').update(content).digest('hex') : null,
      });
    }
    const empty = folder === '' || night.value.tree[folder] === null;
    return found.size === 0 && !empty ? pathUnknown(snapshot, folder) : accept(told([...found.values()]));
  }

  #night(snapshot: string): Result<MemoryNight> {
    const night = this.#nights?.[Number(/^night-(\d+)$/.exec(snapshot)?.[1])];
    if (night === undefined) return snapshotUnknown(snapshot, 'a night of the array');
    return night.damaged === true
      ? refuse('backup-damaged', 'This night does not restore whole.', { where: snapshot })
      : accept(night);
  }
}
