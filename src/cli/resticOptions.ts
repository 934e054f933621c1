import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FolderSource } from '../adapters/restic/folderSource.ts';
import { passwordOf } from '../adapters/restic/password.ts';
import { unread } from '../adapters/restic/repository/open.ts';
import type { Repository } from '../adapters/restic/repository/repository.ts';
import { isRest } from '../adapters/restic/rest/address.ts';
import type { Result } from '../journal/result.ts';
import type { Work } from '../restore/ports.ts';
import { language, progress } from './answer.ts';

export interface RepositoryOptions {
  restic: string;
  passwordFile: string;
  serverPasswordFile?: string;
  authority?: string;
}

/** The options that name a repository. */
export const withRepository = (command: Command): Command =>
  command
    .requiredOption(
      '--restic <place>',
      { fr: 'dépôt restic : dossier, ou rest:https://…', en: 'restic repository: folder, or rest:https://…' }[
        language()
      ],
    )
    .requiredOption(
      '--password-file <file>',
      { fr: 'fichier du mot de passe', en: 'file that holds the password' }[language()],
    )
    .option(
      '--server-password-file <file>',
      {
        fr: 'fichier du mot de passe de l’utilisateur nommé dans rest:https://…@',
        en: 'file that holds the password of the user named in rest:https://…@',
      }[language()],
    )
    .option(
      '--authority <file>',
      {
        fr: 'autorité (PEM) qui a signé le certificat du serveur',
        en: 'authority (PEM) that signed the certificate of the server',
      }[language()],
    );

/** A repository by where it stands and the files that hold its passwords: those a person names are theirs to protect. */
export function repositoryOf({ restic, passwordFile, serverPasswordFile, authority }: RepositoryOptions): FolderSource {
  const repository = isRest(restic) ? restic : resolve(restic);
  const file = (path: string) => ({ repository, passwordFile: resolve(path), namedByPerson: true as const });
  const server = {
    ...(serverPasswordFile === undefined ? {} : { password: () => passwordOf(file(serverPasswordFile)) }),
    ...(authority === undefined ? {} : { authorityFile: resolve(authority) }),
  };
  return new FolderSource({ ...file(passwordFile), server });
}

/** Opens it and asks; what reading throws is refused. */
export async function inRepository<Value>(
  options: RepositoryOptions,
  ask: (repository: Repository) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const opened = await repositoryOf(options).open();
  if (!opened.ok) return opened;
  try {
    return await ask(opened.value);
  } catch (error) {
    return unread(opened.value.files.place, error);
  }
}

const progressMilliseconds = 1000;

/** Tells on standard error how far it is, once a second. */
export function toldWork(): Work {
  let last = performance.now();
  return {
    signal: new AbortController().signal,
    progress(done, total) {
      if (performance.now() - last < progressMilliseconds || total === 0) return;
      last = performance.now();
      const [part, all] = [megabytes(done), megabytes(total)];
      const percent = Math.floor((done / total) * 100);
      progress({ fr: `${percent} % : ${part} Mo sur ${all} Mo`, en: `${percent}%: ${part} MB of ${all} MB` });
    },
  };
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0);
