import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { signerIn } from '../adapters/countersign/exchange.ts';
import { openKeyStore } from '../adapters/sqlite/keyStore.ts';
import type { CheckpointSigner, KeyStore } from '../journal/ports.ts';
import { accept, type Result, refuse } from '../journal/result.ts';

/** What a journal's folder signs with, and the keys of its private parts, opened only where they are asked for. */
export interface JournalKeys {
  signer: CheckpointSigner;
  openKeys(): KeyStore & { close(): void };
}

/** Beside the journal, or in the `keys` folder of the hub's data that holds it. */
const keysFolder = (folder: string): string =>
  [folder, join(dirname(folder), 'keys')].find((one) => existsSync(join(one, 'keys.sqlite'))) ?? folder;

export function journalKeys(folder: string): Result<JournalKeys> {
  const signer = signerIn(folder);
  if (signer !== undefined) return accept({ signer, openKeys: () => openKeyStore(keysFolder(folder)) });
  return refuse('seal-key-absent', 'The key that seals this journal is not at hand.', {
    where: folder,
    expected: 'the folder of a hub that has been started',
    kept: 'nothing was signed',
    cure: 'Run this on the machine of the hub, as the user that runs it.',
  });
}
