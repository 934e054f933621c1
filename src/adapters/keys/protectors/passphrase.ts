import { randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { SettingsOf } from '../keyringFile.ts';

/**
 * Argon2id, RFC 9106 section 4, second recommended option (64 MiB, 3 passes, 4 lanes), above OWASP's least (19 MiB, 2 passes):
 * done once at a start, by one person.
 */
const parameters = { memoryKibibytes: 65_536, passes: 3, lanes: 4 } as const;
/** Whoever holds a copy of the folder may try at leisure: length is what counts (NIST SP 800-63B). */
export const passphraseCharactersMin = 12;
const passphraseCharactersMax = 1_000;

type Settings = SettingsOf<'passphrase'>;

export async function newPassphrase(typed: string): Promise<Result<{ settings: Settings; key: Uint8Array }>> {
  const text = normal(typed);
  if (text.length < passphraseCharactersMin || text.length > passphraseCharactersMax) {
    return refuse('passphrase-too-short', 'This passphrase is too short, or absurdly long.', {
      expected: `${passphraseCharactersMin} characters at least: five or six words that do not belong together`,
      kept: 'Nothing was changed.',
      cure: 'Choose another, and write it where the hospital keeps its sealed envelopes.',
    });
  }
  const settings: Settings = { kind: 'passphrase', salt: new Uint8Array(randomBytes(16)), ...parameters };
  return accept({ settings, key: await keyOf(settings, typed) });
}

export async function keyOf({ salt, memoryKibibytes, passes, lanes }: Settings, typed: string): Promise<Uint8Array> {
  const options = { memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes, outputLen: 32, salt };
  // The library's algorithm is Argon2id unless told otherwise.
  return new Uint8Array(await hashRaw(normal(typed), options));
}

/** The same passphrase typed on another keyboard is the same; a trailing line break is not part of it. */
const normal = (typed: string): string => typed.normalize('NFKC').trim();
