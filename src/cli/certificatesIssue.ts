import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { newRequest } from '../adapters/certificates/sign.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { SiteIdentity } from '../server/tls/ports.ts';
import { answer, language } from './answer.ts';
import { foundFolder, signed } from './certificates.ts';
import { dataFolderOf } from './dataFolder.ts';
import { type KeysOptions, keysOptions } from './keysDesk.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Options extends KeysOptions {
  site?: string;
  box?: string;
  request?: string;
  out: string;
}

interface Issued {
  serial: string;
  role: SiteIdentity['role'];
  id: string;
  notAfter: string;
  fingerprint: string;
  /** Null where the request came from the machine that keeps the key. */
  files: { certificate: string; authority: string; key: string | null };
}

export function register(program: Command): void {
  keysOptions(verb(program, 'certificates issue', 'certificates issue --site north --out north-certificate'))
    .option('--site <id>', { fr: 'pour un site de ce nom', en: 'for a site of this name' }[language()])
    .option('--box <id>', { fr: 'pour un coffret de ce nom', en: 'for a box of this name' }[language()])
    .option(
      '--request <file>',
      {
        fr: 'demande PKCS #10 faite là-bas : la clé n’en sort pas',
        en: 'PKCS #10 request made there: its key stays there',
      }[language()],
    )
    .requiredOption('--out <folder>', { fr: 'dossier à créer', en: 'folder to make' }[language()])
    .action(async (options: Options, command: Command) => answer(command, await issue(options), rendered));
}

async function issue(options: Options): Promise<Result<Issued>> {
  const site = siteOf(options);
  if (!site.ok) return site;
  const out = resolve(options.out);
  if (existsSync(out)) {
    return refuse('folder-there', 'This folder is there already.', {
      where: out,
      expected: 'a new one',
      kept: 'Nothing was issued.',
    });
  }
  const dataFolder = dataFolderOf(options);
  const folder = foundFolder(dataFolder);
  if (!folder.ok) return folder;
  const made = options.request === undefined ? await newRequest(site.value) : undefined;
  const request = made?.request ?? (options.request === undefined ? undefined : readRequest(resolve(options.request)));
  if (request === undefined)
    return refuse('request-missing', 'This request cannot be read.', { where: options.request ?? '' });
  const certificate = await signed(options, { what: 'issue', ...site.value, request });
  if (!certificate.ok) return certificate;

  mkdirSync(out, { recursive: true, mode: 0o700 });
  const files = {
    certificate: join(out, 'certificate.pem'),
    authority: join(out, 'authority.pem'),
    key: made === undefined ? null : join(out, 'key.pem'),
  };
  writeFileSync(files.certificate, certificate.value, { mode: 0o600 });
  writeFileSync(files.authority, folder.value.authority()?.certificate ?? '', { mode: 0o600 });
  if (files.key !== null && made !== undefined) writeFileSync(files.key, made.key, { mode: 0o600 });
  const { serialNumber: serial, fingerprint256: fingerprint, validToDate } = new X509Certificate(certificate.value);
  return accept({ serial, ...site.value, notAfter: validToDate.toISOString(), fingerprint, files });
}

function siteOf({ site, box }: Options): Result<SiteIdentity> {
  const id = site ?? box ?? '';
  if ((site === undefined) === (box === undefined) || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) {
    return refuse('site-invalid', 'Say for which site, or for which box.', {
      expected: 'either --site or --box, with lower-case letters, digits and dashes',
      kept: 'Nothing was issued.',
    });
  }
  return accept({ role: site === undefined ? 'box' : 'site', id });
}

function readRequest(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 16_384);
  } catch {
    return undefined;
  }
}

function rendered({ serial, role, id, notAfter, files }: Issued, inLanguage: Language): string {
  const until = notAfter.slice(0, 10);
  const said = {
    fr: `Certificat ${serial} du ${role === 'site' ? 'site' : 'coffret'} ${id}, valable jusqu’au ${until} :`,
    en: `Certificate ${serial} of ${role} ${id}, valid until ${until}:`,
  };
  const key = {
    fr: 'Portez la clé là-bas par un moyen sûr, puis effacez-la d’ici.',
    en: 'Carry the key there by safe means, then erase it here.',
  };
  const paths = Object.values(files).flatMap((file) => (file === null ? [] : [`  ${file}`]));
  return [said[inLanguage], ...paths, ...(files.key === null ? [] : [key[inLanguage]])].join('\n');
}
