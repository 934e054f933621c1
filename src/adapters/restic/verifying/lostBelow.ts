import { depthMax, joined, shown } from '../../backupTree/name.ts';
import { Damaged } from '../repository/damaged.ts';
import type { Repository } from '../repository/repository.ts';

/** Told of one tree; a tree lost a thousand times is one loss. */
const lostMax = 1000;

/**
 * Which paths below a tree are not whole, given what the repository still holds. Each different tree is looked at once, whatever
 * the snapshots that share it.
 */
export function lostBelow(
  repository: Repository,
  holds: (id: string, kind: 'data' | 'tree') => boolean,
): (tree: string) => Promise<string[]> {
  const known = new Map<string, string[]>();
  const look = async (tree: string, depth: number): Promise<string[]> => {
    const before = known.get(tree);
    if (before !== undefined) return before;
    const lost: string[] = [];
    known.set(tree, lost);
    const read = holds(tree, 'tree') && depth <= depthMax ? await readOf(repository, tree) : undefined;
    if (read === undefined) lost.push('');
    else {
      for (const { name } of read.refused) lost.push(name);
      for (const node of read.nodes) {
        if (lost.length >= lostMax) break;
        if (!node.content.every((id) => holds(id, 'data'))) lost.push(shown(node.name));
        if (node.subtree === undefined) continue;
        for (const path of await look(node.subtree, depth + 1)) lost.push(shown(joined(node.name, path)));
      }
    }
    return lost;
  };
  return (tree) => look(tree, 0);
}

async function readOf(repository: Repository, tree: string) {
  try {
    return await repository.contents(tree);
  } catch (error) {
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}
