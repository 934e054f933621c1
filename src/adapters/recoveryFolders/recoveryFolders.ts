import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RecoveryFolders, RestoredTree } from '../../restore/ports.ts';
import { removeTree } from '../backupTree/removeTree.ts';
import { endWriters } from './writers.ts';

const Marker = z.object({ snapshot: z.string(), files: z.number(), bytes: z.number() });

/** Recoveries under one folder: `<recovery>/<component>/{staging,data,data.json}`. The marker is written last: without it, no data. */
export class DiskRecoveryFolders implements RecoveryFolders {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async room(recovery: string): Promise<string> {
    const folder = join(this.#root, fileName(recovery));
    await mkdir(folder, { recursive: true, mode: 0o711 });
    return folder;
  }

  async staging(recovery: string, component: string): Promise<string> {
    const folder = join(await this.#component(recovery, component), 'staging');
    await endWriters(folder);
    await removeTree(folder);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  async adopt(recovery: string, component: string, restored: RestoredTree, tree: string): Promise<void> {
    const folder = await this.#component(recovery, component);
    const marker = join(folder, 'data.json');
    await rm(marker, { force: true });
    await removeTree(join(folder, 'data'));
    await rename(tree, join(folder, 'data'));
    await writeFile(`${marker}.new`, JSON.stringify(restored), { flush: true });
    await rename(`${marker}.new`, marker);
    await syncFolders(folder, dirname(folder));
  }

  async adopted(recovery: string, component: string, snapshot: string) {
    const folder = await this.#component(recovery, component);
    const text = await readFile(join(folder, 'data.json'), 'utf8').catch(() => null);
    const marker = text === null ? null : Marker.parse(JSON.parse(text));
    return marker?.snapshot === snapshot ? { ...marker, folder: join(folder, 'data') } : undefined;
  }

  async list(): Promise<string[]> {
    return (await readdir(this.#root).catch(() => [])).map(referenceOf);
  }

  async remove(recovery: string): Promise<void> {
    const folder = join(this.#root, fileName(recovery));
    for (const component of await readdir(folder).catch(() => [])) await endWriters(join(folder, component, 'staging'));
    await removeTree(folder);
    // Nothing stands there before the first recovery.
    if (existsSync(this.#root)) await syncFolders(this.#root);
  }

  async #component(recovery: string, component: string): Promise<string> {
    const folder = join(await this.room(recovery), fileName(component));
    await mkdir(folder, { recursive: true, mode: 0o711 });
    return folder;
  }
}

/** `owner:id` as a file name that can neither climb nor collide. */
const fileName = (reference: string): string =>
  reference.replaceAll(/[^a-z0-9-]/gi, (character) => `_${character.charCodeAt(0).toString(16)}_`);

const referenceOf = (name: string): string =>
  name.replaceAll(/_([0-9a-f]+)_/g, (_escaped, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

async function syncFolders(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const handle = await open(folder, 'r');
    await handle.sync();
    await handle.close();
  }
}
