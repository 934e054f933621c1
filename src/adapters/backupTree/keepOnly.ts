import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Of a tree of ours, keeps one thing with all below it, at its place, and the folders that lead there. */
export async function keepOnly(folder: string, [name, ...below]: readonly string[]): Promise<void> {
  if (name === undefined) return;
  for (const other of await readdir(folder, { encoding: 'buffer' }))
    if (!other.equals(Buffer.from(name)))
      await rm(Buffer.concat([Buffer.from(`${folder}/`), other]), { recursive: true });
  await keepOnly(join(folder, name), below);
}
