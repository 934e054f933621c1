import { lstat, readdir } from 'node:fs/promises';
import type { BackupEntry } from '../../restore/ports.ts';
import { joined, type Name, named, shown } from '../backupTree/name.ts';
import { namesOf } from '../backupTree/part.ts';

export interface TreeEntry {
  /** Inside the tree. */
  path: Name;
  kind: BackupEntry['kind'];
  bytes: number;
  mode: number;
  modifiedAt: Date;
}

export const within = (folder: string, path: Name): Name => (path.length === 0 ? folder : joined(folder, path));

/** The folder that something stands in; '' is the top. */
export function above(path: Name): Name {
  const end = path.lastIndexOf('/');
  return typeof path === 'string' ? path.slice(0, Math.max(0, end)) : path.subarray(0, Math.max(0, end));
}

async function look(folder: string, path: Name): Promise<TreeEntry> {
  const found = await lstat(within(folder, path));
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other';
  return { path, kind, bytes: kind === 'file' ? found.size : 0, mode: found.mode, modifiedAt: found.mtime };
}

/** What stands directly in a folder of the tree, in the order of names. */
export async function standing(folder: string, below: Name): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (const bytes of (await readdir(within(folder, below), { encoding: 'buffer' })).toSorted(Buffer.compare))
    entries.push(await look(folder, joined(below, named(bytes))));
  return entries;
}

/** Something and all that stands below it, each folder before what it holds. */
export async function allBelow(folder: string, top: TreeEntry | undefined): Promise<TreeEntry[]> {
  const entries = top === undefined ? [] : [top];
  if (top !== undefined && top.kind !== 'folder') return entries;
  for (const entry of await standing(folder, top?.path ?? '')) entries.push(...(await allBelow(folder, entry)));
  return entries;
}

/** The one thing of the tree that is shown under this path, reached through real folders only. */
export async function find(folder: string, part: string): Promise<TreeEntry | undefined> {
  const names = namesOf(part);
  let found: TreeEntry | undefined;
  for (const [index, name] of (names ?? []).entries()) {
    if (index > 0 && found?.kind !== 'folder') return undefined;
    found = await child(folder, found?.path ?? '', name);
    if (found === undefined) return undefined;
  }
  return found;
}

async function child(folder: string, below: Name, name: string): Promise<TreeEntry | undefined> {
  const plain = await look(folder, joined(below, name)).catch(() => undefined);
  if (plain !== undefined || !name.includes('\\x')) return plain;
  const bytes = (await readdir(within(folder, below), { encoding: 'buffer' })).find(
    (one) => shown(named(one)) === name,
  );
  return bytes === undefined ? undefined : look(folder, joined(below, named(bytes)));
}
