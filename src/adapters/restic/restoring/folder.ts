import { accept, type Result } from '../../../journal/result.ts';
import { type BackupEntries, type BackupEntry, FOLDER_ENTRIES_MAX } from '../../../restore/ports.ts';
import { isoOf } from '../../backupTree/instant.ts';
import { shown } from '../../backupTree/name.ts';
import { pathUnknown } from '../../backupTree/refusals.ts';
import { contentKey } from '../repository/contentKey.ts';
import { unread } from '../repository/open.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import type { TreeNode } from '../repository/treeNode.ts';
import { folderAt, startOf } from './entries.ts';

/** One folder of a snapshot as it is laid out when restored, from its tree alone. What must not be restored stands there as `other`. */
export async function folderOf(
  repository: Repository,
  snapshot: Snapshot,
  folder: string,
): Promise<Result<BackupEntries>> {
  try {
    const tree = await folderAt(repository, await startOf(repository, snapshot), folder);
    if (tree === undefined) return pathUnknown(snapshot.id, folder);
    const { nodes, refused } = await repository.tree(tree);
    const entries = [
      ...nodes.map(entryOf),
      ...refused.map(({ name }) => ({ ...nothingSaid, name, kind: 'other' as const })),
    ].sort((one, other) => (one.name < other.name ? -1 : 1));
    return accept({ entries: entries.slice(0, FOLDER_ENTRIES_MAX), truncated: entries.length > FOLDER_ENTRIES_MAX });
  } catch (error) {
    return unread(repository.files.place, error);
  }
}

const nothingSaid = { bytes: null, modifiedAt: null, content: null };

function entryOf({ name, kind, bytes, content, subtree, target, modifiedAt }: TreeNode): BackupEntry {
  const entry = { ...nothingSaid, name: shown(name), modifiedAt: isoOf(modifiedAt) };
  switch (kind) {
    case 'file':
      return { ...entry, kind, bytes, content: contentKey(content) };
    case 'folder':
      return { ...entry, kind, content: subtree ?? null };
    case 'link':
      return { ...entry, kind, content: target === undefined ? null : shown(target) };
    default:
      return { ...entry, kind: 'other' };
  }
}
