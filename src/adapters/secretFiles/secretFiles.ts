import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Secrets } from '../../detect/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

const NAME = /^[a-z0-9][a-z0-9-]*$/;
const OTHERS = 0o077;

export const isSecretName = (name: string): boolean => NAME.test(name);

/**
 * Secrets as plain files of a folder that a person keeps: beside a check that is tried, or where systemd puts credentials. A hub's
 * own are sealed (`SealedSecrets`).
 */
export class SecretFiles implements Secrets {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the file of a secret is, for tools that read it themselves. */
  path(name: string): string {
    if (!NAME.test(name)) throw new Error(`${name} is not a name of a secret: lower case, digits and dashes`);
    return join(this.#folder, name);
  }

  async read(name: string): Promise<Result<string>> {
    const path = this.path(name);
    const usable = await usableSecretFile(path);
    return usable.ok ? accept((await readFile(path, 'utf8')).trim()) : usable;
  }
}

/** Whether a secret's file is there and closed to others: also asked before a tool is told to read it itself. */
export async function usableSecretFile(path: string): Promise<Result<void>> {
  const where = basename(path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    return refuse('secret-missing', 'No secret has this name.', {
      where,
      expected: `a file ${path}`,
      kept: 'Nothing was tried without it.',
      cure: 'Put the secret there, readable by its owner alone.',
    });
  }
  if ((found.mode & OTHERS) !== 0) {
    return refuse('secret-too-open', 'Others than its owner can read this secret.', {
      where,
      expected: 'mode 0600',
      kept: 'It was not used.',
      cure: `chmod 600 ${path}`,
    });
  }
  return accept(undefined);
}
