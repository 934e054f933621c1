import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync } from 'node:fs';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

export interface Found {
  /** Reaches the file through the open directory that holds it: a directory swapped for a link meanwhile changes nothing. */
  path: string;
  /** What to call it in reports. */
  shown: string;
}

export type Step = { kind: 'folder'; path: string; shown: string } | ({ kind: 'file' } & Found) | Skipped;
export interface Skipped {
  kind: 'skipped';
  shown: string;
  reason: string;
}

/**
 * Every regular file below a directory, never through a symbolic link, never on another device, never one that another
 * directory may also name (a hard link). Yields a directory before what it holds.
 */
export function* walk(folder: string): Generator<Step> {
  const root = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    yield* walkOpen(root, folder, fstatSync(root).dev);
  } finally {
    closeSync(root);
  }
}

function* walkOpen(directory: number, shownFolder: string, device: number): Generator<Step> {
  const here = `/proc/self/fd/${directory}`;
  yield { kind: 'folder', path: here, shown: shownFolder };
  for (const name of readdirSync(here).sort()) {
    const path = `${here}/${name}`;
    const shown = `${shownFolder}/${name}`;
    const status = lstatSync(path, { throwIfNoEntry: false });
    const skipped = (reason: string): Skipped => ({ kind: 'skipped', shown, reason });
    if (!status) continue;
    if (status.isSymbolicLink()) yield skipped('symbolic link');
    else if (status.dev !== device) yield skipped('another device');
    else if (status.isDirectory()) {
      const child = openDirectory(path);
      if (child === undefined) {
        yield skipped('changed while being opened');
        continue;
      }
      try {
        if (fstatSync(child).dev === device) yield* walkOpen(child, shown, device);
        else yield skipped('another device');
      } finally {
        closeSync(child);
      }
    } else if (!status.isFile()) yield skipped('neither file nor directory');
    else if (status.nlink !== 1) yield skipped('hard link');
    else yield { kind: 'file', path, shown };
  }
}

function openDirectory(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch {
    return undefined;
  }
}
