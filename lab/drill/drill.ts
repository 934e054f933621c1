import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanRoom } from '../../src/adapters/cleanRoom/cleanRoom.ts';
import { startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { SecretFiles } from '../../src/adapters/secretFiles/secretFiles.ts';
import { stateOf } from '../../src/detect/state.ts';
import { accept, type Result, refuse } from '../../src/journal/result.ts';
import type { DrillListener, DrillReport, RunningDrill } from '../../src/main/drill.ts';
import { Establishment } from '../../src/main/establishment.ts';
import type { HospitalCommand, HospitalState } from '../../src/main/hospital.ts';
import type { BoardView } from '../../src/map/care.ts';
import { compile } from '../../src/map/compile.ts';
import { isReadyToRelease, waitsForPerson } from '../../src/restore/progress.ts';
import type { RecoveringComponent, Recovery } from '../../src/restore/state.ts';
import { type AttackReport, attack } from '../attacker.ts';
import { type LabHospital, startHospital } from '../hospital.ts';
import { programFile, writeConfiguration } from '../reflexe.ts';
import { endLeftovers, openDrillFolder } from './folders.ts';

export interface DrillOptions {
  seed: string;
  /** Nights backed up before the attack. */
  nights?: number;
  /** Studies, patients: a smaller hospital for tests. */
  patients?: number;
}

/** Longest the drill waits for any one thing: far beyond what it takes, so that a defect is told and not waited for. */
const PATIENCE_MILLISECONDS = 240_000;
const DAY = 86_400_000;
/** Messages of hospital life between two nights. */
const MESSAGES = 40;

/** The person of the drill: does what a technician, the wards and the director would. */
const person = { actor: 'person:drill' } as const;

/** Starts the drill; what it waits for is a real hospital in miniature, really attacked, really brought back. */
export async function startDrill(options: DrillOptions, listener: DrillListener): Promise<Result<RunningDrill>> {
  if (process.getuid?.() !== 0) {
    return refuse('clean-room-needs-root', 'The drill needs root: only root can isolate the clean room.', {
      expected: 'root, on Linux with the packages that npm test installs',
      kept: 'Nothing was started.',
      cure: 'Run it again as root: sudo npm run drill',
    });
  }
  const stop = new AbortController();
  const drill = new Drill(options, listener, stop.signal);
  const report = drill.run().catch((error: unknown) => {
    if (stop.signal.aborted)
      return refuse('drill-stopped', 'The drill was stopped before its end.', {
        kept: 'Everything it had made was removed.',
      });
    return refuse('drill-failed', `The drill could not go on: ${reasonOf(error)}`, {
      kept: 'What it had made is removed, now or by the next drill.',
      cure: 'Run it again; if it fails again, report it with these lines.',
    });
  });
  return accept({
    report,
    async stop() {
      stop.abort(new Error('stopped'));
      await report.catch(() => undefined);
      await drill.close();
    },
  });
}

class Drill {
  readonly #options: DrillOptions;
  readonly #listener: DrillListener;
  readonly #signal: AbortSignal;
  readonly #failures: string[] = [];
  #owned: AsyncDisposableStack | null = null;

  constructor(options: DrillOptions, listener: DrillListener, signal: AbortSignal) {
    this.#options = options;
    this.#listener = listener;
    this.#signal = signal;
  }

  async run(): Promise<Result<DrillReport>> {
    const { stage } = this.#listener;
    stage('leftovers', '');
    await endLeftovers((why) => this.#failures.push(why));
    await using stack = new AsyncDisposableStack();
    const folder = await openDrillFolder();
    stack.defer(() => folder.remove());
    const programs = join(folder.path, 'programs.json');
    await writeFile(programs, programFile(), { mode: 0o600 });
    const { socket } = folder;
    const helper = await startHelper({ socket, state: folder.helperState, programs, lifeline: true });
    if (!helper.ok) return helper;
    stack.defer(() => helper.value.stop());

    stage('hospital', this.#options.seed);
    const hospital = await startHospital({
      folder: folder.hospital,
      seed: this.#options.seed,
      signal: this.#signal,
      ...(this.#options.patients === undefined ? {} : { patients: this.#options.patients }),
      onProgress: ({ what, done, total }) => stage('hospital', `${what} (${done}/${total})`),
    });
    stack.defer(async () => void (await hospital.stop()));

    stage('watch', '');
    const configuration = join(folder.path, 'configuration');
    const { description } = hospital;
    await writeConfiguration(description, configuration);
    await mkdir(join(folder.path, 'reflexe'), { mode: 0o711 });
    const room = cleanRoom({ socket });
    stack.defer(() => room.disconnect());
    const opened = await Establishment.open({
      id: 'drill',
      kind: 'drill',
      folder: join(folder.path, 'reflexe'),
      configuration,
      secrets: new SecretFiles(description.secretsFolder),
      sealer: null,
      cleanRoom: room,
      onTrouble: (what, error) =>
        process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`),
    });
    if (!opened.ok) return opened;
    const establishment = opened.value;
    stack.defer(() => establishment.close());
    this.#listener.world(establishment.world);
    await this.#until(establishment, 'every service seen up', (state) =>
      ['dpi', 'dpi-base', 'pacs', 'onduleur'].every((component) => stateOf(state.detect, component) === 'up'),
    );

    await this.#nights(establishment, hospital);
    const attacked = await this.#attack(hospital);
    const detectedAt = await this.#detection(establishment);
    await this.#containment(establishment);
    await this.#restoration(establishment);
    await this.#release(establishment);
    stage('report', '');
    const report = await this.#report(establishment, attacked, detectedAt);
    // What was brought back stays open to look at, until whoever started the drill stops it.
    this.#owned = stack.move();
    return accept(report);
  }

  /** Ends the hospital, the room and the journal of this drill, and removes their files. */
  async close(): Promise<void> {
    await this.#owned?.disposeAsync();
    this.#owned = null;
  }

  /** Nights before the attack, with real changes between them, and what was true of each service at each backup. */
  async #nights(establishment: Establishment, hospital: LabHospital): Promise<void> {
    const count = this.#options.nights ?? 3;
    const today = Date.now();
    for (let night = count; night >= 1; night -= 1) {
      const at = new Date(Math.floor((today - night * DAY) / 1000) * 1000);
      this.#listener.stage('nights', `${count - night + 1}/${count}`);
      await hospital.feed.send(MESSAGES, { from: new Date(at.getTime() - DAY / 4), to: at });
      await hospital.addStudies(2, at);
      const silent = await establishment.recordFacts(at, this.#signal);
      for (const { probe, refusal } of silent) this.#failures.push(`${probe}: ${refusal.code} ${refusal.kept ?? ''}`);
      const taken = await hospital.backups.takeNight(at);
      for (const part of taken.parts)
        if (!part.ok) this.#failures.push(`night ${at.toISOString()}: ${part.part} ${part.reason}`);
    }
    // Today's work, which no night holds: what going back will lose.
    await hospital.feed.send(MESSAGES, { from: new Date(today - DAY / 4), to: new Date(today) });
  }

  async #attack(hospital: LabHospital): Promise<AttackReport> {
    this.#listener.stage('attack', '');
    const { description, backups } = hospital;
    const report = await attack({
      runFolder: description.folder,
      targets: Object.values(description.folders),
      order: 'in-turn',
      signal: this.#signal,
      onProgress: ({ files }) => {
        if (files % 200 === 0) this.#listener.stage('attack', `${files}`);
      },
    });
    this.#listener.stage('attack', `${report.files}`);
    // The nightly job does not know: it backs the ransom up. A last snapshot that restores whole, and must not be used.
    await backups.takeNight(new Date(Math.floor(Date.now() / 1000) * 1000));
    return report;
  }

  async #detection(establishment: Establishment): Promise<string> {
    this.#listener.stage('detection', '');
    const state = await this.#until(establishment, 'an incident with a sign of ransomware', ({ activate }) =>
      Object.values(activate.incidents).some((incident) => incident.plans.some((plan) => plan.plan === 'rancongiciel')),
    );
    const [incident] = Object.values(state.activate.incidents);
    this.#listener.stage('detection', incident?.cause ?? '');
    return incident?.openedAt ?? new Date().toISOString();
  }

  /** What people do in the first minutes: confine, warn, keep the traces, and hold each ward on paper. */
  async #containment(establishment: Establishment): Promise<void> {
    this.#listener.stage('containment', '');
    const document = establishment.world.state.map.document;
    if (document === null) throw new Error('the drill has a map');
    for (const incident of Object.values(establishment.world.state.activate.incidents)) {
      await this.#act(establishment, { type: 'ChangeLevel', incident: incident.incident, level: 'planBlanc' });
      for (const plan of incident.plans) {
        for (const step of plan.steps.filter((one) => one.kind === 'human')) {
          await this.#act(establishment, {
            type: 'FinishStep',
            incident: incident.incident,
            plan: plan.plan,
            step: step.id,
            outcome: 'done',
          });
        }
      }
      const map = compile(document);
      for (const id of incident.careFunctions) {
        const careFunction = map.careFunctions.get(id);
        if (careFunction?.degradedMode === undefined) continue;
        for (const ward of careFunction.wards)
          await this.#act(establishment, { type: 'ConfirmHold', careFunction: id, ward });
      }
    }
  }

  async #restoration(establishment: Establishment): Promise<void> {
    this.#listener.stage('restoration', '');
    await this.#until(establishment, 'every component verified, or waiting for a person', ({ restore }) => {
      const recoveries = Object.values(restore.recoveries);
      const steps = recoveries.flatMap((recovery) => Object.values(recovery.components));
      this.#listener.stage('restoration', steps.map((one) => `${one.component}: ${currentStep(one.steps)}`).join(', '));
      return (
        recoveries.length > 0 &&
        recoveries.every((recovery) =>
          Object.values(recovery.components).every(
            (one) => one.steps.verify?.state === 'done' || cannotGoOn(recovery, one),
          ),
        )
      );
    });
  }

  /** A person releases each care function as soon as it may be, most vital first. */
  async #release(establishment: Establishment): Promise<void> {
    this.#listener.stage('release', '');
    const { world } = establishment;
    const document = world.state.map.document;
    if (document === null) throw new Error('the drill has a map');
    const map = compile(document);
    for (const recovery of Object.values(world.state.restore.recoveries)) {
      for (const careFunction of map.careFunctions.values()) {
        if (!recovery.careFunctions.includes(careFunction.id)) continue;
        const ready = await this.#until(establishment, `isolation proved for ${careFunction.id}`, ({ restore }) => {
          const now = restore.recoveries[recovery.recovery];
          return now !== undefined && isSettled(now, map, careFunction.id);
        });
        const now = ready.restore.recoveries[recovery.recovery];
        const verdict = now === undefined ? undefined : isReadyToRelease(now, map, careFunction.id);
        if (verdict?.ok === true)
          await this.#act(establishment, {
            type: 'Release',
            recovery: recovery.recovery,
            careFunction: careFunction.id,
          });
        else
          this.#failures.push(
            `${careFunction.id}: ${verdict?.refusal.code ?? 'no recovery'} ${verdict?.refusal.expected ?? ''}`,
          );
      }
    }
  }

  async #report(establishment: Establishment, attacked: AttackReport, detectedAt: string): Promise<DrillReport> {
    const { state } = establishment.world;
    const recoveries = Object.values(state.restore.recoveries);
    const components = recoveries.flatMap((recovery) => Object.values(recovery.components));
    for (const component of components) {
      for (const [step, { failure } = { failure: null }] of Object.entries(component.steps)) {
        if (failure !== null) this.#failures.push(`${component.component} ${step}: ${failure.code} ${failure.detail}`);
      }
    }
    // Only `board` is computed here; its type is that view's.
    const board = establishment.world.views.compute('board') as BoardView;
    const careFunctions = board.bands.map((band) => {
      const released = recoveries
        .map((recovery) => recovery.released[band.careFunction])
        .find((one) => one !== undefined);
      const careFunction = compile(state.map.document ?? failed('no map')).careFunctions.get(band.careFunction);
      return {
        id: band.careFunction,
        name: band.name,
        tier: band.tier,
        targetSeconds: careFunction?.rtoSeconds ?? 0,
        lostAt: recoveries[0]?.lossSince ?? null,
        restoredSeconds: released?.restoredSeconds ?? null,
        verified: released !== undefined,
      };
    });
    const clinicianRead = await this.#readAsClinician(establishment);
    return {
      ok: careFunctions.every((one) => one.verified) && clinicianRead !== null && clinicianRead.count > 0,
      startedAt: attacked.startedAt,
      seed: this.#options.seed,
      careGap: board.careGap,
      careFunctions,
      detectedAfterSeconds: Math.round((Date.parse(detectedAt) - Date.parse(attacked.startedAt)) / 100) / 10,
      cleanPoint: Object.fromEntries(
        components.flatMap(({ component, snapshot }) =>
          snapshot === null
            ? []
            : [[component, { snapshot: snapshot.id, horizon: snapshot.horizon, passedOver: snapshot.passedOver }]],
        ),
      ),
      isolation: { attempts: recoveries[0]?.isolation?.attempts ?? 0, escaped: recoveries[0]?.isolation?.escaped ?? 0 },
      clinicianRead,
      steps: components.flatMap(({ component, steps }) =>
        Object.entries(steps).map(([step, done]) => ({
          component,
          step,
          seconds: done?.seconds ?? null,
          attempts: done?.attempt ?? 0,
        })),
      ),
      attack: { files: attacked.files, bytes: attacked.bytes },
      failures: this.#failures,
    };
  }

  /** Through the gateway that release opened, as a ward's own software would. */
  async #readAsClinician(establishment: Establishment): Promise<DrillReport['clinicianRead']> {
    const open = (await establishment.openings?.list()) ?? [];
    const door = open.find(({ component, inside }) => component === 'dpi' && inside === 8080);
    if (door === undefined) return null;
    const answer = await fetch(`http://127.0.0.1:${door.port}/fhir/MedicationRequest?_summary=count`, {
      signal: AbortSignal.timeout(10_000),
    });
    const bundle: unknown = await answer.json();
    const count = typeof bundle === 'object' && bundle !== null && 'total' in bundle ? Number(bundle.total) : 0;
    return { what: 'MedicationRequest', count };
  }

  async #act(establishment: Establishment, command: HospitalCommand): Promise<void> {
    const answer = await establishment.world.journal.queue.submit(command, person);
    if (!answer.ok) this.#failures.push(`${command.type}: ${answer.refusal.code} ${answer.refusal.where ?? ''}`);
  }

  /** Resolves with the state in which it holds; throws, naming what was waited for, when patience ends. */
  #until(establishment: Establishment, what: string, holds: (state: HospitalState) => boolean): Promise<HospitalState> {
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
    return establishment.world.until(holds, limit).catch((error: unknown) => {
      throw this.#signal.aborted ? error : new Error(`the drill waited in vain for: ${what}`);
    });
  }
}

/** Nothing can change any more about whether it may be released: it may, or something it needs waits for a person. */
function isSettled(
  recovery: Parameters<typeof isReadyToRelease>[0],
  map: Parameters<typeof isReadyToRelease>[1],
  careFunction: string,
): boolean {
  const verdict = isReadyToRelease(recovery, map, careFunction);
  return verdict.ok || !verdict.refusal.retryable;
}

/** It waits for a person, or for a component that does. */
function cannotGoOn(recovery: Recovery, component: RecoveringComponent): boolean {
  return (
    Object.values(component.steps).some((step) => waitsForPerson(step)) ||
    component.after.flatMap((below) => recovery.components[below] ?? []).some((below) => cannotGoOn(recovery, below))
  );
}

/** What failed, and what failed while that was being put away. */
function reasonOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${reasonOf(error.suppressed)}; then ${reasonOf(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}

function currentStep(steps: { [step: string]: { state: string } | undefined }): string {
  const [step, last] = Object.entries(steps).at(-1) ?? ['…', undefined];
  return last === undefined ? step : `${step} ${last.state}`;
}

function failed(why: string): never {
  throw new Error(why);
}
