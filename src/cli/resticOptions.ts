import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FolderSource } from '../adapters/restic/folderSource.ts';
import type { Work } from '../restore/ports.ts';
import { language, progress } from './answer.ts';

export interface RepositoryOptions {
  restic: string;
  passwordFile: string;
}

/** The options that name a repository. */
export const withRepository = (command: Command): Command =>
  command
    .requiredOption('--restic <folder>', { fr: 'dépôt restic', en: 'restic repository' }[language()])
    .requiredOption(
      '--password-file <file>',
      { fr: 'fichier du mot de passe', en: 'file that holds the password' }[language()],
    );

/** A repository by its folder and the file that holds its password. */
export const repositoryOf = ({ restic, passwordFile }: RepositoryOptions): FolderSource =>
  new FolderSource({ repository: resolve(restic), passwordFile: resolve(passwordFile), namedByPerson: true });

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
