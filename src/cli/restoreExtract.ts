import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { accept, type Result, refuse } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { type RepositoryOptions, repositoryOf, toldWork, withRepository } from './resticOptions.ts';
import { filesShown } from './shown.ts';
import { verb } from './verb.ts';

interface Options extends RepositoryOptions {
  snapshot: string;
  to: string;
  path?: string;
}

interface Extracted {
  /** False where a file did not come back whole; what was never to come back (a socket) is only listed. */
  ok: boolean;
  files: number;
  bytes: number;
  seconds: number;
  problems: { path: string; reason: string }[];
}

export function register(program: Command): void {
  withRepository(
    verb(
      program,
      'restore extract',
      'restore extract --restic /srv/backups/ehr --password-file password.txt --snapshot 9ac96e75 --to restored',
    ),
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
  const restored = await repositoryOf(options).restoreWhatCan(options.snapshot, to, toldWork(), options.path);
  if (!restored.ok) return restored;
  const { files, bytes, damaged, leftOut } = restored.value;
  const seconds = Math.round((performance.now() - begun) / 10) / 100;
  return accept({ ok: damaged.length === 0, files, bytes, seconds, problems: [...damaged, ...leftOut] });
}

function rendered({ ok, files, bytes, seconds, problems }: Extracted, inLanguage: Language): string {
  const said = {
    fr: `${filesShown(files, bytes, inLanguage)}, ${seconds} s${ok ? '' : ' ; cette sauvegarde est abîmée'}`,
    en: `${filesShown(files, bytes, inLanguage)}, ${seconds} s${ok ? '' : '; this snapshot is damaged'}`,
  }[inLanguage];
  return [said, ...problems.map(({ path, reason }) => `${path}: ${reason}`)].join('\n');
}
