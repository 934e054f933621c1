import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldKeyOf } from '../journal/open.ts';

/** Rooms whose code folds events: a snapshot written by other code than theirs is not used. */
const folding = ['journal', 'map', 'detect', 'activate', 'restore', 'prepare'];

export async function hospitalFoldKey(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const extension = extname(import.meta.url);
  const files = await Promise.all(
    folding.map(async (room) => {
      const names = await readdir(join(root, room), { recursive: true });
      return names
        .filter((name) => name.endsWith(extension) && !/\.(test|contract|fuzz)\./.test(name))
        .map((name) => join(root, room, name));
    }),
  );
  return foldKeyOf(files.flat().toSorted());
}
