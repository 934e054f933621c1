import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { pino } from 'pino';
import { accept, type Result } from '../journal/result.ts';
import type { StartDrill } from '../main/drill.ts';
import { startHub } from '../main/hub.ts';
import { answer, language, progress } from './answer.ts';
import { dataFolderOf, root } from './dataFolder.ts';
import { unlockHere } from './keysTyped.ts';
import { laboratory } from './laboratory.ts';
import { verb } from './verb.ts';

interface Options {
  port: string;
  host: string;
  data?: string;
  keyFile?: string;
  config?: string;
  helper: string;
  publicUrl?: string;
  passkeyDomain?: string;
  lab?: boolean;
}

export function register(program: Command): void {
  verb(program, 'start', 'start --port 8420')
    .option('--port <number>', { fr: 'port d’écoute', en: 'port to listen on' }[language()], '8420')
    .option('--host <name>', { fr: 'adresse d’écoute', en: 'address to listen on' }[language()], 'localhost')
    .option('--data <folder>', { fr: 'dossier des données', en: 'data folder' }[language()])
    .option(
      '--key-file <file>',
      {
        fr: 'fichier de clé, fait au premier démarrage (par défaut : à côté des données)',
        en: 'key file, made at first start (default: beside the data)',
      }[language()],
    )
    .option(
      '--config <folder>',
      {
        fr: 'dossier de configuration (carte, plans, contrôles, sauvegardes)',
        en: 'configuration folder (map, plans, checks, backups)',
      }[language()],
    )
    .option(
      '--helper <socket>',
      { fr: 'prise du programme privilégié', en: 'socket of the privileged helper' }[language()],
      '/run/reflexe/helper.sock',
    )
    .option(
      '--public-url <url>',
      { fr: 'adresse vue des utilisateurs, derrière un relais', en: 'address people use, behind a proxy' }[language()],
    )
    .option(
      '--passkey-domain <name>',
      {
        fr: 'nom sous lequel les clés d’accès sont faites (par défaut : celui de l’adresse)',
        en: 'name passkeys are made under (default: the address’s own)',
      }[language()],
    )
    .option(
      '--lab',
      {
        fr: 'offrir l’exercice réel sur l’hôpital miniature (dépôt de sources seulement)',
        en: 'offer the real drill on the miniature hospital (checkout only)',
      }[language()],
    )
    .action(async (options: Options, command: Command) => {
      const started = await start(options);
      answer(command, started, (document) => shown[language()](document));
    });
}

interface Started {
  address: string;
  firstLink: string | null;
  /** What to install on workstations, with the fingerprint to compare; null on loopback, or where the certificate was supplied. */
  authority: { file: string; fingerprint: string } | null;
}

async function start(options: Options): Promise<Result<Started>> {
  const lab = options.lab === true ? await loadLab() : accept(undefined);
  if (!lab.ok) return lab;
  const webRoot = join(root, 'dist', 'web');
  const hub = await startHub({
    dataFolder: dataFolderOf(options),
    ...(options.keyFile === undefined ? {} : { keyFile: resolve(options.keyFile) }),
    onLocked: (keys, unlocked) => void unlockHere(keys, unlocked),
    onKeyFile: (file) =>
      progress({
        fr: `Les données sont scellées ; ${file} les ouvre. Gardez-en une copie ailleurs, ou ajoutez une phrase secrète (reflexe keys add passphrase).`,
        en: `The data is sealed; ${file} opens it. Keep a copy elsewhere, or add a passphrase (reflexe keys add passphrase).`,
      }),
    configuration: resolve(options.config ?? join(root, 'examples', 'groupe-exemple')),
    scenariosFolder: join(root, 'scenarios'),
    examplesFolder: join(root, 'examples'),
    webRoot: existsSync(webRoot) ? webRoot : null,
    host: options.host,
    port: Number(options.port),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.passkeyDomain === undefined ? {} : { passkeyDomain: options.passkeyDomain }),
    helperSocket: options.helper,
    ...(lab.value === undefined ? {} : { startDrill: lab.value }),
    // Warnings and worse; nothing personal ever goes there.
    log: pino({ level: 'warn' }, pino.destination(2)),
  });
  if (!hub.ok) return hub;
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      progress({ fr: 'Arrêt : le journal se ferme…', en: 'Stopping: closing the journal…' });
      void hub.value.close().then(() => process.exit(0));
    });
  }
  return accept({ address: hub.value.url, firstLink: hub.value.firstLink, authority: hub.value.authority });
}

async function loadLab(): Promise<Result<StartDrill>> {
  const lab = await laboratory('drill/drill.ts', '--lab');
  if (!lab.ok) return lab;
  const { startDrill } = lab.value;
  if (!isStartDrill(startDrill)) throw new Error('the laboratory of this checkout is of another version');
  return accept((listener) => startDrill({ seed: new Date().toISOString().slice(0, 10) }, listener));
}

type LabDrill = (options: { seed: string }, ...rest: Parameters<StartDrill>) => ReturnType<StartDrill>;
const isStartDrill = (value: unknown): value is LabDrill => typeof value === 'function';

const shown = {
  fr: ({ address, firstLink, authority }: Started) =>
    [
      `Reflexe est prêt : ${address}`,
      ...(authority === null
        ? []
        : [`Autorité à installer sur les postes : ${authority.file}`, `  empreinte SHA-256 ${authority.fingerprint}`]),
      ...(firstLink === null ? [] : ['Première connexion, une seule fois, pour l’administrateur :', `  ${firstLink}`]),
      'Ctrl+C pour arrêter.',
    ].join('\n'),
  en: ({ address, firstLink, authority }: Started) =>
    [
      `Reflexe is ready: ${address}`,
      ...(authority === null
        ? []
        : [
            `Authority to install on workstations: ${authority.file}`,
            `  SHA-256 fingerprint ${authority.fingerprint}`,
          ]),
      ...(firstLink === null ? [] : ['First sign-in, once only, for the administrator:', `  ${firstLink}`]),
      'Ctrl+C to stop.',
    ].join('\n'),
};
