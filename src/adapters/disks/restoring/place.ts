import { depthMax, joined, type Name, named, shown } from '../../backupTree/name.ts';
import { Damaged, isDamage } from '../faults.ts';
import type { DiskFileSystem, DiskNode } from '../fileSystem/fileSystem.ts';
import { NAMES_MAX } from '../fileSystem/fileSystem.ts';

/** A thing in one of a night's file systems; or their common top, where there are several. */
export type Place =
  | { kind: 'one'; name: Name; fileSystem: DiskFileSystem; node: DiskNode }
  | { kind: 'several'; fileSystems: ReadonlyMap<string, DiskFileSystem> };

export interface Found {
  path: Name;
  fileSystem: DiskFileSystem;
  node: DiskNode;
}

/** What cannot be relied on, met on the way. */
export interface Bad {
  path: Name;
  damaged: string;
}

const rootOf = async (fileSystem: DiskFileSystem, name: Name = ''): Promise<Place> => ({
  kind: 'one',
  name,
  fileSystem,
  node: await fileSystem.node(fileSystem.root),
});

export const topOf = async (fileSystems: ReadonlyMap<string, DiskFileSystem>): Promise<Place> => {
  const [only] = fileSystems.values();
  return fileSystems.size === 1 && only !== undefined ? rootOf(only) : { kind: 'several', fileSystems };
};

/** What stands at a path below; undefined where nothing has that name. No link is followed. */
export async function placeAt(from: Place, path: string): Promise<Place | undefined> {
  let place: Place | undefined = from;
  for (const part of partsOf(path)) {
    place = place.kind === 'several' ? await volumeNamed(place.fileSystems, part) : await childNamed(place, part);
    if (place === undefined) return undefined;
  }
  return place;
}

export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

async function volumeNamed(fileSystems: ReadonlyMap<string, DiskFileSystem>, part: string): Promise<Place | undefined> {
  const fileSystem = fileSystems.get(part);
  return fileSystem === undefined ? undefined : rootOf(fileSystem, part);
}

async function childNamed({ fileSystem, node }: Place & { kind: 'one' }, part: string): Promise<Place | undefined> {
  if (node.kind !== 'folder') return undefined;
  for await (const { name, id } of fileSystem.entries(node))
    if (shown(named(name)) === part && badName(name) === undefined)
      return { kind: 'one', name: named(name), fileSystem, node: await fileSystem.node(id) };
  return undefined;
}

/** All below a place, each folder before what it holds; the paths begin with `above`. */
export async function* below(place: Place, above: Name): AsyncGenerator<Found | Bad> {
  if (place.kind === 'one') {
    if (place.node.kind === 'folder') yield* inside(place.fileSystem, place.node, above);
    return;
  }
  for (const [key, fileSystem] of place.fileSystems) {
    const path = joined(above, key);
    const node = await fileSystem.node(fileSystem.root);
    yield { path, fileSystem, node };
    yield* inside(fileSystem, node, path);
  }
}

/** A folder has one name: one met again would hold itself. */
async function* inside(fileSystem: DiskFileSystem, top: DiskNode, above: Name): AsyncGenerator<Found | Bad> {
  const folders = new Set<number>([top.id]);
  let names = 0;
  async function* folder(node: DiskNode, path: Name, depth: number): AsyncGenerator<Found | Bad> {
    const here = new Set<string>();
    try {
      for await (const { name, id } of fileSystem.entries(node)) {
        const at = joined(path, named(name));
        names += 1;
        if (names > NAMES_MAX) throw new Damaged(`more than ${NAMES_MAX} names`);
        const bad = badName(name) ?? (here.has(name.toString('latin1')) ? 'stands twice in its folder' : undefined);
        if (bad !== undefined) {
          yield { path: at, damaged: bad };
          continue;
        }
        here.add(name.toString('latin1'));
        const found = await nodeOr(fileSystem, id, at);
        if ('damaged' in found) yield found;
        else if (found.node.kind === 'folder' && (folders.has(id) || depth >= depthMax))
          yield { path: at, damaged: 'a folder that stands inside itself' };
        else {
          yield found;
          if (found.node.kind !== 'folder') continue;
          folders.add(id);
          yield* folder(found.node, at, depth + 1);
        }
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      yield { path, damaged: error.message };
    }
  }
  yield* folder(top, above, 1);
}

async function nodeOr(fileSystem: DiskFileSystem, id: number, path: Name): Promise<Found | Bad> {
  try {
    return { path, fileSystem, node: await fileSystem.node(id) };
  } catch (error) {
    if (isDamage(error)) return { path, damaged: error.message };
    throw error;
  }
}

/** Names that would lead elsewhere, or that no Linux file can bear. */
function badName(name: Buffer): string | undefined {
  const text = name.toString('latin1');
  if (text === '' || text === '.' || text === '..' || text.includes('/') || text.includes('\0'))
    return 'has a name that leads elsewhere';
  return name.length > 255 ? 'has a name longer than a file here may bear' : undefined;
}
