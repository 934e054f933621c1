import type { Command } from 'commander';
import { answer, language } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { typedValue } from './typed.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  keysOptions(
    verb(program, 'secret set', 'secret set backup-ehr < password.txt').argument(
      '<name>',
      { fr: 'le nom ; la valeur vient de l’entrée standard', en: 'the name; the value comes from standard input' }[
        language()
      ],
    ),
  ).action(async (name: string, options: KeysOptions, command: Command) => {
    const set = await withDesk(options, async ({ secrets }) => secrets.set(name, await typedValue(prompt)), {
      make: true,
    });
    answer(command, set, ({ replaced }, inLanguage) => done[inLanguage](replaced));
  });
}

const prompt = { fr: 'Valeur :', en: 'Value:' };
const done = {
  fr: (replaced: boolean) => (replaced ? 'Secret remplacé.' : 'Secret gardé, scellé.'),
  en: (replaced: boolean) => (replaced ? 'Secret replaced.' : 'Secret kept, sealed.'),
};
