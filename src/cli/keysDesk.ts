import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { DataKeys } from '../adapters/keys/dataKeys.ts';
import { keyringFile } from '../adapters/keys/keyringFile.ts';
import { dataPlaces } from '../adapters/keys/rewrap.ts';
import { type RemoteDesk, reachDesk } from '../adapters/keys/socket.ts';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { keyFileBeside } from '../main/dataKeys.ts';
import { language } from './answer.ts';
import { type DataOptions, dataFolderOf, dataOption } from './dataFolder.ts';
import { typedFor } from './keysTyped.ts';

export interface KeysOptions extends DataOptions {
  keyFile?: string;
}

export const keysOptions = (command: Command): Command =>
  dataOption(command).option(
    '--key-file <file>',
    { fr: 'fichier de clé (par défaut : à côté des données)', en: 'key file (default: beside the data)' }[language()],
  );

/**
 * Works on the keys of a data folder: through the hub that runs on it, or on the folder itself, unlocked by what is typed when nothing
 * else opens it. `make`: a folder that has no keys yet gets them, as a first start would.
 */
export async function withDesk<Value>(
  options: KeysOptions,
  work: (desk: RemoteDesk) => Promise<Result<Value>>,
  { make = false, unlock = true } = {},
): Promise<Result<Value>> {
  const dataFolder = dataFolderOf(options);
  const { keys: folder } = dataPlaces(dataFolder);
  const running = await reachDesk(folder);
  if (running !== undefined) return work(running);
  if (!make && !existsSync(keyringFile(folder))) {
    return refuse('keys-not-made', 'This data folder has no keys yet.', {
      where: dataFolder,
      expected: 'the data folder of a hub that was started once',
      kept: 'Nothing was made.',
      cure: 'Name the folder with --data, or start the hub.',
    });
  }
  const opened = await DataKeys.open({
    dataFolder,
    keyFile: options.keyFile ?? keyFileBeside(dataFolder),
    now: Date.now,
  });
  if (!opened.ok) return opened;
  const keys = opened.value;
  try {
    if (keys.isLocked && unlock) {
      const unlocked = await keys.unlock(await typedFor(keys.shown));
      if (!unlocked.ok) return unlocked;
    }
    return await work({ keys, secrets: keys.secrets });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  } finally {
    await keys.close();
  }
}

/** The desk of a hub that runs, for what makes no sense without one. */
export async function runningDesk(options: KeysOptions): Promise<Result<RemoteDesk>> {
  const dataFolder = dataFolderOf(options);
  const running = await reachDesk(dataPlaces(dataFolder).keys);
  if (running !== undefined) return accept(running);
  return refuse('hub-not-running', 'No hub runs on this data folder.', {
    where: dataFolder,
    expected: 'a hub started by this account, waiting for its key',
    kept: 'Nothing was changed.',
    cure: 'Start it first, or name its folder with --data.',
  });
}
