import type { Command } from 'commander';
import { answer, language } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { statusText } from './keysStatus.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  keysOptions(
    verb(program, 'keys remove', 'keys remove 0f3a9c1b2d4e5f60').argument(
      '<id>',
      { fr: 'le protecteur, comme `keys status` le nomme', en: 'the protector, as `keys status` names it' }[language()],
    ),
  ).action(async (id: string, options: KeysOptions, command: Command) =>
    answer(
      command,
      await withDesk(options, ({ keys }) => keys.remove(id)),
      (shown, inLanguage) => `${statusText(shown, inLanguage)}\n${mayBeKnown[inLanguage]}`,
    ),
  );
}

const mayBeKnown = {
  fr: 'Si quelqu’un peut l’avoir copié avec une ancienne copie des données, faites aussi : reflexe keys rotate.',
  en: 'If somebody may have copied it, and an older copy of the data, also: reflexe keys rotate.',
};
