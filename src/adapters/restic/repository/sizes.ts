import { hash } from 'node:crypto';
import { depthMax } from '../../backupTree/name.ts';
import { Damaged } from './damaged.ts';
import type { Repository } from './repository.ts';

export interface Sizes {
  files: number;
  bytes: number;
  /** Files, folders and all else. */
  entries: number;
  /** Bytes once restored with holes where whole blobs are zeros. */
  diskBytes: number;
  /** Folders that cannot be read: what they hold is in no count. */
  unread: number;
}

/** restic's largest chunk: what a long run of zeros is cut into, so that a sparse file is this blob again and again. */
const zeroChunkBytes = 8 * 1024 * 1024;
let zeros: string | undefined;
export const zeroChunk = (): string => (zeros ??= hash('sha256', Buffer.alloc(zeroChunkBytes), 'hex'));

/**
 * What stands below trees, each different tree read once: a snapshot that shares all but a few folders with the last costs those
 * few, and a tree that holds itself a thousand times over (a bomb) costs one.
 */
export class TreeSizes {
  readonly #repository: Repository;
  readonly #known = new Map<string, Sizes>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  async of(tree: string, depth = 0): Promise<Sizes> {
    const known = this.#known.get(tree);
    if (known !== undefined) return known;
    const sizes: Sizes = { files: 0, bytes: 0, entries: 0, diskBytes: 0, unread: 0 };
    try {
      if (depth > depthMax) throw new Damaged(`tree ${tree}`, 'stands deeper than any file system goes');
      await this.#add(sizes, tree, depth);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      sizes.unread += 1;
    }
    this.#known.set(tree, sizes);
    return sizes;
  }

  async #add(sizes: Sizes, tree: string, depth: number): Promise<void> {
    const { nodes, refused } = await this.#repository.contents(tree);
    sizes.unread += refused.length;
    sizes.entries += nodes.length;
    for (const node of nodes) {
      if (node.kind === 'file') {
        sizes.files += 1;
        sizes.bytes += node.bytes;
        sizes.diskBytes += node.bytes - zeroChunkBytes * node.content.filter((id) => id === zeroChunk()).length;
      } else if (node.kind === 'folder' && node.subtree !== undefined) {
        const below = await this.of(node.subtree, depth + 1);
        for (const count of ['files', 'bytes', 'entries', 'diskBytes', 'unread'] as const) sizes[count] += below[count];
      }
    }
  }
}
