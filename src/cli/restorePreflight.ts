import type { Command } from 'commander';
import { type Preflight, preflight } from '../adapters/cleanRoom/preflight.ts';
import { accept } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  verb(program, 'restore preflight', 'restore preflight')
    .option(
      '--helper <socket>',
      { fr: 'prise du programme privilégié', en: 'socket of the privileged helper' }[language()],
      '/run/reflexe/helper.sock',
    )
    .option('--folder <folder>', { fr: 'dossier des restaurations', en: 'folder of the recoveries' }[language()], '.')
    .action(async (options: { helper: string; folder: string }, command: Command) =>
      answer(command, accept(await preflight(options.helper, options.folder)), rendered),
    );
}

const mark = { ok: '✔', missing: '✘', low: '!' } as const;

function rendered({ ok, findings }: Preflight, inLanguage: Language): string {
  const lines = findings.map(
    ({ what, state, observed, cure }) =>
      `${mark[state]} ${what} : ${observed}${cure === null ? '' : `\n    → ${cure}`}`,
  );
  const verdict = ok
    ? { fr: 'Cette machine peut restaurer dans une salle blanche.', en: 'This machine can restore in a clean room.' }
    : {
        fr: 'Cette machine ne peut pas encore restaurer : voir les ✘.',
        en: 'This machine cannot restore yet: see the ✘.',
      };
  return [...lines, '', verdict[inLanguage]].join('\n');
}
