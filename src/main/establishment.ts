import { join } from 'node:path';
import type { Sealer } from '../access/sealer.ts';
import { sealerOfThisLife } from '../adapters/keys/masterSealer.ts';
import { sqliteEngine } from '../adapters/sqlite/engine.ts';
import type { Secrets } from '../detect/ports.ts';
import { accept, type Result } from '../journal/result.ts';
import type { CleanRoom } from '../restore/ports.ts';
import type { WorldKind } from '../server/protocol.ts';
import { SourcesDesk } from './backupDesk.ts';
import { BackupPeriods } from './backupPeriods.ts';
import { realClock } from './clock.ts';
import { configurationInvalid, readPlans, readRestoration } from './configuration.ts';
import { HealthyFacts, recordHealthyFacts } from './healthyFacts.ts';
import { importDocuments } from './imports.ts';
import { NightsRunner } from './nights/runner.ts';
import { SignsDesk } from './nights/signsDesk.ts';
import { Openings } from './openings.ts';
import { RestorationRunner } from './restoration.ts';
import { type PlacedProbe, restorationPorts } from './restorationPorts.ts';
import { startWatch } from './watch.ts';
import { HospitalWorld } from './world.ts';

export interface EstablishmentOptions {
  id: string;
  kind: WorldKind;
  /** Journal, keys and recoveries of this establishment. */
  folder: string;
  /** Map, plans, checks and backup sources, as YAML. */
  configuration: string;
  secrets: Secrets;
  /** Wraps the journal's keys. Null in the laboratory only, whose folder holds nothing of anybody and ends with it. */
  sealer: Sealer | null;
  /** Seals what is kept of backups and marks their explained signs, over rotations. Absent: only this life opens it, and no sign is explained. */
  columns?: Sealer;
  /** Null where restoration is not to be had here: an example, an exercise. */
  cleanRoom: CleanRoom | null;
  onTrouble(what: string, error: unknown): void;
  /** Nights are judged and proofs done: by default of the hospital's own establishment alone. */
  hasNights?: boolean;
}

/** What there is where something can be restored. */
interface Restoring {
  runner: RestorationRunner;
  openings: Openings;
  backups: SourcesDesk;
  signs: SignsDesk;
}

/** One establishment at work: its journal and rooms, its checks, and the restoration of what it loses. */
export class Establishment {
  readonly world: HospitalWorld;
  readonly probes: ReadonlyMap<string, PlacedProbe>;
  readonly runner: Restoring['runner'] | null;
  readonly openings: Restoring['openings'] | null;
  /** Where one looks into backups; null where no source can be read. */
  readonly backups: Restoring['backups'] | null;
  /** Where one sees what a sign was found in; null likewise. */
  readonly signs: Restoring['signs'] | null;
  readonly #owned: AsyncDisposableStack;

  /** Opens the journal, imports what the configuration says where the journal has nothing yet, and starts to watch. */
  static async open(options: EstablishmentOptions): Promise<Result<Establishment>> {
    const { configuration, folder, onTrouble } = options;
    const plans = await readPlans(configuration);
    const read = await readRestoration(configuration);
    const { map, restore } = read;
    const problems = [...read.problems, ...plans.problems];
    if (map === undefined || problems.length > 0) return configurationInvalid(configuration, problems);

    await using owned = new AsyncDisposableStack();
    const opened = await HospitalWorld.open({
      id: options.id,
      kind: options.kind,
      establishment: map.establishment.id,
      engine: sqliteEngine(join(folder, 'journal'), join(folder, 'keys'), options.sealer ?? undefined),
      clock: realClock,
      onTrouble,
    });
    if (!opened.ok) return opened;
    const world = opened.value;
    owned.defer(() => world.close());
    const { state } = world;
    const imported = await importDocuments(
      world,
      {
        map: state.map.document === null ? map : undefined,
        plans: state.activate.plans.length === 0 ? plans.value : undefined,
      },
      configuration,
    );
    if (!imported.ok) return imported;

    const { secrets } = options;
    const watch = await startWatch({ world, configuration, secrets, sources: restore?.sources ?? {} });
    if (!watch.ok) return watch;
    owned.defer(async () => watch.value?.stop());
    if (restore === undefined || options.cleanRoom === null)
      return accept(new Establishment(world, owned.move(), new Map(), {}));
    const { columns } = options;
    const ports = restorationPorts({
      configuration: restore,
      secrets,
      cleanRoom: options.cleanRoom,
      folders: {
        recoveries: join(folder, 'recoveries'),
        verdicts: join(folder, 'verdicts'),
        staging: join(folder, 'nights'),
      },
      sealer: columns ?? sealerOfThisLife(),
      epoch: () => world.journal.queue.durable.head.epoch,
      onTrouble,
      fingerprint: columns === undefined ? undefined : (text) => columns.index('explained signs', text),
    });
    if (!ports.ok) return ports;
    const runner = new RestorationRunner(world, ports.value);
    owned.defer(() => runner.stop());
    const openings = new Openings(world, restore, runner.worker);
    owned.defer(() => openings.close());
    const periods = new BackupPeriods(world, ports.value.source);
    owned.defer(() => periods.close());
    const backups = await SourcesDesk.open(world, ports.value.source, join(folder, 'taken-out'));
    owned.defer(() => backups.close());
    const signs = new SignsDesk(world, ports.value.signs, runner.worker);
    owned.defer(() => signs.close());
    if (options.hasNights ?? options.kind === 'live') {
      const nights = new NightsRunner({ world, ports: ports.value, worker: runner.worker, configuration: restore });
      owned.defer(() => nights.close());
    }
    // A drill takes its facts itself, as of each of its nights.
    if (options.kind === 'live') {
      const facts = new HealthyFacts(world, ports.value.probes);
      owned.defer(() => facts.close());
    }
    // Last: whoever opens it misses nothing of what it does.
    await runner.start();
    return accept(new Establishment(world, owned.move(), ports.value.probes, { runner, openings, backups, signs }));
  }

  private constructor(
    world: HospitalWorld,
    owned: AsyncDisposableStack,
    probes: ReadonlyMap<string, PlacedProbe>,
    restoring: Partial<Restoring>,
  ) {
    this.world = world;
    this.probes = probes;
    this.runner = restoring.runner ?? null;
    this.openings = restoring.openings ?? null;
    this.backups = restoring.backups ?? null;
    this.signs = restoring.signs ?? null;
    this.#owned = owned;
  }

  recordFacts(at: Date, signal: AbortSignal) {
    return recordHealthyFacts(this.world, this.probes, at, signal);
  }

  /** Ends in the reverse order of the start: the journal last. */
  async close(): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
