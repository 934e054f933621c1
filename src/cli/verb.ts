import type { Command } from 'commander';
import { language } from './answer.ts';
import type { Text } from './language.ts';
import { groups, summaries, type VerbPath } from './summaries.ts';

/**
 * Declares a verb on the program: `verb(program, 'map check', 'map check examples/group')` makes the group `map` where it
 * is not there yet, gives the command its one-line summary from `summaries.ts`, `--json`, `--lang`, and the example under `--help`.
 * The caller adds arguments, options and `.action(…)`, which ends with `answer(command, result, renderText)`.
 */
export function verb(program: Command, path: VerbPath, example: string): Command {
  const words: string[] = path.split(' ');
  const name = words.pop() ?? path;
  const command = words.reduce(group, program).command(name).description(summaries[path][language()]);
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
