import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { answer } from './answer.ts';
import { type CertificateShown, foundFolder, shownCertificate } from './certificates.ts';
import { type DataOptions, dataFolderOf, dataOption } from './dataFolder.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Shown {
  /** What to install on workstations: its file, and the SHA-256 to compare before trusting it. */
  authority: { file: string; fingerprint: string; subject: string; notAfter: string; pem: string };
  certificates: CertificateShown[];
}

export function register(program: Command): void {
  dataOption(verb(program, 'certificates show', 'certificates show --data data')).action(
    (options: DataOptions, command: Command) => answer(command, shown(options), rendered),
  );
}

function shown(options: DataOptions): Result<Shown> {
  const folder = foundFolder(dataFolderOf(options));
  if (!folder.ok) return folder;
  const pem = folder.value.authority()?.certificate ?? '';
  const certificate = new X509Certificate(pem);
  return accept({
    authority: {
      file: join(folder.value.path, 'authority.pem'),
      fingerprint: certificate.fingerprint256,
      subject: certificate.subject.replaceAll('\n', ', '),
      notAfter: certificate.validToDate.toISOString(),
      pem,
    },
    certificates: folder.value.issued().map(shownCertificate),
  });
}

const words = {
  fr: {
    authority: 'Autorité de cet établissement, à installer sur les postes :',
    fingerprint: 'empreinte SHA-256, à comparer avant de lui faire confiance :',
    until: 'jusqu’au',
    revoked: 'révoqué',
  },
  en: {
    authority: 'Authority of this hospital, to install on workstations:',
    fingerprint: 'SHA-256 fingerprint, to compare before trusting it:',
    until: 'until',
    revoked: 'revoked',
  },
};

function rendered({ authority, certificates }: Shown, inLanguage: Language): string {
  const told = words[inLanguage];
  const lines = certificates.map(({ serial, role, id, names, notAfter, revoked }) => {
    const whom = id === null ? `${role} (${names.join(', ')})` : `${role} ${id}`;
    return `${serial}  ${whom}  ${revoked === null ? `${told.until} ${notAfter.slice(0, 10)}` : `${told.revoked} ${revoked.at.slice(0, 10)}`}`;
  });
  return [
    told.authority,
    `  ${authority.file}`,
    `  ${told.fingerprint}`,
    `  ${authority.fingerprint}`,
    `  ${told.until} ${authority.notAfter.slice(0, 10)}`,
    '',
    ...lines,
  ].join('\n');
}
