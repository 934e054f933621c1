import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '../../detect/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

const NAME = /^[a-z0-9][a-z0-9-]*$/;
const OTHERS = 0o077;

/** Secrets as files of one folder, one each, readable by their owner alone. The next issue encrypts them. */
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
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) {
      return refuse('secret-missing', 'No secret has this name.', {
        where: name,
        expected: `a file ${path}`,
        cure: 'Put the secret there, readable by its owner alone.',
      });
    }
    if ((found.mode & OTHERS) !== 0) {
      return refuse('secret-too-open', 'Others than its owner can read this secret.', {
        where: name,
        expected: 'mode 0600',
        cure: `chmod 600 ${path}`,
      });
    }
    return accept((await readFile(path, 'utf8')).trim());
  }
}
