import type { NightFile } from '../../restore/cleanPoint/night.ts';
import type { BlobTable } from '../restic/repository/blobTable.ts';
import { contentKey } from '../restic/repository/contentKey.ts';
import { shown } from '../restic/repository/quoted.ts';
import type { Repository } from '../restic/repository/repository.ts';
import { walk } from '../restic/repository/walk.ts';

/** One file content of a repository: the list of its blobs. */
export interface Content {
  key: string;
  blobs: readonly string[];
  bytes: number;
}

/** The files below a tree, and what of it cannot be read. Links and special files hold no content. */
export async function filesBelow(
  repository: Repository,
  tree: string,
  heard: (content: Content) => void = () => {},
): Promise<{ files: NightFile[]; damaged: { path: string; reason: string }[] }> {
  const files: NightFile[] = [];
  const damaged: { path: string; reason: string }[] = [];
  for await (const entry of walk(repository, tree)) {
    const path = `/${shown(entry.path)}`;
    if ('damaged' in entry) damaged.push({ path, reason: entry.damaged });
    else if (entry.node.kind === 'file') {
      const { content: blobs, bytes } = entry.node;
      const key = contentKey(blobs);
      heard({ key, blobs, bytes });
      files.push({ path, content: key, bytes });
    }
  }
  return { files, damaged };
}

/** In the order in which their first blobs stand in the packs, versions of the same file after each other. */
export function inOrderOfPacks(contents: Iterable<Content>, table: BlobTable): Content[] {
  const placed = [...contents].map((content) => {
    const [entry] = table.find(content.blobs[0] ?? '', 'data');
    return entry === undefined
      ? { content, pack: Number.MAX_SAFE_INTEGER, offset: 0 }
      : { content, pack: table.packNumber(entry), offset: table.place(entry).offset };
  });
  return placed
    .toSorted((one, other) => one.pack - other.pack || one.offset - other.offset)
    .map(({ content }) => content);
}
