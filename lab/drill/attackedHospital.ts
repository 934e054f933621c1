import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanRoom } from '../../src/adapters/cleanRoom/cleanRoom.ts';
import { type StartedHelper, startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { SecretFiles } from '../../src/adapters/secretFiles/secretFiles.ts';
import { stateOf } from '../../src/detect/state.ts';
import { Establishment } from '../../src/main/establishment.ts';
import type { HospitalState } from '../../src/main/hospital.ts';
import { attack } from '../attacker.ts';
import { type LabHospital, startHospital } from '../hospital.ts';
import { COMPONENT, programFile, writeConfiguration } from '../reflexe.ts';
import type { HubFolders } from './killableHub.ts';

/** Longest wait for any one thing: far beyond what it takes, so that a defect is told and not waited for. */
const PATIENCE_MILLISECONDS = 90_000;

/**
 * A small hospital that was watched, backed up one night, then really encrypted; and the journal of a hub that saw it all, its
 * incident open and nothing restored yet. Tests of restoration start from a copy of that journal, each with a folder of its own.
 */
export class AttackedHospital {
  readonly folder: string;
  readonly hospital: LabHospital;
  readonly configuration: string;
  readonly #journal: string;
  #copies = 0;

  static async prepare(patients = 60): Promise<AttackedHospital> {
    const folder = await mkdtemp(join(tmpdir(), 'rfx-lab-'));
    await chmod(folder, 0o711);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const hospital = await startHospital({ folder: join(folder, 'hospital'), seed: 'attacked', patients, studies: 2 });
    undo.defer(async () => void (await hospital.stop()));
    await writeFile(join(folder, 'programs.json'), programFile(), { mode: 0o600 });
    await mkdir(join(folder, 'door'), { mode: 0o700 });
    const watched = join(folder, 'watched');
    await writeConfiguration(hospital.description, watched);
    const journal = join(folder, 'journal');
    await liveThroughAttack(hospital, watched, journal);
    // The lives that follow restore and watch nothing: what they do is theirs alone.
    const configuration = join(folder, 'configuration');
    await cp(watched, configuration, { recursive: true });
    await rm(join(configuration, 'checks.yaml'));
    undo.move();
    return new AttackedHospital(folder, hospital, configuration, journal);
  }

  private constructor(folder: string, hospital: LabHospital, configuration: string, journal: string) {
    this.folder = folder;
    this.hospital = hospital;
    this.configuration = configuration;
    this.#journal = journal;
  }

  get helper(): { socket: string; state: string; programs: string } {
    const place = (...names: string[]) => join(this.folder, ...names);
    return { socket: place('door', 'helper.sock'), state: place('helper'), programs: place('programs.json') };
  }

  /** The folders of a hub that has seen the attack, its data folder its own. */
  async hub(): Promise<HubFolders> {
    this.#copies += 1;
    const data = join(this.folder, `hub-${this.#copies}`);
    await cp(this.#journal, data, { recursive: true });
    await chmod(data, 0o711);
    const { configuration, helper } = this;
    return { data, configuration, secrets: this.hospital.description.secretsFolder, ...helper };
  }

  async startHelper({ socket, state, programs }: this['helper'] = this.helper): Promise<StartedHelper> {
    const started = await startHelper({ socket, state, programs, lifeline: true });
    if (!started.ok) throw new Error(started.refusal.message);
    return started.value;
  }

  async end(): Promise<void> {
    await this.hospital.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Watches the hospital while it is well, takes one night with its facts, then sees it attacked; ends with an incident open. */
async function liveThroughAttack(hospital: LabHospital, configuration: string, folder: string): Promise<void> {
  const { description, backups } = hospital;
  const troubles: string[] = [];
  // Nothing is restored in this life: its room is never asked for.
  const room = cleanRoom({ socket: join(folder, 'no-helper.sock') });
  const opened = await Establishment.open({
    id: 'live',
    kind: 'live',
    folder,
    configuration,
    secrets: new SecretFiles(description.secretsFolder),
    sealer: null,
    cleanRoom: room,
    onTrouble: (what, error) => troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
  });
  if (!opened.ok) throw new Error(`${opened.refusal.message} ${opened.refusal.expected ?? ''}`);
  const establishment = opened.value;
  const until = (what: string, holds: (state: HospitalState) => boolean) =>
    establishment.world.until(holds, AbortSignal.timeout(PATIENCE_MILLISECONDS)).catch(() => {
      throw new Error(`waited in vain for: ${what}. ${troubles.join('; ')}`);
    });
  try {
    const watched = Object.values(COMPONENT);
    await until('every service seen up', ({ detect }) => watched.every((one) => stateOf(detect, one) === 'up'));
    const night = new Date(Math.floor((Date.now() - 86_400_000) / 1000) * 1000);
    const silent = await establishment.recordFacts(night, AbortSignal.timeout(PATIENCE_MILLISECONDS));
    if (silent.length > 0) throw new Error(`no facts: ${JSON.stringify(silent)}`);
    const taken = await backups.takeNight(night);
    for (const part of taken.parts) if (!part.ok) throw new Error(`no night: ${part.part} ${part.reason}`);
    await attack({
      runFolder: description.folder,
      targets: Object.values(description.folders),
      order: 'in-turn',
    });
    await until('an incident that names every care function', ({ activate, map }) =>
      Object.values(activate.incidents).some(
        ({ careFunctions }) => careFunctions.length === map.document?.careFunctions.length,
      ),
    );
  } finally {
    await establishment.close();
  }
}
