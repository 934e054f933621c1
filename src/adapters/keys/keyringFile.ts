import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { replaceFile } from './durableFile.ts';

/** Bytes, in base64 in the file. */
const Bytes = z.codec(
  z.base64(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
    encode: (bytes) => Buffer.from(bytes).toString('base64'),
  },
);
const Id = z.string().regex(/^[0-9a-f]{16}$/);

const settings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), file: z.string() }),
  z.object({
    kind: z.literal('passphrase'),
    salt: Bytes,
    /** Argon2id's parameters at the time it was made. */
    memoryKibibytes: z.number().int(),
    passes: z.number().int(),
    lanes: z.number().int(),
  }),
  /** `set` is in every code, so that a share of an older quorum is told from a wrong one. */
  z.object({ kind: z.literal('quorum'), set: z.string(), needed: z.number().int(), of: z.number().int() }),
  z.object({ kind: z.literal('tpm'), publicArea: Bytes, privateArea: Bytes, pcrs: z.string() }),
]);
export type ProtectorSettings = z.infer<typeof settings>;
export type SettingsOf<Kind> = Extract<ProtectorSettings, { kind: Kind }>;

const Wrapped = z.object({ id: Id, wrapped: Bytes });

const Keyring = z.object({
  version: z.literal(1),
  /** Of this data folder: a key file may serve several. */
  folder: Id,
  master: z.object({ id: Id, madeAt: z.iso.datetime() }),
  /** Each holds the master key, sealed under the key that the protector gives back. */
  protectors: z
    .array(z.object({ id: Id, label: z.string(), madeAt: z.iso.datetime(), wrapped: Bytes, settings }))
    .min(1),
  /** Keys of the erasable store's columns, the newest first, and of its indexes: sealed under the master key. */
  columns: z.array(Wrapped).min(1),
  index: Wrapped,
  /** Only while a rotation goes on: the master key before, sealed under the new one. */
  previous: Wrapped.optional(),
});
export type Keyring = z.output<typeof Keyring>;
export type ProtectorRecord = Keyring['protectors'][number];

export const keyringFile = (folder: string): string => join(folder, 'keyring.json');

/** Undefined where there is none yet. */
export function readKeyring(folder: string): Result<Keyring | undefined> {
  const file = keyringFile(folder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return accept(undefined);
    throw error;
  }
  const keyring = parseKeyring(text);
  if (keyring !== undefined) return accept(keyring);
  return refuse('keyring-damaged', 'The file that holds the wrapped master key cannot be read.', {
    where: file,
    expected: 'the keyring this or an older version wrote',
    kept: 'Nothing was changed: what is sealed waits for the right keyring.',
    cure: 'Put back keyring.json from a copy of this data folder.',
  });
}

/** Undefined for what no version wrote. */
export const parseKeyring = (text: string): Keyring | undefined => Keyring.safeParse(parsed(text)).data;

export const keyringText = (keyring: Keyring): string => `${JSON.stringify(Keyring.encode(keyring), null, 2)}\n`;

export const writeKeyring = (folder: string, keyring: Keyring): void =>
  replaceFile(keyringFile(folder), keyringText(keyring));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
