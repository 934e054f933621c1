import { closeSync, constants, existsSync, openSync, statfsSync, writeSync } from 'node:fs';
import { Refused } from '../../journal/result.ts';

/** statfs(2): TMPFS_MAGIC. */
const tmpfs = 0x01021994;
/** open(2): a file without a name; Node does not name the flag, whose other half differs between processors. */
const unnamedFile = 0o20_000_000 | constants.O_DIRECTORY;

/**
 * For a tool that reads a secret from a file: a file in memory, without a name, that only this process and the child that
 * inherits its descriptor can reach, for the length of the call. The child opens `/dev/fd/N`.
 */
export async function withMemoryFile<Value>(
  content: string,
  work: (descriptor: number) => Promise<Value>,
): Promise<Value> {
  const descriptor = openSync(memoryFolder(), unnamedFile | constants.O_RDWR, 0o600);
  try {
    // At its place: the child may read the descriptor itself, from where it stands.
    writeSync(descriptor, content, 0);
    return await work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function memoryFolder(): string {
  const found = ['/dev/shm', `/run/user/${process.getuid?.() ?? 0}`].find(
    (folder) => existsSync(folder) && statfsSync(folder).type === tmpfs,
  );
  if (found !== undefined) return found;
  throw new Refused({
    code: 'no-memory-file',
    message: 'No folder kept in memory is there to hand a secret to another program.',
    where: '/dev/shm',
    expected: 'a tmpfs this account may write, as Linux has by default',
    kept: 'The secret was not written to any disk.',
    cure: 'Mount one: mount -t tmpfs tmpfs /dev/shm',
    retryable: true,
  });
}
