import { joined, type Name, shown } from '../../backupTree/name.ts';
import type { Repository, Snapshot } from '../repository/repository.ts';
import type { TreeNode } from '../repository/treeNode.ts';
import { type Entry, walk } from '../repository/walk.ts';

/** Where in a snapshot restoring starts: a tree, what stands above it not being wanted. */
export interface Start {
  tree: string;
  /** Path of that tree inside the snapshot, `''` or `/srv/ehr`. */
  above: string;
}

/**
 * restic keeps a snapshot under the path it was taken from; what was backed up is wanted, not where it stood: a single backed-up
 * folder is the start. Whoever could write to the repository wrote that path: it is followed through folders of the tree only.
 */
export async function startOf(repository: Repository, { tree, paths }: Snapshot): Promise<Start> {
  const [single] = paths;
  const parts = single === undefined || paths.length > 1 ? [] : partsOf(single);
  if (parts.length === 0) return { tree, above: '' };
  const nodes = await nodesAlong(repository, tree, parts);
  const last = nodes?.at(-1);
  return last?.kind === 'folder' && last.subtree !== undefined
    ? { tree: last.subtree, above: `/${parts.join('/')}` }
    : { tree, above: '' };
}

/** Everything below the start; the paths are below it too. */
export const allEntries = (repository: Repository, start: Start): AsyncGenerator<Entry> => walk(repository, start.tree);

/**
 * What stands at one path and below, the folders that lead there first. The path may be that of the snapshot (`/srv/ehr/logs`), or
 * start below the backed-up folder (`logs`, `/logs`). Undefined where there is nothing of that name.
 */
export async function entriesAt(
  repository: Repository,
  start: Start,
  path: string,
): Promise<{ node: TreeNode; entries: AsyncGenerator<Entry> } | undefined> {
  const relative = path.startsWith(`${start.above}/`) ? path.slice(start.above.length) : path;
  const nodes = await nodesAlong(repository, start.tree, partsOf(relative));
  const node = nodes?.at(-1);
  return nodes === undefined || node === undefined ? undefined : { node, entries: along(repository, nodes) };
}

/** The tree of a folder below the start (`''` is the start itself); undefined where there is no folder of that name. */
export async function folderAt(repository: Repository, { tree }: Start, path: string): Promise<string | undefined> {
  if (path === '') return tree;
  const folder = (await nodesAlong(repository, tree, partsOf(path)))?.at(-1);
  return folder?.kind === 'folder' ? folder.subtree : undefined;
}

async function* along(repository: Repository, nodes: readonly TreeNode[]): AsyncGenerator<Entry> {
  let path: Name = '';
  for (const node of nodes) {
    path = joined(path, node.name);
    yield { path, node };
  }
  const last = nodes.at(-1);
  if (last?.kind === 'folder' && last.subtree !== undefined) yield* walk(repository, last.subtree, path);
}

/** The node of each part of a path; undefined where one is not there. */
async function nodesAlong(
  repository: Repository,
  tree: string,
  parts: readonly string[],
): Promise<TreeNode[] | undefined> {
  const nodes: TreeNode[] = [];
  let at: string | undefined = tree;
  for (const part of parts) {
    if (at === undefined) return undefined;
    const { nodes: here }: { nodes: TreeNode[] } = await repository.tree(at);
    const node = here.find(({ name }) => shown(name) === part);
    if (node === undefined) return undefined;
    nodes.push(node);
    at = node.kind === 'folder' ? node.subtree : undefined;
  }
  return nodes;
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
