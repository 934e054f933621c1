import type { NightFile } from '../../restore/cleanPoint/night.ts';
import { depthMax, shown } from '../backupTree/name.ts';
import { contentKey } from '../restic/repository/contentKey.ts';
import { Damaged } from '../restic/repository/damaged.ts';
import type { Repository } from '../restic/repository/repository.ts';
import { parseContents } from '../restic/repository/treeNode.ts';

/** One file content of a repository: the list of its blobs. */
export interface Content {
  key: string;
  blobs: readonly string[];
  bytes: number;
}

/** A folder as the clean point needs it; trees never change, and nights share most of theirs. */
interface Folder {
  files: { name: string; content: Content }[];
  folders: { name: string; tree: string }[];
  damaged: { name: string; reason: string }[];
}

/** Entries of folders kept between nights, some hundred bytes each. */
const keptEntriesMax = 400_000;

/** The folders of a repository, the last of them kept. */
export class Folders {
  readonly #repository: Repository;
  readonly #kept = new Map<string, Folder>();
  #keptEntries = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** The files below a tree, and what of it cannot be read. Links and special files hold no content. */
  async below(
    tree: string,
    heard: (content: Content) => void = () => {},
  ): Promise<{ files: NightFile[]; damaged: { path: string; reason: string }[] }> {
    const files: NightFile[] = [];
    const damaged: { path: string; reason: string }[] = [];
    const open = [{ path: '', tree, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { path, depth } = next;
      const folder = depth > depthMax ? tooDeep : await this.#folder(next.tree);
      if (folder instanceof Damaged) {
        damaged.push({ path: path === '' ? '/' : path, reason: folder.message });
        continue;
      }
      for (const { name, reason } of folder.damaged) damaged.push({ path: `${path}/${name}`, reason });
      for (const { name, content } of folder.files) {
        heard(content);
        files.push({ path: `${path}/${name}`, content: content.key, bytes: content.bytes });
      }
      for (const { name, tree: below } of folder.folders.toReversed())
        open.push({ path: `${path}/${name}`, tree: below, depth: depth + 1 });
    }
    return { files, damaged };
  }

  /** Path of the folder that becomes the restored tree, as `startOf` of the restic reader finds it; empty where that is the whole. */
  async above(tree: string, paths: readonly string[]): Promise<string> {
    const [single = ''] = paths;
    const parts = paths.length > 1 ? [] : single.split('/').filter((part) => part !== '' && part !== '.');
    let at: string | undefined = tree;
    for (const part of parts) {
      const folder: Folder | Damaged = await this.#folder(at);
      at = folder instanceof Damaged ? undefined : folder.folders.find(({ name }) => name === part)?.tree;
      if (at === undefined) return '';
    }
    return parts.map((part) => `/${part}`).join('');
  }

  async #folder(tree: string): Promise<Folder | Damaged> {
    const kept = this.#kept.get(tree);
    if (kept !== undefined) return kept;
    try {
      const folder = folderOf(tree, await this.#repository.blob(tree, 'tree'));
      this.#keep(tree, folder);
      return folder;
    } catch (error) {
      if (error instanceof Damaged) return error;
      throw error;
    }
  }

  #keep(tree: string, folder: Folder): void {
    this.#kept.set(tree, folder);
    this.#keptEntries += entriesOf(folder);
    for (const [oldest, one] of this.#kept) {
      if (this.#keptEntries <= keptEntriesMax) return;
      this.#kept.delete(oldest);
      this.#keptEntries -= entriesOf(one);
    }
  }
}

const tooDeep = new Damaged('a folder', 'stands deeper than any file system goes');
const entriesOf = ({ files, folders }: Folder): number => files.length + folders.length + 1;

function folderOf(tree: string, plain: Buffer): Folder {
  const read = parseContents(plain);
  if (read === undefined) throw new Damaged(`tree ${tree}`, 'is no tree');
  const folder: Folder = { files: [], folders: [], damaged: read.refused };
  for (const { name, kind, bytes, content: blobs, subtree } of read.nodes) {
    if (kind === 'file') folder.files.push({ name: shown(name), content: { key: contentKey(blobs), blobs, bytes } });
    else if (kind === 'folder' && subtree !== undefined) folder.folders.push({ name: shown(name), tree: subtree });
  }
  return folder;
}
