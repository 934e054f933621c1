import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { accept, type Result, refuse } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { quietWork, type RepositoryOptions, repositoryOf } from './restoreSnapshots.ts';
import { verb } from './verb.ts';

interface Options extends RepositoryOptions {
  snapshot: string;
  to: string;
  path?: string;
}

interface Extracted {
  files: number;
  bytes: number;
  seconds: number;
  problems: { path: string; reason: string }[];
}

export function register(program: Command): void {
  verb(
    program,
    'restore extract',
    'restore extract --restic /srv/backups/ehr --password-file password.txt --snapshot 9ac96e75 --to restored',
  )
    .requiredOption('--restic <folder>', { fr: 'dépôt restic', en: 'restic repository' }[language()])
    .requiredOption(
      '--password-file <file>',
      { fr: 'fichier du mot de passe', en: 'file that holds the password' }[language()],
    )
    .requiredOption('--snapshot <id>', { fr: 'sauvegarde à extraire', en: 'snapshot to extract' }[language()])
    .requiredOption('--to <folder>', { fr: 'dossier vide où écrire', en: 'empty folder to write into' }[language()])
    .option(
      '--path <path>',
      { fr: 'seulement ce chemin de la sauvegarde', en: 'only this path of the snapshot' }[language()],
    )
    .action(async (options: Options, command: Command) => answer(command, await extract(options), rendered));
}

async function extract(options: Options): Promise<Result<Extracted>> {
  const to = resolve(options.to);
  await mkdir(to, { recursive: true });
  if ((await readdir(to)).length > 0) {
    return refuse('folder-not-empty', 'What is restored goes into an empty folder, so that nothing is overwritten.', {
      where: to,
      expected: 'an empty folder, or one that does not exist yet',
      kept: 'Nothing was written.',
      cure: 'Name another folder.',
    });
  }
  const begun = performance.now();
  const restored = await repositoryOf(options).restore(options.snapshot, to, quietWork, options.path);
  if (!restored.ok) return restored;
  const { problems } = restored.value;
  const seconds = Math.round((performance.now() - begun) / 10) / 100;
  const written = options.path === undefined ? restored.value : await writtenIn(to);
  return accept({ files: written.files, bytes: written.bytes, seconds, problems });
}

/** What one path of a snapshot came to. */
async function writtenIn(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function rendered({ files, bytes, seconds, problems }: Extracted, inLanguage: Language): string {
  const said = {
    fr: `${files} fichiers, ${bytes} octets, ${seconds} s`,
    en: `${files} files, ${bytes} bytes, ${seconds} s`,
  }[inLanguage];
  return [said, ...problems.map(({ path, reason }) => `${path}: ${reason}`)].join('\n');
}
