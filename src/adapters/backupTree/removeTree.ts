import { chmod, readdir, rm } from 'node:fs/promises';

/** Removes a restored folder with all below it. Folders come back with the rights they had, which may forbid to remove what stands in them. */
export async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    await opened(Buffer.from(folder));
    await rm(folder, { recursive: true, force: true });
  });
}

async function opened(folder: Buffer): Promise<void> {
  await chmod(folder, 0o700);
  for (const one of await readdir(folder, { withFileTypes: true, encoding: 'buffer' }))
    if (one.isDirectory()) await opened(Buffer.concat([folder, Buffer.from('/'), one.name]));
}
