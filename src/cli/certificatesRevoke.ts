import type { Command } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import { type CertificateShown, foundFolder, shownCertificate } from './certificates.ts';
import { type DataOptions, dataFolderOf, dataOption } from './dataFolder.ts';
import type { Language } from './language.ts';
import { momentShown } from './shown.ts';
import { verb } from './verb.ts';

interface Options extends DataOptions {
  reason: string;
}

export function register(program: Command): void {
  dataOption(verb(program, 'certificates revoke', 'certificates revoke 5C09562D10517E28 --reason "laptop lost"'))
    .argument('<serial>', { fr: 'numéro de série, en entier', en: 'serial number, whole' }[language()])
    .requiredOption('--reason <text>', { fr: 'pourquoi', en: 'why' }[language()])
    .action((serial: string, options: Options, command: Command) => answer(command, revoke(serial, options), rendered));
}

/** Needs no key, and reaches a hub that runs at once: it watches the folder. */
function revoke(serial: string, options: Options): Result<CertificateShown> {
  const folder = foundFolder(dataFolderOf(options));
  if (!folder.ok) return folder;
  const revoked = folder.value.revoke(serial, options.reason.slice(0, 500), Date.now());
  return revoked.ok ? accept(shownCertificate(revoked.value)) : revoked;
}

function rendered({ serial, role, id, revoked }: CertificateShown, inLanguage: Language): string {
  const whom = id === null ? role : `${role} ${id}`;
  const at = revoked === null ? '' : momentShown(revoked.at);
  return {
    fr: `Certificat ${serial} (${whom}) révoqué le ${at} : il n’ouvre plus rien ici.`,
    en: `Certificate ${serial} (${whom}) revoked ${at}: it opens nothing here any more.`,
  }[inLanguage];
}
