import { createHash } from 'node:crypto';
import { constants, type FileHandle, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { entropyBits } from '../../restore/signs.ts';
import { systemCode } from '../tcp/failure.ts';
import type { CanaryFiles } from './record.ts';

/** Read of one canary: they are small, and what replaced one may be large or endless. */
const CANARY_BYTES = 16 * 1024 * 1024;
/** Names read of the folder; beyond, siblings are no longer looked for and the measures say so. */
const NAMES_MAX = 100_000;

export interface CanaryLook {
  files: number;
  altered: { name: string; entropyBits: number }[];
  missing: string[];
  /** Files named after a canary: `name.locked`, `name.id-42.encrypted`. */
  siblings: string[];
  /** There, but not readable by us: nothing is known of them. */
  unreadable: { name: string; error: string }[];
  folder: 'read' | 'absent' | 'unreadable';
  namesCut: boolean;
}

/** Looks at each canary of a folder without following links. Rejects only when `signal` is aborted. */
export async function lookAtCanaries(folder: string, files: CanaryFiles, signal: AbortSignal): Promise<CanaryLook> {
  const found: CanaryLook = {
    files: Object.keys(files).length,
    altered: [],
    missing: [],
    siblings: [],
    unreadable: [],
    folder: 'read',
    namesCut: false,
  };
  await listSiblings(folder, files, found, signal);
  if (found.folder !== 'read') return found;
  for (const [name, digest] of Object.entries(files)) {
    signal.throwIfAborted();
    await lookAt(join(folder, name), name, digest, found);
  }
  return found;
}

async function listSiblings(folder: string, files: CanaryFiles, found: CanaryLook, signal: AbortSignal): Promise<void> {
  const names = Object.keys(files);
  let read = 0;
  try {
    for await (const { name } of await opendir(folder)) {
      signal.throwIfAborted();
      read += 1;
      if (read > NAMES_MAX) {
        found.namesCut = true;
        return;
      }
      if (!Object.hasOwn(files, name) && names.some((canary) => name.startsWith(`${canary}.`)))
        found.siblings.push(name);
    }
  } catch (error) {
    signal.throwIfAborted();
    found.folder = ['ENOENT', 'ENOTDIR'].includes(systemCode(error)) ? 'absent' : 'unreadable';
  }
}

async function lookAt(path: string, name: string, digest: string, found: CanaryLook): Promise<void> {
  let file: FileHandle;
  try {
    // Not blocked by a pipe put in its place, not led elsewhere by a link.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') found.missing.push(name);
    else if (code === 'ELOOP') found.altered.push({ name, entropyBits: 0 });
    else found.unreadable.push({ name, error: code });
    return;
  }
  try {
    const content = Buffer.alloc(Math.min(CANARY_BYTES, (await file.stat()).size));
    const { bytesRead } = await file.read(content, 0, content.length, 0);
    const read = content.subarray(0, bytesRead);
    if (createHash('sha256').update(read).digest('hex') !== digest)
      found.altered.push({ name, entropyBits: entropyBits(read) });
  } catch (error) {
    found.unreadable.push({ name, error: systemCode(error) });
  } finally {
    await file.close();
  }
}
