import type { Command } from 'commander';
import { language } from './answer.ts';
import type { Text } from './language.ts';
import { verbs } from './verbs.ts';

/**
 * Declares a verb on the program: `verb(program, 'map check', 'map check examples/group')` makes the group `map` where it
 * is not there yet, gives the command its one-line summary from `verbs.ts`, `--json`, `--lang`, and the example under `--help`.
 * The caller adds arguments, options and `.action(…)`, which ends with `answer(command, result, renderText)`.
 */
export function verb(program: Command, path: string, example: string): Command {
  const entry = verbs.find((candidate) => candidate.path === path);
  if (entry === undefined) throw new Error(`verb "${path}" is not in src/cli/verbs.ts`);
  const words = path.split(' ');
  const name = words.pop() ?? path;
  const command = words.reduce(group, program).command(name).description(entry.summary[language()]);
  common(command);
  return command.addHelpText('after', `\n${title.example[language()]}\n  reflexe ${example}`);
}

/** The command that only gathers others (`journal`, `map`, …), made once. */
export function group(parent: Command, name: string): Command {
  const found = parent.commands.find((command) => command.name() === name);
  return found ?? parent.command(name).description(groups[name]?.[language()] ?? '');
}

/** The options every command line of ours takes. */
export function common(command: Command): void {
  command.option('--json', title.json[language()]).option('--lang <fr|en>', title.lang[language()]);
}

const title = {
  example: { fr: 'Exemple :', en: 'Example:' },
  json: { fr: 'répond par un seul document JSON', en: 'answer with exactly one JSON document' },
  lang: { fr: 'langue des textes (fr ou en)', en: 'language of the texts (fr or en)' },
} satisfies { [name: string]: Text };

const groups: { [name: string]: Text } = {
  journal: { fr: 'le journal : ce qui s’est passé, scellé', en: 'the journal: what happened, sealed' },
  map: { fr: 'la carte : ce dont les soins dépendent', en: 'the map: what care depends on' },
  detect: { fr: 'la détection : ce qui tombe, ce qui va tomber', en: 'detection: what fails, what will' },
  restore: {
    fr: 'la restauration : ce qui revient, dans quel ordre',
    en: 'restoration: what comes back, in which order',
  },
  care: { fr: 'la continuité des soins', en: 'continuity of care' },
  plan: { fr: 'les plans d’action', en: 'action plans' },
};
