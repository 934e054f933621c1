import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyringFile } from '../adapters/keys/keyringFile.ts';
import { readMaster } from '../adapters/keys/readOnly.ts';
import { readSigner } from '../adapters/keys/sealKeyFile.ts';
import { openKeyStore } from '../adapters/sqlite/keyStore.ts';
import type { CheckpointSigner, KeyStore } from '../journal/ports.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { typedFor } from './keysTyped.ts';

/** What a journal's folder signs with, and the keys of its private parts, opened only where they are asked for. */
export interface JournalKeys {
  signer: CheckpointSigner;
  openKeys(): KeyStore & { close(): void };
}

/** Beside the journal, or in the `keys` folder of the hub's data that holds it. */
const keysFolder = (folder: string): string =>
  [folder, join(dirname(folder), 'keys')].find(
    (one) => existsSync(keyringFile(one)) || existsSync(join(one, 'keys.sqlite')),
  ) ?? folder;

/** The signer is undefined where this folder has none: a journal copied without what opens it. */
async function opened(
  folder: string,
): Promise<Result<{ signer: CheckpointSigner | undefined; openKeys: JournalKeys['openKeys'] }>> {
  const keys = keysFolder(folder);
  const master = await readMaster(keys, typedFor);
  if (!master.ok) return master;
  return accept({ signer: readSigner(folder, master.value), openKeys: () => openKeyStore(keys, master.value) });
}

export async function journalSigner(folder: string): Promise<CheckpointSigner | undefined> {
  const keys = await opened(folder);
  return keys.ok ? keys.value.signer : undefined;
}

export async function journalKeys(folder: string): Promise<Result<JournalKeys>> {
  const keys = await opened(folder);
  if (!keys.ok) return keys;
  const { signer, openKeys } = keys.value;
  if (signer !== undefined) return accept({ signer, openKeys });
  return refuse('seal-key-absent', 'The key that seals this journal is not at hand.', {
    where: folder,
    expected: 'the folder of a hub that has been started, with its keys',
    kept: 'nothing was signed',
    cure: 'Run this on the machine of the hub, as the user that runs it.',
  });
}
