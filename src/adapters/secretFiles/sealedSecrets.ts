import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedSecrets, RotatingSealer } from '../../access/keys/ports.ts';
import { openText, type Sealer } from '../../access/sealer.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { removeFile, replaceFile } from '../keys/durableFile.ts';
import { isSecretName, usableSecretFile } from './secretFiles.ts';

const ending = '.sealed';
const place = (name: string): string => `secret ${name}`;
/** A password, a token, a private key in PEM: whatever is longer is no secret to type or paste. */
export const secretCharactersMax = 65_536;

/**
 * The secrets of a data folder, each sealed in a file of its own (`NAME.sealed`), referred to by name everywhere else. A plain file
 * put there by hand (`NAME`, mode 0600) is sealed at the next start or use, then overwritten and removed.
 */
export class SealedSecrets implements NamedSecrets {
  readonly #folder: string;
  readonly #sealer: Sealer;

  constructor(folder: string, sealer: Sealer) {
    this.#folder = folder;
    this.#sealer = sealer;
  }

  async read(name: string): Promise<Result<string>> {
    const named = nameOk(name);
    if (!named.ok) return named;
    const imported = await this.#seal(name);
    if (!imported.ok) return imported;
    const file = join(this.#folder, `${name}${ending}`);
    if (!existsSync(file)) return missing(name);
    try {
      return accept(openText(this.#sealer, place(name), readFileSync(file)));
    } catch (error) {
      if (error instanceof Refused) return { ok: false, refusal: error.refusal };
      throw error;
    }
  }

  async set(name: string, value: string): Promise<Result<{ name: string; replaced: boolean }>> {
    const named = nameOk(name);
    if (!named.ok) return named;
    if (value === '' || value.length > secretCharactersMax) {
      return refuse('secret-value-refused', 'This value is empty, or too long for a secret.', {
        where: name,
        expected: `1 to ${secretCharactersMax} characters on standard input`,
        kept: 'The secret as it was.',
      });
    }
    const plain = join(this.#folder, name);
    const replaced = existsSync(`${plain}${ending}`) || existsSync(plain);
    this.#write(name, value);
    removeFile(plain);
    return accept({ name, replaced });
  }

  async list(): Promise<Result<{ name: string; changedAt: string }[]>> {
    await this.importPlain();
    const names = namesIn(this.#folder, (file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
    return accept(
      names.map((name) => {
        const { mtime } = statSync(join(this.#folder, `${name}${ending}`));
        return { name, changedAt: mtime.toISOString() };
      }),
    );
  }

  async remove(name: string): Promise<Result<{ name: string }>> {
    const named = nameOk(name);
    if (!named.ok) return named;
    const plain = join(this.#folder, name);
    if (!existsSync(plain) && !existsSync(`${plain}${ending}`)) return missing(name);
    removeFile(plain);
    removeFile(`${plain}${ending}`);
    return accept({ name });
  }

  /** Seals every plain file; those that others can read stay, and are refused when asked for. */
  async importPlain(): Promise<void> {
    for (const name of namesIn(this.#folder, isSecretName)) await this.#seal(name);
  }

  /** The newest wish is the plain file, where there is one: somebody has just put it there. */
  async #seal(name: string): Promise<Result<void>> {
    const plain = join(this.#folder, name);
    if (!existsSync(plain)) return accept(undefined);
    const usable = await usableSecretFile(plain);
    if (!usable.ok) return usable;
    const value = readFileSync(plain, 'utf8').trim();
    // Overwritten with zeros by an import that was cut short: the sealed one is whole.
    if (value.replaceAll('\0', '') !== '' || !existsSync(`${plain}${ending}`)) this.#write(name, value);
    removeFile(plain);
    return accept(undefined);
  }

  #write(name: string, value: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    replaceFile(join(this.#folder, `${name}${ending}`), this.#sealer.seal(place(name), value));
  }
}

export function rewrapSecrets(folder: string, sealer: RotatingSealer): void {
  for (const file of namesIn(folder, (name) => name.endsWith(ending))) {
    const path = join(folder, file);
    const sealed = readFileSync(path);
    const at = place(file.slice(0, -ending.length));
    if (!sealer.isCurrent(sealed)) replaceFile(path, sealer.seal(at, sealer.open(at, sealed)));
  }
}

export const holdsSealedSecrets = (folder: string): boolean =>
  namesIn(folder, (name) => name.endsWith(ending)).length > 0;

function namesIn(folder: string, which: (name: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ name }) => name)
    .filter(which)
    .sort();
}

const nameOk = (name: string): Result<void> =>
  isSecretName(name)
    ? accept(undefined)
    : refuse('secret-name-refused', 'This is no name for a secret.', {
        where: name.slice(0, 80),
        expected: 'lower-case letters, digits and dashes',
        kept: 'Nothing was changed.',
      });

const missing = (name: string) =>
  refuse('secret-missing', 'No secret has this name.', {
    where: name,
    expected: 'a secret set beforehand',
    kept: 'Nothing was tried without it.',
    cure: `Set it, its value on standard input: reflexe secret set ${name}`,
  });
