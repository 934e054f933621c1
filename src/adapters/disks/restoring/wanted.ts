import { joined, type Name } from '../../backupTree/name.ts';
import type { DiskFileSystem } from '../fileSystem/fileSystem.ts';
import { type Bad, below, type Found, type Place, partsOf, placeAt } from './place.ts';

export interface Wanted {
  bytes: number;
  /** Room it takes: a file with holes takes less than its length. */
  diskBytes: number;
  all(): AsyncGenerator<Found | Bad>;
}

/** All below a place, or one part of it with the folders that lead there; undefined where nothing has that name. */
export async function wantedBelow(top: Place, part: string): Promise<Wanted | undefined> {
  const above = await leading(top, part);
  if (above === undefined) return undefined;
  const { found, last, path } = above;
  async function* all(): AsyncGenerator<Found | Bad> {
    yield* found;
    yield* below(last, path);
  }
  const sizes = { bytes: 0, diskBytes: 0 };
  const counted = new Map<DiskFileSystem, Set<number>>();
  for await (const one of all()) {
    if ('damaged' in one || one.node.kind !== 'file') continue;
    const { fileSystem, node } = one;
    if (node.names > 1) {
      const known = counted.get(fileSystem) ?? new Set();
      counted.set(fileSystem, known);
      if (known.has(node.id)) continue;
      known.add(node.id);
    }
    sizes.bytes += node.bytes;
    sizes.diskBytes += Math.min(node.bytes, node.diskBytes);
  }
  return { ...sizes, all };
}

async function leading(top: Place, part: string): Promise<{ found: Found[]; last: Place; path: Name } | undefined> {
  const found: Found[] = [];
  let last = top;
  let path: Name = '';
  for (const name of partsOf(part)) {
    const next = await placeAt(last, name);
    if (next?.kind !== 'one') return undefined;
    path = joined(path, next.name);
    found.push({ path, fileSystem: next.fileSystem, node: next.node });
    last = next;
  }
  return { found, last, path };
}
