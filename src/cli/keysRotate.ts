import type { Command } from 'commander';
import type { Rotated } from '../access/keys/ports.ts';
import { accept, type Result } from '../journal/result.ts';
import { answer, language, refused, wantsJson } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { newPassphrase, sharesText } from './keysTyped.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  keysOptions(verb(program, 'keys rotate', 'keys rotate')).action(async (options: KeysOptions, command: Command) => {
    let handedOver = false;
    const rotated = await withDesk(options, async ({ keys }): Promise<Result<Rotated>> => {
      const shown = await keys.status();
      if (!shown.ok) return shown;
      const passphrases: { [id: string]: string } = {};
      for (const { id, kind, label } of shown.value.protectors) {
        if (kind !== 'passphrase') continue;
        const typed = await newPassphrase(label === '' ? id : label);
        if (!typed.ok) return typed;
        passphrases[id] = typed.value;
      }
      // Printed before anything is changed: these are the only copies of the new shares.
      return keys.rotate(passphrases, async (one) => {
        handedOver = true;
        answer(command, accept(one), rotatedText);
      });
    });
    if (!rotated.ok) refused(rotated.refusal, wantsJson(command) && !handedOver);
  });
}

function rotatedText({ master, shares }: Rotated): string {
  const done = {
    fr: `Nouvelle clé maîtresse ${master.id} : tout est rescellé, ce qui ouvrait n’ouvre plus.`,
    en: `New master key ${master.id}: everything is sealed again, what opened before no longer does.`,
  }[language()];
  return [done, ...shares.map(({ codes }) => `\n${sharesText(codes)}`)].join('\n');
}
