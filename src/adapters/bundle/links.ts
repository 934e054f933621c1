import { randomBytes } from 'node:crypto';
import { readFile, readlink, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../journal/result.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';
import { type Manifest, manifestName, parseManifest } from './manifest.ts';

/**
 * Where versions are installed: `versions/X` each whole, `current` a link to one of them, `previous` to the one before.
 * Whatever moment this process is killed, `current` names one whole version.
 */
export interface Installation {
  /** `/opt/reflexe`. */
  root: string;
  /** Whether that version may take over this installation's data; asked before anything is written. */
  accepts(manifest: Manifest): Promise<Result<void>>;
  /** Tests kill the process between two of these. */
  onStep?(step: string): void;
}

export const versionsOf = (root: string): string => join(root, 'versions');

/** The release a link names; undefined where there is none. */
export async function linked(root: string, link: 'current' | 'previous'): Promise<string | undefined> {
  try {
    return (await readlink(join(root, link))).replace(/^versions\//, '');
  } catch {
    return undefined;
  }
}

export const manifestOf = async (root: string, release: string): Promise<Manifest> =>
  parseManifest(await readFile(join(versionsOf(root), release, manifestName)));

/** A link changes in one step: the new one is made beside, then takes the name. */
export async function point(root: string, link: 'current' | 'previous', release: string): Promise<void> {
  const made = join(root, `.${link}-${randomBytes(6).toString('hex')}`);
  await symlink(`versions/${release}`, made);
  await rename(made, join(root, link));
  await syncFolder(root);
}
