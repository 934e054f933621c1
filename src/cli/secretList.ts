import type { Command } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { answer } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { verb } from './verb.ts';

interface Listed {
  secrets: { name: string; changedAt: string }[];
}

export function register(program: Command): void {
  keysOptions(verb(program, 'secret list', 'secret list')).action(async (options: KeysOptions, command: Command) => {
    const listed = await withDesk(options, async ({ secrets }): Promise<Result<Listed>> => {
      const list = await secrets.list();
      return list.ok ? accept({ secrets: list.value }) : list;
    });
    answer(command, listed, ({ secrets }, language) =>
      secrets.length === 0
        ? { fr: 'Aucun secret.', en: 'No secret.' }[language]
        : secrets.map(({ name, changedAt }) => `${name}  ${changedAt.slice(0, 10)}`).join('\n'),
    );
  });
}
