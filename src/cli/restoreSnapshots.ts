import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ResticSource } from '../adapters/restic/source.ts';
import { accept, type Result } from '../journal/result.ts';
import type { BackupSnapshot } from '../restore/ports.ts';
import { answer, language, progress } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

export interface RepositoryOptions {
  restic: string;
  passwordFile: string;
}

/** A repository by its folder and the file that holds its password. */
export const repositoryOf = ({ restic, passwordFile }: RepositoryOptions): ResticSource =>
  new ResticSource({ repository: resolve(restic), passwordFile: resolve(passwordFile), namedByPerson: true });

export const quietWork = { signal: new AbortController().signal, progress: () => undefined };

export function register(program: Command): void {
  verb(program, 'restore snapshots', 'restore snapshots --restic /srv/backups/ehr --password-file password.txt')
    .requiredOption('--restic <folder>', { fr: 'dépôt restic', en: 'restic repository' }[language()])
    .requiredOption(
      '--password-file <file>',
      { fr: 'fichier du mot de passe', en: 'file that holds the password' }[language()],
    )
    .action(async (options: RepositoryOptions, command: Command) =>
      answer(command, await snapshots(options), rendered),
    );
}

async function snapshots(options: RepositoryOptions): Promise<Result<{ snapshots: BackupSnapshot[] }>> {
  const source = repositoryOf(options);
  const listed = await source.snapshots(quietWork);
  if (!listed.ok) return listed;
  const sized: BackupSnapshot[] = [];
  for (const [index, snapshot] of listed.value.entries()) {
    progress({
      fr: `nuit ${index + 1} sur ${listed.value.length}`,
      en: `night ${index + 1} of ${listed.value.length}`,
    });
    const stated = await source.stated(snapshot.id, quietWork);
    sized.push(stated.ok ? { ...snapshot, bytes: stated.value.bytes, files: stated.value.files } : snapshot);
  }
  return accept({ snapshots: sized });
}

function rendered({ snapshots: nights }: { snapshots: BackupSnapshot[] }, inLanguage: Language): string {
  if (nights.length === 0)
    return { fr: 'Aucune sauvegarde dans ce dépôt.', en: 'No snapshot in this repository.' }[inLanguage];
  const unknown = { fr: 'taille inconnue', en: 'size unknown' }[inLanguage];
  return nights
    .map(
      ({ id, time, host, files, bytes }) =>
        `${id.slice(0, 8)}  ${time.slice(0, 16).replace('T', ' ')}  ${host}  ${files === null || bytes === null ? unknown : `${files} · ${bytes} o`}`,
    )
    .join('\n');
}
