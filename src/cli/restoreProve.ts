import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { cleanRoom, type HelperClient } from '../adapters/cleanRoom/cleanRoom.ts';
import { startHelper } from '../adapters/cleanRoom/startHelper.ts';
import { SecretFiles } from '../adapters/secretFiles/secretFiles.ts';
import { accept, type Result } from '../journal/result.ts';
import { knownFacts } from '../main/nights/knownFacts.ts';
import { type Proved, proveComponent } from '../main/nights/prove.ts';
import { configurationOf } from '../main/ownHospital.ts';
import { whyOf } from '../main/whyOf.ts';
import type { StepKind } from '../restore/step.ts';
import { allRefusals } from '../words/fr/allRefusals.ts';
import { answer, language, progress } from './answer.ts';
import { dataFolderOf, dataOption, root } from './dataFolder.ts';
import type { Language } from './language.ts';
import { momentShown } from './shown.ts';
import { verb } from './verb.ts';

interface Options {
  component: string;
  config?: string;
  data?: string;
  secrets?: string;
  helper?: string;
  programs?: string;
}

export function register(program: Command): void {
  const fr = language() === 'fr';
  dataOption(
    verb(program, 'restore prove', 'restore prove --component ehr --config /etc/reflexe')
      .requiredOption('--component <id>', fr ? 'ce qui est restauré pour essai' : 'what is restored to try it')
      .option('--config <folder>', fr ? 'dossier de configuration' : 'configuration folder')
      .option(
        '--secrets <folder>',
        fr
          ? 'dossier des secrets (par défaut : « secrets » dans la configuration)'
          : 'folder of the secrets (default: "secrets" in the configuration)',
      )
      .option(
        '--helper <socket>',
        fr
          ? 'prise du programme privilégié (par défaut : le sien, en root)'
          : 'socket of the privileged helper (default: its own, as root)',
      )
      .option(
        '--programs <file>',
        fr ? 'programmes de la salle blanche, sans --helper' : 'programs of the clean room, without --helper',
      ),
  ).action(async (options: Options, command: Command) => answer(command, await prove(options), rendered));
}

async function prove(options: Options): Promise<Result<Proved>> {
  const dataFolder = dataFolderOf(options);
  const examplesFolder = join(root, 'examples');
  const named = options.config ?? join(examplesFolder, 'groupe-exemple');
  const configuration = configurationOf({ dataFolder, configuration: resolve(named), examplesFolder });
  const known = await knownFacts(dataFolder);
  if (!known.ok && known.refusal.code !== 'journal-not-found') return known;
  const { epoch, facts } = known.ok ? known.value : { epoch: 1, facts: [] };
  await using owned = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-prove-'));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  // Members of the room pass through it to what is theirs.
  await chmod(folder, 0o711);
  const room = await roomOf(options, folder, owned);
  if (!room.ok) return room;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  owned.defer(async () => void process.off('SIGINT', interrupt));
  // Awaited here: what is owned ends with this function.
  return await proveComponent({
    component: options.component,
    configuration,
    secrets: new SecretFiles(
      resolve(options.secrets ?? process.env.CREDENTIALS_DIRECTORY ?? join(configuration, 'secrets')),
    ),
    cleanRoom: room.value,
    folder,
    epoch,
    facts,
    signal: stop.signal,
    onStep: (component, step) =>
      progress({ fr: `${component} : ${steps.fr[step]}`, en: `${component}: ${steps.en[step]}` }),
    onTrouble: (what, error) => process.stderr.write(`${what}: ${whyOf(error)}\n`),
  });
}

/** The helper named, or one of its own that ends with it. */
async function roomOf(
  { helper, programs }: Options,
  folder: string,
  owned: AsyncDisposableStack,
): Promise<Result<HelperClient>> {
  const socket = helper ?? join(folder, 'door', 'helper.sock');
  if (helper === undefined) {
    await mkdir(join(folder, 'door'), { mode: 0o700 });
    const started = await startHelper({
      socket,
      state: join(folder, 'helper'),
      lifeline: true,
      ...(programs === undefined ? {} : { programs: resolve(programs) }),
    });
    if (!started.ok) return started;
    owned.defer(() => started.value.stop());
  }
  const room = cleanRoom({ socket });
  owned.defer(() => room.disconnect());
  return accept(room);
}

const steps: { [In in Language]: { [Step in StepKind]: string } } = {
  fr: {
    choose: 'choix de la nuit',
    fetch: 'restauration',
    start: 'démarrage',
    verify: 'vérification',
    release: 'ouverture',
  },
  en: {
    choose: 'choosing the night',
    fetch: 'restoring',
    start: 'starting',
    verify: 'verifying',
    release: 'releasing',
  },
};

const outcomes: { [In in Language]: { [Outcome in Proved['outcome']]: string } } = {
  fr: {
    proved: 'Restauration prouvée',
    restored: 'Restauré, sans fait connu à comparer : rien n’est prouvé',
    failed: 'Restauration manquée',
    notTried: 'Restauration non essayée',
  },
  en: {
    proved: 'Restoration proved',
    restored: 'Restored, with no known fact to compare: nothing is proved',
    failed: 'Restoration failed',
    notTried: 'Restoration not tried',
  },
};

function rendered(proved: Proved, inLanguage: Language): string {
  const { component, outcome, snapshot, horizon, seconds, checks, isolation, step, code } = proved;
  const colon = inLanguage === 'fr' ? ' : ' : ': ';
  const because = inLanguage === 'fr' && code !== undefined ? allRefusals.get(code)?.what : undefined;
  const why = code === undefined ? '' : ` (${step === undefined ? '' : `${steps[inLanguage][step]}, `}${code})`;
  const agreed = checks.filter(({ agrees }) => agrees).length;
  const lines = [`${component}${colon}${outcomes[inLanguage][outcome]}${why}.`];
  if (because !== undefined) lines.push(`  ${because}`);
  for (const one of proved.steps) lines.push(`  ${one.component}  ${steps[inLanguage][one.step]}  ${one.seconds} s`);
  if (snapshot !== null && horizon !== null)
    lines.push(
      inLanguage === 'fr'
        ? `Nuit ${snapshot.slice(0, 8)} ; données jusqu’au ${momentShown(horizon)} ; ${seconds} s.`
        : `Night ${snapshot.slice(0, 8)}; data up to ${momentShown(horizon)}; ${seconds} s.`,
    );
  lines.push(
    inLanguage === 'fr'
      ? `Faits concordants : ${agreed} sur ${checks.length}.`
      : `Facts that agree: ${agreed} of ${checks.length}.`,
  );
  if (isolation !== null)
    lines.push(
      inLanguage === 'fr'
        ? `Salle blanche : ${isolation.attempts} sorties tentées, ${isolation.escaped} réussies.`
        : `Clean room: ${isolation.attempts} ways out tried, ${isolation.escaped} got out.`,
    );
  return lines.join('\n');
}
