import { readFile } from 'node:fs/promises';
import { accept, type Refusing, type Result, refuse } from '../../../journal/result.ts';

/** A server that speaks restic's REST protocol, as plain data: it crosses threads. */
export interface RestServer {
  /** Ends with `/`, holds no user. */
  url: string;
  user: string;
  password: string;
  /** PEM of the authority that signed the server's certificate; undefined for those the system trusts. */
  authority?: string;
}

/** What a server asks for beside the address. A password never stands in the address: it would be read in arguments and files. */
export interface RestAccess {
  password?(): Promise<Result<string>>;
  authorityFile?: string;
}

export const isRest = (repository: string): boolean => repository.startsWith('rest:');

/** `rest:https://user@host:8000/path`. Fails with `backup-address-unusable`, or as the password's secret does. */
export async function restServer(
  repository: string,
  { password, authorityFile }: RestAccess = {},
): Promise<Result<RestServer>> {
  const address = repository.slice('rest:'.length);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    return unusable(shownAddress(repository), 'rest:http://host:port/path or rest:https://host:port/path');
  if (url.password !== '')
    return unusable(
      shownAddress(repository),
      'an address with at most the name of a user (rest:https://user@host/)',
      'Name the secret of that user beside the address.',
    );
  const secret = password === undefined ? accept('') : await password();
  if (!secret.ok) return secret;
  const authority = authorityFile === undefined ? undefined : await readFile(authorityFile, 'utf8').catch(() => null);
  if (authority === null)
    return unusable(authorityFile ?? '', 'a file of certificates (PEM) that can be read', 'Check its path.');
  const user = decodeURIComponent(url.username);
  url.username = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return accept({
    url: url.href,
    user,
    password: secret.value.trim(),
    ...(authority === undefined ? {} : { authority }),
  });
}

/** An address without the password somebody may have put there. */
const shownAddress = (repository: string): string => repository.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1:…@');

const unusable = (where: string, expected: string, cure = 'Correct the address.'): Refusing =>
  refuse('backup-address-unusable', 'The address of this repository cannot be used.', {
    where,
    expected,
    kept: 'Nothing was asked of it.',
    cure,
  });
