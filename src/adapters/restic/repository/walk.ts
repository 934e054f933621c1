import { depthMax, joined, type Name } from '../../backupTree/name.ts';
import { Damaged } from './damaged.ts';
import type { Repository } from './repository.ts';
import type { TreeNode } from './treeNode.ts';

export type Entry =
  | { path: Name; node: TreeNode }
  /** What stands there and cannot be read, or must not be restored. */
  | { path: Name; damaged: string };

/** Every entry below a tree (of this folder alone unless `deep`), a folder before what it holds. A folder that cannot be read is told, and the walk goes on beside it. */
export async function* walk(
  repository: Repository,
  tree: string,
  below: Name = '',
  deep = true,
): AsyncGenerator<Entry> {
  const open: { path: Name; tree: string; depth: number }[] = [{ path: below, tree, depth: 0 }];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const { path, depth } = folder;
    if (depth > depthMax) {
      yield { path, damaged: 'stands deeper than any file system goes' };
      continue;
    }
    let read: Awaited<ReturnType<Repository['tree']>>;
    try {
      read = await repository.tree(folder.tree);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      yield { path, damaged: error.message };
      continue;
    }
    for (const { name, reason } of read.refused) yield { path: joined(path, name), damaged: reason };
    const folders: typeof open = [];
    for (const node of read.nodes) {
      const at = joined(path, node.name);
      yield { path: at, node };
      if (deep && node.subtree !== undefined && node.kind === 'folder')
        folders.push({ path: at, tree: node.subtree, depth: depth + 1 });
    }
    open.push(...folders.toReversed());
  }
}
