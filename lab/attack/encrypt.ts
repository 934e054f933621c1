import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { Found } from './walk.ts';

export const LOCKED = '.locked';
const CHUNK_BYTES = 1 << 20;

/**
 * Overwrites a file in place with its AES-256-CTR encryption and renames it. The initialisation vector is not kept, and
 * the key is thrown away by the caller: what it held is gone. Returns the bytes overwritten, or undefined when the file is
 * no longer the one that was seen.
 */
export function lock(file: Found, key: Buffer): number | undefined {
  const seen = lstatSync(file.path, { throwIfNoEntry: false });
  if (!seen?.isFile() || seen.nlink !== 1) return undefined;
  let handle: number;
  try {
    handle = openSync(file.path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const opened = fstatSync(handle);
    if (opened.ino !== seen.ino || opened.dev !== seen.dev || opened.nlink !== 1) return undefined;
    const cipher = createCipheriv('aes-256-ctr', key, randomBytes(16));
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(1, opened.size)));
    let position = 0;
    while (position < opened.size) {
      const read = readSync(handle, buffer, 0, buffer.length, position);
      if (read === 0) break;
      writeSync(handle, cipher.update(buffer.subarray(0, read)), 0, read, position);
      position += read;
    }
    rename(file.path);
    return position;
  } finally {
    closeSync(handle);
  }
}

/** A file the running service removed meanwhile is lost all the same. */
function rename(path: string): void {
  try {
    renameSync(path, path + LOCKED);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
