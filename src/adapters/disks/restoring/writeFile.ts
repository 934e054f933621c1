import { constants, open } from 'node:fs/promises';
import { giveAttributes } from '../../backupTree/attributes.ts';
import type { DiskNode } from '../fileSystem/fileSystem.ts';
import type { Found } from './place.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Zeros are left as holes in pieces of this size. */
const HOLE_BYTES = 64 * 1024;
const zeros = Buffer.alloc(HOLE_BYTES);

/** Where the disk's file system keeps no owners and modes of ours. */
const ordinary = { file: 0o644, folder: 0o755 };

/** Writes a new file, and answers which of its attributes it could not be given. No link is followed. */
export async function writeFile(
  path: string | Buffer,
  { fileSystem, node }: Found,
  signal: AbortSignal,
  onWritten: (bytes: number) => void,
): Promise<string[]> {
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  let told = 0;
  const tell = (until: number) => {
    onWritten(until - told);
    told = until;
  };
  for await (const { at, data } of fileSystem.content(node)) {
    signal.throwIfAborted();
    for (const { from, to } of withoutHoles(data)) await file.write(data, from, to - from, at + from);
    tell(at + data.length);
  }
  await file.truncate(node.bytes);
  tell(node.bytes);
  return given(file.fd, node);
}

export async function finishFolder(path: string | Buffer, node: DiskNode): Promise<string[]> {
  await using folder = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return given(folder.fd, node);
}

function given(descriptor: number, node: DiskNode): string[] {
  const { owned, modifiedAt, accessedAt } = node;
  const attributes = owned ?? {
    mode: node.kind === 'folder' ? ordinary.folder : ordinary.file,
    user: process.getuid?.() ?? 0,
    group: process.getgid?.() ?? 0,
  };
  return giveAttributes(descriptor, { ...attributes, modifiedAt, accessedAt }).map(
    ({ what, code }) => `its ${what} cannot be given back (${code})`,
  );
}

/** Stretches that hold something, each as long as it can be. */
function* withoutHoles(data: Buffer): Generator<{ from: number; to: number }> {
  let from: number | undefined;
  for (let at = 0; at < data.length; at += HOLE_BYTES) {
    const to = Math.min(at + HOLE_BYTES, data.length);
    const hole = data.compare(zeros, 0, to - at, at, to) === 0;
    if (hole && from !== undefined) yield { from, to: at };
    from = hole ? undefined : (from ?? at);
  }
  if (from !== undefined) yield { from, to: data.length };
}
