import type { NewProtector, ProtectorKind, ProtectorShown, Typed } from '../../../access/keys/ports.ts';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { ProtectorRecord, ProtectorSettings } from '../keyringFile.ts';
import { addToKeyFile, readKeyFile } from './keyFile.ts';
import { keyOf, newPassphrase } from './passphrase.ts';
import { newQuorum, quorumKey, sharesOf } from './quorum.ts';
import { newTpmKey, type TpmOptions, tpmKey } from './tpm.ts';

export interface ProtectorsAt extends TpmOptions {
  /** The data folder's own id, for its lines in a key file. */
  folder: string;
}

export interface Made {
  settings: ProtectorSettings;
  key: Uint8Array;
  shares: string[];
}

/** Makes what a new protector needs, and the key it gives back from now on. */
export async function makeProtector(wanted: NewProtector, id: string, at: ProtectorsAt): Promise<Result<Made>> {
  switch (wanted.kind) {
    case 'file': {
      const file = wanted.file ?? '';
      const key = addToKeyFile(file, at.folder, id);
      return key.ok ? accept({ settings: { kind: 'file', file }, key: key.value, shares: [] }) : key;
    }
    case 'passphrase': {
      const made = await newPassphrase(wanted.passphrase ?? '');
      return made.ok ? accept({ ...made.value, shares: [] }) : made;
    }
    case 'quorum': {
      const { codes, ...made } = await newQuorum();
      return accept({ ...made, shares: codes });
    }
    case 'tpm': {
      const made = await newTpmKey(wanted.pcrs ?? '', at);
      return made.ok ? accept({ ...made.value, shares: [] }) : made;
    }
  }
}

/** The key of a protector that needs nobody; undefined for one that waits for people. */
export async function keyByItself(
  { id, settings }: ProtectorRecord,
  at: ProtectorsAt,
): Promise<Result<Uint8Array> | undefined> {
  switch (settings.kind) {
    case 'file':
      return readKeyFile(settings.file, at.folder, id);
    case 'tpm':
      return tpmKey(settings, at);
    case 'passphrase':
    case 'quorum':
      return undefined;
  }
}

export const waitsForPeople = ({ settings }: ProtectorRecord): boolean =>
  settings.kind === 'passphrase' || settings.kind === 'quorum';

/** The keys what was typed may give: one for each protector of its kind. */
export async function keysTyped(
  records: readonly ProtectorRecord[],
  typed: Typed,
): Promise<Result<{ record: ProtectorRecord; key: Uint8Array }[]>> {
  const keys: { record: ProtectorRecord; key: Uint8Array }[] = [];
  if ('passphrase' in typed) {
    for (const record of records) {
      if (record.settings.kind === 'passphrase')
        keys.push({ record, key: await keyOf(record.settings, typed.passphrase) });
    }
    return keys.length > 0 ? accept(keys) : noneOfKind('passphrase');
  }
  const shares = sharesOf(typed.shares);
  if (!shares.ok) return shares;
  let refused: Result<Uint8Array> | undefined;
  for (const record of records) {
    if (record.settings.kind !== 'quorum') continue;
    const key = await quorumKey(record.settings, shares.value);
    if (key.ok) keys.push({ record, key: key.value });
    else refused = key;
  }
  if (keys.length > 0) return accept(keys);
  return refused === undefined || refused.ok ? noneOfKind('quorum') : refused;
}

const noneOfKind = (kind: ProtectorKind) =>
  refuse('protector-not-there', 'This data folder has no protector of this kind.', {
    where: kind,
    kept: 'Nothing was opened.',
    cure: 'Look at its protectors: reflexe keys status.',
  });

export const shown = ({ id, label, madeAt, settings }: ProtectorRecord): ProtectorShown => ({
  id,
  kind: settings.kind,
  label,
  madeAt,
  detail: detailOf(settings),
});

function detailOf(settings: ProtectorSettings): string {
  switch (settings.kind) {
    case 'file':
      return settings.file;
    case 'passphrase':
      return `Argon2id ${settings.memoryKibibytes / 1024} MiB`;
    case 'quorum':
      return `${settings.needed}/${settings.of}, ${settings.set}`;
    case 'tpm':
      return settings.pcrs;
  }
}
