import { type Name, shown } from '../../backupTree/name.ts';
import type { Repository } from './repository.ts';
import type { NodeContent } from './treeNode.ts';

/** Counted in files; folders that are the same tree are not read. */
export interface Difference {
  added: number;
  removed: number;
  /** Same path, other content. */
  changed: number;
  /** Of the blobs the newer holds in files added or changed, and the older in none of those it lost or changed. */
  addedBytes: number;
}

/** How the files of one tree differ from those of an older one; unfinished where it is told to stop. Throws `Damaged`. */
export async function difference(
  repository: Repository,
  older: string | undefined,
  newer: string | undefined,
  signal: AbortSignal,
): Promise<Difference> {
  const found: Difference = { added: 0, removed: 0, changed: 0, addedBytes: 0 };
  const [before, after] = [new Set<string>(), new Set<string>()];
  const open = [{ older, newer }];
  for (let pair = open.pop(); pair !== undefined && !signal.aborted; pair = open.pop()) {
    if (pair.older === pair.newer) continue;
    const [old, young] = [await nodesOf(repository, pair.older), await nodesOf(repository, pair.newer)];
    for (const name of new Set([...old.keys(), ...young.keys()])) {
      const [was, is] = [old.get(name), young.get(name)];
      open.push({ older: was?.subtree, newer: is?.subtree });
      const [lost, gained] = [contentOf(was), contentOf(is)];
      if (lost?.join() === gained?.join()) continue;
      for (const id of lost ?? []) before.add(id);
      for (const id of gained ?? []) after.add(id);
      found[lost === undefined ? 'added' : gained === undefined ? 'removed' : 'changed'] += 1;
    }
  }
  const table = await repository.blobs();
  for (const id of after) {
    const [entry] = before.has(id) ? [] : table.find(id, 'data');
    if (entry !== undefined) found.addedBytes += table.plainLength(entry);
  }
  return found;
}

async function nodesOf(repository: Repository, tree: string | undefined): Promise<Map<string, NodeContent>> {
  if (tree === undefined) return new Map();
  const { nodes } = await repository.contents(tree);
  return new Map(nodes.map((node) => [keyOf(node.name), node]));
}

const contentOf = (node: NodeContent | undefined): readonly string[] | undefined =>
  node?.kind === 'file' ? node.content : undefined;

const keyOf = (name: Name): string => (typeof name === 'string' ? name : `\0${shown(name)}`);
