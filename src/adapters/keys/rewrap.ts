import { join } from 'node:path';
import type { RotatingSealer } from '../../access/keys/ports.ts';
import { holdsSealedSecrets, rewrapSecrets } from '../secretFiles/sealedSecrets.ts';
import { holdsWrappedKeys, rewrapKeyStore } from '../sqlite/keyStore.ts';
import { hasSealedSealKey, rewrapSealKey } from './sealKeyFile.ts';

/** Where a data folder keeps what is sealed. */
export const dataPlaces = (dataFolder: string) => ({
  keys: join(dataFolder, 'keys'),
  journal: join(dataFolder, 'journal'),
  secrets: join(dataFolder, 'secrets'),
  access: join(dataFolder, 'access.sqlite'),
});

/**
 * Everything of a data folder that is wrapped under the master key itself, wrapped again under the newest. Each file is replaced
 * whole, so this may be cut short at any point and begun again; what is done already is passed over.
 */
export function rewrapAll(dataFolder: string, sealer: RotatingSealer): void {
  const { keys, journal, secrets } = dataPlaces(dataFolder);
  rewrapKeyStore(keys, sealer);
  rewrapSealKey(journal, sealer);
  rewrapSecrets(secrets, sealer);
}

/** Whether this folder cannot be read without its keyring: a new master key would lose it. */
export function holdsSealed(dataFolder: string): boolean {
  const { keys, journal, secrets } = dataPlaces(dataFolder);
  return holdsWrappedKeys(keys) || hasSealedSealKey(journal) || holdsSealedSecrets(secrets);
}
