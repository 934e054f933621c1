import { type Refusing, refuse } from '../../journal/result.ts';

/** What every source of backups refuses in the same words. */
export const interrupted = (where: string): Refusing =>
  refuse('interrupted', 'Stopped while reading the backup.', { where, retryable: true });

export const snapshotUnknown = (snapshot: string, expected: string): Refusing =>
  refuse('snapshot-unknown', 'This source has no snapshot of this name.', {
    where: snapshot,
    expected,
    kept: 'Nothing was read or written.',
    cure: 'Name one of the snapshots listed.',
  });

export const pathUnknown = (snapshot: string, path: string): Refusing =>
  refuse('path-unknown', 'This snapshot holds nothing of that name.', {
    where: `${snapshot}: ${path}`,
    expected: 'a path as the snapshot’s own folders are listed, its parts separated by `/`',
    kept: 'Nothing was written.',
    cure: 'List the folder above it, or take an older snapshot.',
  });
