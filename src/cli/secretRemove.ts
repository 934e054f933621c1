import type { Command } from 'commander';
import { answer, language } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  keysOptions(
    verb(program, 'secret remove', 'secret remove backup-ehr').argument(
      '<name>',
      { fr: 'le nom', en: 'the name' }[language()],
    ),
  ).action(async (name: string, options: KeysOptions, command: Command) => {
    const removed = await withDesk(options, ({ secrets }) => secrets.remove(name));
    answer(command, removed, (_, inLanguage) => ({ fr: 'Secret effacé.', en: 'Secret erased.' })[inLanguage]);
  });
}
