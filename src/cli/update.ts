import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { rollBack, type Switched, update } from '../adapters/bundle/installation.ts';
import { canRead } from '../adapters/bundle/journalNeeds.ts';
import { type Installation, linked } from '../adapters/bundle/links.ts';
import { type Manifest, publicKeyOf } from '../adapters/bundle/manifest.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { answer, language, progress } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Options {
  key?: string;
  prefix: string;
  data?: string;
  older?: boolean;
  readOnly?: boolean;
  rollback?: boolean;
}

interface Updated extends Switched {
  ok: true;
  from: string | null;
}

/** Installs the bundle in `file`, or goes back to the former version. Running hubs go on until they are restarted. */
export async function updateInstallation(file: string | undefined, options: Options): Promise<Result<Updated>> {
  const prefix = resolve(options.prefix);
  const root = join(prefix, 'opt', 'reflexe');
  const dataFolder = resolve(options.data ?? join(prefix, 'var', 'lib', 'reflexe', 'data'));
  const installation: Installation = { root, accepts: (manifest) => readsData(manifest, dataFolder, options.readOnly) };
  if ((file === undefined) !== (options.rollback === true)) {
    return refuse('usage', 'Give either the file of a bundle, or --rollback.', { cure: 'reflexe update --help' });
  }
  const from = (await linked(root, 'current')) ?? null;
  if (file === undefined) return withFrom(await rollBack(installation), from);
  const keyFile = options.key ?? join(prefix, 'etc', 'reflexe', 'update-key.pem');
  const pem = await readFile(keyFile, 'utf8').catch(() => '');
  const key = publicKeyOf(pem, keyFile);
  if (!key.ok) return key;
  try {
    return withFrom(await update(installation, file, key.value, options.older === true), from);
  } catch (error) {
    return refuse('update-failed', `The update could not be done: ${error instanceof Error ? error.message : error}.`, {
      where: root,
      kept: 'the version that was current still is',
      cure: 'Check the disk and the rights on that folder (run it as root), then try again.',
      retryable: true,
    });
  }
}

const withFrom = (switched: Result<Switched>, from: string | null): Result<Updated> =>
  switched.ok ? accept({ ok: true, from, ...switched.value }) : switched;

async function readsData(manifest: Manifest, dataFolder: string, readOnly = false): Promise<Result<void>> {
  const readable = await canRead(manifest, dataFolder);
  if (readable.ok || !readOnly || readable.refusal.code !== 'update-cannot-read-journal') return readable;
  progress({
    fr: `Accepté : la version ${manifest.release} ouvrira ce journal en lecture seule.`,
    en: `Accepted: version ${manifest.release} will open this journal read-only.`,
  });
  return accept(undefined);
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'update', 'update /media/usb/reflexe-0.2.0-linux-x64.tar.gz')
    .argument('[file]', french ? 'le paquet à installer' : 'the bundle to install')
    .option(
      '--key <pem>',
      french
        ? 'clé publique qui doit avoir signé (sinon celle de cette installation)'
        : "public key that must have signed (else this installation's own)",
    )
    .option('--rollback', french ? 'revient à la version précédente' : 'go back to the former version')
    .option('--older', french ? 'accepte une version plus ancienne' : 'accept an older version')
    .option(
      '--read-only',
      french
        ? 'accepte une version qui ne pourra que lire le journal'
        : 'accept a version that could only read the journal',
    )
    .option('--data <folder>', french ? 'données (sinon /var/lib/reflexe/data)' : 'data (else /var/lib/reflexe/data)')
    .option('--prefix <folder>', french ? 'racine de l’installation' : 'root of the installation', '/')
    .action(async (file: string | undefined, options: Options, command: Command) => {
      answer(command, await updateInstallation(file, options), rendered);
    });
}

function rendered({ release, from, previous }: Updated, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  if (from === release)
    return french ? `Reflexe ${release} était déjà en place.` : `Reflexe ${release} was in place already.`;
  const back =
    previous === null
      ? ''
      : french
        ? `\nPour revenir à ${previous} : reflexe update --rollback`
        : `\nTo go back to ${previous}: reflexe update --rollback`;
  return french
    ? `Reflexe ${release} est en place.\nPour qu’il serve : systemctl restart reflexe-helper reflexe-hub${back}`
    : `Reflexe ${release} is in place.\nFor it to serve: systemctl restart reflexe-helper reflexe-hub${back}`;
}
