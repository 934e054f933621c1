import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { type Added, type NewProtector, type ProtectorKind, protectorKinds } from '../access/keys/ports.ts';
import type { Result } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import { type KeysOptions, keysOptions, withDesk } from './keysDesk.ts';
import { kindText, newPassphrase, sharesText } from './keysTyped.ts';
import { verb } from './verb.ts';

interface Options extends KeysOptions {
  label: string;
  file?: string;
  pcrs: string;
}

export function register(program: Command): void {
  const command = verb(program, 'keys add', 'keys add quorum --label coffre')
    .addArgument(new Argument('<kind>', { fr: 'de quoi ouvrir', en: 'what opens' }[language()]).choices(protectorKinds))
    .option('--label <text>', { fr: 'nom pour les personnes', en: 'name for people' }[language()], '')
    .option('--file <path>', { fr: 'pour file : où le mettre', en: 'for file: where to put it' }[language()])
    .option(
      '--pcrs <registers>',
      {
        fr: 'pour tpm : registres du démarrage qui doivent rester les mêmes (vide : aucun)',
        en: 'for tpm: start-up registers that must stay the same (empty: none)',
      }[language()],
      'sha256:7',
    );
  keysOptions(command).action(async (kind: ProtectorKind, options: Options, self: Command) => {
    const added = await withDesk(
      options,
      async ({ keys }): Promise<Result<Added>> => {
        const wanted = await wantedOf(kind, options);
        return wanted.ok ? keys.add(wanted.value) : wanted;
      },
      { make: true },
    );
    answer(self, added, addedText);
  });
}

async function wantedOf(kind: ProtectorKind, { label, file, pcrs }: Options): Promise<Result<NewProtector>> {
  if (kind !== 'passphrase') {
    const where = file === undefined ? {} : { file: resolve(file) };
    return { ok: true, value: { kind, label, ...(kind === 'tpm' ? { pcrs } : {}), ...where } };
  }
  const passphrase = await newPassphrase(label);
  return passphrase.ok ? { ok: true, value: { kind, label, passphrase: passphrase.value } } : passphrase;
}

function addedText({ protector, shares }: Added): string {
  const done = {
    fr: `Ajouté : ${kindText(protector.kind)}, ${protector.id}.`,
    en: `Added: ${kindText(protector.kind)}, ${protector.id}.`,
  }[language()];
  if (shares.length === 0) return done;
  const keep = {
    fr: 'Deux de ces parts ouvrent les données. Elles ne seront plus montrées : donnez chacune à une personne différente.',
    en: 'Two of these shares open the data. They will not be shown again: give each to a different person.',
  }[language()];
  return `${done}\n${keep}\n\n${sharesText(shares)}`;
}
