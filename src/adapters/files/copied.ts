import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, constants, open, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Name } from '../backupTree/name.ts';
import type { TreeEntry } from './tree.ts';

const CHUNK_BYTES = 1 << 20;

export async function likeBefore(path: Name, { mode, modifiedAt }: TreeEntry): Promise<void> {
  await utimes(path, modifiedAt, modifiedAt);
  await chmod(path, mode & 0o777);
}

/** Copies one file, no link followed, and says what it held. */
export async function copied(from: Name, to: Name, signal: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash('sha256');
  let bytes = 0;
  await using file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  await pipeline(
    file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(to, { flags: 'wx' }),
    { signal },
  );
  return { bytes, sha256: digest.digest('hex') };
}

/** The SHA-256 of a file of ours. */
export async function digestOf(path: Name, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  for await (const piece of file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false, signal }))
    digest.update(piece);
  return digest.digest('hex');
}
