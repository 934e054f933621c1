import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { syncFolder } from '../adapters/sqlite/snapshotFile.ts';
import type { HospitalMap } from '../map/model.ts';

/**
 * A hospital of its own takes the place of the example in a data folder. One rename decides: before it the example is there,
 * whole; after it the hospital is, though what was the example's may still have to be put away, which the next start finishes.
 *
 *     data/configuration/            the hospital's own; once it is there, the example is over
 *     data/configuration/put-away    the example's journal, keys and recoveries are not all put away yet
 *     data/example/                  where they are put
 */
const ownFolder = (dataFolder: string) => join(dataFolder, 'configuration');
const putAwayMark = (dataFolder: string) => join(ownFolder(dataFolder), 'put-away');
/** What an establishment keeps in a data folder; people, rights and the keyring are the hub's, and stay. */
const keyStore = ['keys.sqlite', 'keys.sqlite-wal', 'keys.sqlite-shm'].map((file) => join('keys', file));
const ofAnEstablishment = ['journal', 'recoveries', 'verdicts', 'nights', ...keyStore];
/** How the hub itself is reached and signed in to: not the example's, and so kept. */
const ofTheHub = ['transport.yaml', 'sign-in.yaml'];
/** Action cards a hospital starts from and makes its own; they name nothing of the example. */
const toStartFrom = ['plans.yaml'];

export interface Folders {
  dataFolder: string;
  /** As the hub was started. */
  configuration: string;
  examplesFolder: string;
}

/** Whether the configuration is one of those that come with the product. */
export const isExample = ({ configuration, examplesFolder }: Folders): boolean =>
  dirname(resolve(configuration)) === resolve(examplesFolder);

/** The configuration in force: the hospital's own in place of an example, once there is one. A folder named otherwise is obeyed. */
export const configurationOf = (folders: Folders): string =>
  isExample(folders) && existsSync(ownFolder(folders.dataFolder))
    ? ownFolder(folders.dataFolder)
    : folders.configuration;

/** Everything the hospital begins with, durable, beside what is in force. An attempt that was cut short is begun again. */
export async function writeOwn({ dataFolder, configuration }: Folders, map: HospitalMap): Promise<void> {
  const folder = partial(dataFolder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'map.yaml'), stringify(map));
  await writeFile(join(folder, 'put-away'), '');
  for (const name of [...ofTheHub, ...toStartFrom]) {
    const from = join(configuration, name);
    if (existsSync(from)) await copyFile(from, join(folder, name));
  }
  for (const name of await readdir(folder)) await syncFile(join(folder, name));
  await syncFolder(folder);
}

/** From here on the hospital is the establishment of this data folder. The example's must be closed. */
export async function chooseOwn(dataFolder: string): Promise<void> {
  await rename(partial(dataFolder), ownFolder(dataFolder));
  await syncFolder(dataFolder);
}

/** Puts away what was the example's, as far as that is not done; to be called before the establishment is opened. */
export async function putExampleAway(dataFolder: string): Promise<void> {
  const mark = putAwayMark(dataFolder);
  if (!existsSync(mark)) return;
  const example = join(dataFolder, 'example');
  await mkdir(join(example, 'keys'), { recursive: true, mode: 0o700 });
  for (const name of ofAnEstablishment) {
    const [from, to] = [join(dataFolder, name), join(example, name)];
    // Nothing of the hospital's is there before the mark is gone.
    if (existsSync(from)) await rename(from, to);
  }
  for (const folder of [join(example, 'keys'), example, join(dataFolder, 'keys'), dataFolder])
    if (existsSync(folder)) await syncFolder(folder);
  await rm(mark);
  await syncFolder(ownFolder(dataFolder));
}

const partial = (dataFolder: string) => `${ownFolder(dataFolder)}.new`;

async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.sync();
}
