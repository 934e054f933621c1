import { resolve } from 'node:path';
import { announcedKeys, announcedSecrets, type KeyNotice } from '../access/keys/notices.ts';
import type { KeysDesk } from '../access/keys/ports.ts';
import { DataKeys } from '../adapters/keys/dataKeys.ts';
import { dataPlaces } from '../adapters/keys/rewrap.ts';
import { serveDesk } from '../adapters/keys/socket.ts';
import { accept, type Result } from '../journal/result.ts';

export interface OpenedKeys extends Pick<DataKeys, 'master' | 'columns' | 'secrets'> {
  /** Hears what is done to the keys, also what was done before anyone could listen. */
  onAct(listener: (notice: KeyNotice) => void): void;
  close(): Promise<void>;
}

export interface DataKeysParts {
  dataFolder: string;
  keyFile: string;
  now(): number;
  onLocked?: (keys: KeysDesk, unlocked: Promise<void>) => void;
  /** The first start made this key file: from now on nothing opens the data without it. */
  onKeyFile?: (file: string) => void;
  onTrouble(what: string, error: unknown): void;
}

/** Beside the data folder, never in it: a copy of the folder alone opens nothing. */
export const keyFileBeside = (dataFolder: string): string => `${resolve(dataFolder)}.key`;

/** The keys of a hub's data folder, once they are here: made, opened by themselves, or brought by people for whom it waits. */
export async function openDataKeys({
  onLocked,
  onKeyFile,
  onTrouble,
  ...options
}: DataKeysParts): Promise<Result<OpenedKeys>> {
  const opened = await DataKeys.open(options);
  if (!opened.ok) return opened;
  const keys = opened.value;
  await using owned = new AsyncDisposableStack();
  owned.defer(() => keys.close());
  if (keys.coreDumpsPossible.length > 0)
    onTrouble('core dumps are possible: keys in memory could reach the disk', keys.coreDumpsPossible.join(', '));
  const untold: KeyNotice[] = [];
  let announce = (notice: KeyNotice): void => void untold.push(notice);
  const told = (notice: KeyNotice): void => announce(notice);
  const folder = dataPlaces(options.dataFolder).keys;
  const server = await serveDesk(folder, announcedKeys(keys, told), announcedSecrets(keys.secrets, told));
  owned.defer(() => server.close());
  if (keys.isNew) onKeyFile?.(resolve(options.keyFile));
  if (keys.isLocked) onLocked?.(announcedKeys(keys, told), keys.unlocked);
  await keys.unlocked;
  await keys.secrets.importPlain();
  const all = owned.move();
  return accept({
    master: keys.master,
    columns: keys.columns,
    secrets: keys.secrets,
    onAct(listener) {
      announce = listener;
      for (const notice of untold.splice(0)) listener(notice);
    },
    close: () => all.disposeAsync(),
  });
}
