import { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import { foundFolder, signed } from './certificates.ts';
import { dataFolderOf } from './dataFolder.ts';
import { type KeysOptions, keysOptions } from './keysDesk.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Options extends KeysOptions {
  authority?: boolean;
}

interface Renewed {
  serial: string;
  notAfter: string;
  fingerprint: string;
  authority: { fingerprint: string; renewed: boolean };
}

export function register(program: Command): void {
  keysOptions(verb(program, 'certificates renew', 'certificates renew --data data'))
    .option(
      '--authority',
      {
        fr: 'faire aussi une nouvelle autorité : à réinstaller sur chaque poste, et tous les certificats des sites à refaire',
        en: 'make a new authority too: to install again on every workstation, and every site’s certificate to make again',
      }[language()],
    )
    .action(async (options: Options, command: Command) => answer(command, await renew(options), rendered));
}

async function renew(options: Options): Promise<Result<Renewed>> {
  const dataFolder = dataFolderOf(options);
  const isNewAuthority = options.authority ?? false;
  const renewed = await signed(options, { what: 'renew', authority: isNewAuthority });
  if (!renewed.ok) return renewed;
  const folder = foundFolder(dataFolder);
  if (!folder.ok) return folder;
  const { serialNumber: serial, fingerprint256: fingerprint, validToDate } = new X509Certificate(renewed.value);
  const authority = new X509Certificate(folder.value.authority()?.certificate ?? '');
  return accept({
    serial,
    notAfter: validToDate.toISOString(),
    fingerprint,
    authority: { fingerprint: authority.fingerprint256, renewed: isNewAuthority },
  });
}

function rendered({ serial, notAfter, authority }: Renewed, inLanguage: Language): string {
  const until = notAfter.slice(0, 10);
  const said = {
    fr: `Nouveau certificat ${serial}, valable jusqu’au ${until}. Un Reflexe en marche le montre sans s’arrêter.`,
    en: `New certificate ${serial}, valid until ${until}. A running Reflexe shows it without stopping.`,
  };
  const install = {
    fr: `Nouvelle autorité, à installer sur chaque poste : ${authority.fingerprint}`,
    en: `New authority, to install on every workstation: ${authority.fingerprint}`,
  };
  return authority.renewed ? `${said[inLanguage]}\n${install[inLanguage]}` : said[inLanguage];
}
