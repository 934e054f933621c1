import { accept, type Result, refuse } from '../../journal/result.ts';
import type { BackupSnapshot } from '../../restore/ports.ts';
import type { Repository, Snapshot } from './repository/repository.ts';

/** Every snapshot of a repository; one that cannot be read says nothing of itself and is dated by its file, or by this moment. */
export async function listed(repository: Repository): Promise<BackupSnapshot[]> {
  const { whole, damaged } = await repository.snapshots();
  const all: BackupSnapshot[] = [
    ...whole.map(({ tree: _, ...stated }) => ({ ...stated, bytes: null, files: null })),
    ...damaged.map(({ id, storedAt }) => ({
      id,
      time: storedAt ?? new Date().toISOString(),
      host: '',
      paths: [],
      bytes: null,
      files: null,
      ...(storedAt === undefined ? {} : { storedAt }),
      damaged: true,
    })),
  ];
  return all.toSorted((one, other) => one.time.localeCompare(other.time));
}

/** One snapshot by its id, the beginning of it, or `latest`: the newest by what it claims. */
export async function snapshotNamed(repository: Repository, name: string): Promise<Result<Snapshot>> {
  const { whole, damaged } = await repository.snapshots();
  const newest = whole.at(-1);
  if (name === 'latest' && newest !== undefined) return accept(newest);
  const isOf = ({ id }: { id: string }): boolean => /^[0-9a-f]+$/.test(name) && id.startsWith(name);
  const [found, another] = whole.filter(isOf);
  const broken = damaged.find(isOf);
  if (found !== undefined && another === undefined && broken === undefined) return accept(found);
  if (found === undefined && broken !== undefined)
    return refuse('backup-damaged', 'This snapshot cannot be read.', {
      where: broken.id,
      kept: broken.reason,
      cure: 'Try another snapshot, or another copy of this repository.',
    });
  return refuse(
    'snapshot-unknown',
    found === undefined ? 'No snapshot has this name.' : 'Several snapshots have this name.',
    {
      where: name,
      expected: 'the id of a snapshot, or its first letters and digits where no other begins so',
      kept: 'Nothing was written.',
      cure: 'Name one of the snapshots listed.',
    },
  );
}
