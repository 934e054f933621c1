import { statfs } from 'node:fs/promises';
import { accept, type Result } from '../../../journal/result.ts';
import type { Work } from '../../../restore/ports.ts';
import { pathUnknown } from '../../backupTree/refusals.ts';
import { diskFull, enoughRoom } from '../../recoveryFolders/diskRoom.ts';
import { unread } from '../repository/open.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import { type Sizes, TreeSizes } from '../repository/sizes.ts';
import type { Entry } from '../repository/walk.ts';
import { Crew } from '../threads/crew.ts';
import { allEntries, entriesAt, type Start, startOf } from './entries.ts';
import { type RestoreReport, restoreEntries } from './restore.ts';
import { DiskFull } from './writeBatch.ts';

export type { RestoreReport } from './restore.ts';

/**
 * Restores a snapshot, or one path of it, below `into`. Fails with `backup-damaged` where not even its root can be read, `disk-full`
 * before anything is written where it cannot fit, `path-unknown`.
 */
export async function restoreSnapshot(
  repository: Repository,
  snapshot: Snapshot,
  into: string,
  { signal, progress }: Work,
  spareBytes: number,
  only?: string,
): Promise<Result<RestoreReport>> {
  try {
    // Its threads start while what there is to restore is counted.
    await using crew = new Crew({ at: repository.files.at, key: repository.key });
    const start = await startOf(repository, snapshot);
    const wanted = await wantedOf(repository, snapshot.id, start, only);
    if (!wanted.ok) return wanted;
    const { sizes, entries } = wanted.value;
    const room = await enoughPlace(into, sizes, spareBytes);
    if (!room.ok) return room;
    return accept(
      await restoreEntries(
        {
          repository,
          crew,
          into,
          signal,
          progress: (bytes) => progress(Math.min(bytes, sizes.bytes), sizes.bytes, 'bytes'),
        },
        entries,
      ),
    );
  } catch (error) {
    return error instanceof DiskFull ? diskFull(into, 0) : unread(repository.files.place, error);
  }
}

async function wantedOf(
  repository: Repository,
  id: string,
  start: Start,
  only: string | undefined,
): Promise<Result<{ sizes: Sizes; entries: AsyncIterable<Entry> }>> {
  const sizes = new TreeSizes(repository);
  if (only === undefined) return accept({ sizes: await sizes.of(start.tree), entries: allEntries(repository, start) });
  const found = await entriesAt(repository, start, only);
  if (found === undefined) return pathUnknown(id, only);
  const { node, entries } = found;
  const alone: Sizes = { files: 1, bytes: node.bytes, entries: 1, diskBytes: node.bytes, unread: 0 };
  return accept({ sizes: node.subtree === undefined ? alone : await sizes.of(node.subtree), entries });
}

/** Bytes, and names: some file systems run out of those first. */
async function enoughPlace(into: string, { diskBytes, entries }: Sizes, spareBytes: number): Promise<Result<void>> {
  const room = await enoughRoom(into, diskBytes + spareBytes);
  if (!room.ok) return room;
  const { files, ffree } = await statfs(into);
  return files > 0 && ffree < entries ? diskFull(into, diskBytes + spareBytes) : accept(undefined);
}
