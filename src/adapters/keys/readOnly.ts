import type { KeysShown, Typed } from '../../access/keys/ports.ts';
import type { Sealer } from '../../access/sealer.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { masterBy, openedBy } from './keyring.ts';
import { readKeyring } from './keyringFile.ts';
import { type NamedKey, sealerUnder } from './masterSealer.ts';
import { keyByItself, keysTyped, shown } from './protectors/protectors.ts';

/**
 * The master key of a data folder for a moment of reading, also beside the hub that has it: nothing is written, nothing is locked.
 * `typed` is asked where no protector opens by itself. Undefined where the folder has no keys of ours.
 */
export async function readMaster(
  keysFolder: string,
  typed: (shown: KeysShown) => Promise<Typed>,
): Promise<Result<Sealer | undefined>> {
  const read = readKeyring(keysFolder);
  if (!read.ok) return read;
  const keyring = read.value;
  if (keyring === undefined) return accept(undefined);
  const sealer = (master: NamedKey): Sealer => {
    const { keys } = openedBy(master, keyring);
    return sealerUnder(() => keys);
  };
  for (const record of keyring.protectors) {
    const key = await keyByItself(record, { folder: keyring.folder, tcti: undefined });
    const master = key?.ok === true ? masterBy(keyring, record, key.value) : undefined;
    if (master !== undefined) return accept(sealer(master));
  }
  const { master, protectors, previous } = keyring;
  const given = await keysTyped(
    protectors,
    await typed({ state: 'locked', master, protectors: protectors.map(shown), rotating: previous !== undefined }),
  );
  if (!given.ok) return given;
  for (const { record, key } of given.value) {
    const found = masterBy(keyring, record, key);
    if (found !== undefined) return accept(sealer(found));
  }
  return refuse('unlock-wrong', 'This does not open the data folder.', {
    where: keysFolder,
    kept: 'Everything stays as it was.',
    cure: 'Type it again; mind the keyboard layout and the capitals.',
  });
}
