import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { accept, type Result, refuse } from '../../journal/result.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/** An open directory: what was checked is what is used, whatever its path is turned into afterwards. */
export interface OpenDirectory {
  path: string;
  fd: number;
  uid: number;
  mode: number;
  close(): void;
}

/**
 * Opens a directory part by part from the root, following no symbolic link anywhere on the way.
 * /proc/self/fd/N/name is Node's openat.
 */
export function openDirectory(path: string): Result<OpenDirectory> {
  let fd = openSync('/', O_RDONLY | O_DIRECTORY);
  for (const part of path.split('/').filter((name) => name !== '')) {
    const parent = fd;
    try {
      fd = openSync(`/proc/self/fd/${parent}/${part}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } catch (error) {
      return refusePath(path, `"${part}" is a symbolic link, not a directory, or does not exist (${codeOf(error)})`);
    } finally {
      closeSync(parent);
    }
  }
  const { uid, mode } = fstatSync(fd);
  return accept({ path, fd, uid, mode, close: () => closeSync(fd) });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

export const isInside = (folder: string, path: string) => path.startsWith(folder === '/' ? '/' : `${folder}/`);
export const overlap = (one: string, other: string) => one === other || isInside(one, other) || isInside(other, one);

export function refusePath(where: string, because: string): Result<never> {
  return refuse('path-refused', `The folder ${where} is refused: ${because}.`, {
    where,
    expected: "an existing directory, reached without symbolic links, inside the room's own folder",
    kept: 'nothing was changed there',
    cure: 'give the real path (`realpath`) of a folder the hub owns, and for a member one inside the folder of its room',
  });
}
