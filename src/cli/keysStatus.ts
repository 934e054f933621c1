import type { Command } from 'commander';
import type { KeysShown } from '../access/keys/ports.ts';
import { answer } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { kindText } from './keysTyped.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  keysOptions(verb(program, 'keys status', 'keys status --data data')).action(
    async (options: KeysOptions, command: Command) =>
      answer(command, await withDesk(options, ({ keys }) => keys.status(), { unlock: false }), statusText),
  );
}

const words = {
  open: { fr: 'Clés ouvertes.', en: 'Keys open.' },
  locked: { fr: 'Clés verrouillées.', en: 'Keys locked.' },
  master: { fr: 'Clé maîtresse', en: 'Master key' },
  since: { fr: 'depuis le', en: 'since' },
  protectors: { fr: 'Chacun suffit à l’ouvrir :', en: 'Each alone opens it:' },
  rotating: {
    fr: 'Une rotation a été interrompue ; elle se termine à la prochaine ouverture.',
    en: 'A rotation was cut short; it is finished at the next opening.',
  },
  fileOnly: {
    fr: 'Seul un fichier de clé ouvre ces données : ajoutez une phrase secrète ou des parts, gardées hors de la machine.',
    en: 'Only a key file opens this data: add a passphrase or shares, kept away from the machine.',
  },
};

export function statusText({ state, master, protectors, rotating }: KeysShown, inLanguage: Language): string {
  const say = (name: keyof typeof words): string => words[name][inLanguage];
  const lines = protectors.map(({ id, kind, label, madeAt, detail }) =>
    ['', id, kindText(kind), label, detail, madeAt.slice(0, 10)]
      .filter((text, at) => at === 0 || text !== '')
      .join('  '),
  );
  return [
    say(state),
    `${say('master')} ${master.id}, ${say('since')} ${master.madeAt.slice(0, 10)}. ${say('protectors')}`,
    ...lines,
    ...(rotating ? [say('rotating')] : []),
    ...(protectors.every(({ kind }) => kind === 'file' || kind === 'tpm') ? [say('fileOnly')] : []),
  ].join('\n');
}
