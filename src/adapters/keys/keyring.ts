import { randomBytes } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type { NewProtector } from '../../access/keys/ports.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import type { Keyring, ProtectorRecord } from './keyringFile.ts';
import { type NamedKey, newKey, sealerUnder } from './masterSealer.ts';
import { makeProtector, type ProtectorsAt } from './protectors/protectors.ts';

export interface DataKeysOptions {
  dataFolder: string;
  /** Where the key file is made at first start: outside the data folder. */
  keyFile: string;
  /** Another TPM than the machine's own, as tpm2-tools name it. */
  tcti?: string | undefined;
  now(): number;
}

/** The master key, in this process's memory only. */
export interface Opened {
  keys: readonly NamedKey[];
  columns: readonly NamedKey[];
  index: Uint8Array;
}

const protectorPlace = (folder: string, id: string, master: string): string => `master key ${folder} ${id} ${master}`;
const columnsPlace = (id: string): string => `columns key ${id}`;
const indexPlace = 'index key';
const previousPlace = 'previous master key';

/** What the keyring holds, opened with its master key. Throws Refused `sealed-altered`. */
export function openedBy(master: NamedKey, { columns, index, previous }: Keyring): Opened {
  const sealer = sealerUnder(() => [master]);
  const before = previous === undefined ? [] : [{ id: previous.id, key: sealer.open(previousPlace, previous.wrapped) }];
  return {
    keys: [master, ...before],
    columns: columns.map(({ id, wrapped }) => ({ id, key: sealer.open(columnsPlace(id), wrapped) })),
    index: sealer.open(indexPlace, index.wrapped),
  };
}

/** Undefined where the key does not open this protector. */
export function masterBy(keyring: Keyring, record: ProtectorRecord, key: Uint8Array): NamedKey | undefined {
  const { folder, master } = keyring;
  try {
    const sealer = sealerUnder(() => [{ id: record.id, key }]);
    return { id: master.id, key: sealer.open(protectorPlace(folder, record.id, master.id), record.wrapped) };
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  } finally {
    key.fill(0);
  }
}

/** The master key before, for as long as something may still be wrapped under it. */
export const wrappedPrevious = (fresh: NamedKey, old: NamedKey): NonNullable<Keyring['previous']> => ({
  id: old.id,
  wrapped: sealerUnder(() => [fresh]).seal(previousPlace, old.key),
});

export async function firstKeyring(options: DataKeysOptions): Promise<Result<{ keyring: Keyring; master: NamedKey }>> {
  const file = keyFileOutside(options.dataFolder, options.keyFile);
  if (!file.ok) return file;
  const folder = randomBytes(8).toString('hex');
  const master = newKey();
  const wanted: NewProtector = { kind: 'file', label: '', file: file.value };
  const made = await protectorFor(wanted, master, { folder, tcti: options.tcti }, options.now());
  if (!made.ok) return made;
  const madeAt = new Date(options.now()).toISOString();
  const keys = wrappedKeys(master, [newKey()], newKey().key);
  return accept({
    keyring: { version: 1, folder, master: { id: master.id, madeAt }, protectors: [made.value.record], ...keys },
    master,
  });
}

export function wrappedKeys(
  master: NamedKey,
  columns: readonly NamedKey[],
  index: Uint8Array,
): Pick<Keyring, 'columns' | 'index'> {
  const sealer = sealerUnder(() => [master]);
  return {
    columns: columns.map(({ id, key }) => ({ id, wrapped: sealer.seal(columnsPlace(id), key) })),
    index: { id: master.id, wrapped: sealer.seal(indexPlace, index) },
  };
}

/** A key file in the folder it opens would go wherever the folder is copied. */
export function keyFileOutside(dataFolder: string, file: string): Result<string> {
  const path = resolve(file);
  if (relative(resolve(dataFolder), path).startsWith('..')) return accept(path);
  return refuse('key-file-inside', 'A key file does not lie in the folder it opens: whoever copies one copies both.', {
    where: path,
    expected: 'a place outside the data folder',
    kept: 'Nothing was changed.',
    cure: 'Name another with --key-file.',
  });
}

export async function protectorFor(
  wanted: NewProtector,
  master: NamedKey,
  at: ProtectorsAt,
  now: number,
): Promise<Result<{ record: ProtectorRecord; shares: string[] }>> {
  const id = randomBytes(8).toString('hex');
  const made = await makeProtector(wanted, id, at);
  if (!made.ok) return made;
  const { settings, key, shares } = made.value;
  const wrapped = sealerUnder(() => [{ id, key }]).seal(protectorPlace(at.folder, id, master.id), master.key);
  key.fill(0);
  return accept({
    record: { id, label: wanted.label, madeAt: new Date(now).toISOString(), wrapped, settings },
    shares,
  });
}

/** The same protector, for the next master key. */
export function again({ id, label, settings }: ProtectorRecord, passphrases: { [id: string]: string }): NewProtector {
  switch (settings.kind) {
    case 'file':
      return { kind: 'file', label, file: settings.file };
    case 'passphrase':
      return { kind: 'passphrase', label, passphrase: passphrases[id] ?? '' };
    case 'quorum':
      return { kind: 'quorum', label };
    case 'tpm':
      return { kind: 'tpm', label, pcrs: settings.pcrs };
  }
}
