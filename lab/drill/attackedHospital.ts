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
import type { Night } from '../backups.ts';
import { query } from '../database/cluster.ts';
import { type LabHospital, startHospital } from '../hospital.ts';
import { COMPONENT, programFile, writeConfiguration } from '../reflexe.ts';
import type { HubFolders } from './killableHub.ts';

/** Longest wait for any one thing: far beyond what it takes, so that a defect is told and not waited for. */
const PATIENCE_MILLISECONDS = 90_000;

const DAY = 86_400_000;
/** Messages of hospital life before each night. */
const MESSAGES = 10;
const FACTS_TRIES = 5;

/** `emptied`: the intruder has emptied the patients' records just before; the files stand, whole. */
export type LivedNight = 'ordinary' | 'emptied';

/**
 * A small hospital that was watched, backed up some nights, then really encrypted; and the journal of a hub that saw it all, its
 * incident open and nothing restored yet. Tests of restoration start from a copy of that journal, each with a folder of its own.
 */
export class AttackedHospital {
  readonly folder: string;
  readonly hospital: LabHospital;
  /** Oldest first; what was backed up after the encryption is not among them. */
  readonly nights: readonly Night[];
  readonly configuration: string;
  readonly #journal: string;
  #copies = 0;

  static async prepare(lived: readonly LivedNight[] = ['ordinary'], patients = 60): Promise<AttackedHospital> {
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
    const nights = await liveThroughAttack(hospital, watched, journal, lived);
    // The lives that follow restore and watch nothing: what they do is theirs alone.
    const configuration = join(folder, 'configuration');
    await cp(watched, configuration, { recursive: true });
    await rm(join(configuration, 'checks.yaml'));
    undo.move();
    return new AttackedHospital(folder, hospital, nights, configuration, journal);
  }

  private constructor(
    folder: string,
    hospital: LabHospital,
    nights: readonly Night[],
    configuration: string,
    journal: string,
  ) {
    this.folder = folder;
    this.hospital = hospital;
    this.nights = nights;
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

/** Watches the hospital while it is well, takes its nights, the ordinary ones with their facts, then sees it attacked; ends with an incident open. */
async function liveThroughAttack(
  hospital: LabHospital,
  configuration: string,
  folder: string,
  lived: readonly LivedNight[],
): Promise<Night[]> {
  const { description, backups, feed } = hospital;
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
    const nights: Night[] = [];
    for (const [index, what] of lived.entries()) {
      const night = new Date(Math.floor((Date.now() - (lived.length - index) * DAY) / 1000) * 1000);
      if (what === 'emptied') await emptyRecords(hospital);
      else {
        const allUp = () =>
          until('every service seen up', ({ detect }) => watched.every((one) => stateOf(detect, one) === 'up'));
        await allUp();
        await feed.send(MESSAGES, { from: new Date(night.getTime() - DAY / 4), to: night });
        // A busy machine may lose sight of a service in between; facts are taken of what is seen to be up.
        for (let tries = 1; ; tries += 1) {
          await allUp();
          const silent = await establishment.recordFacts(night, AbortSignal.timeout(PATIENCE_MILLISECONDS));
          if (silent.length === 0) break;
          if (tries === FACTS_TRIES) throw new Error(`no facts: ${JSON.stringify(silent)}`);
        }
      }
      const taken = await backups.takeNight(night);
      for (const part of taken.parts) if (!part.ok) throw new Error(`no night: ${part.part} ${part.reason}`);
      nights.push(taken);
    }
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
    return nights;
  } finally {
    await establishment.close();
  }
}

/** Done to the database through its own door: every patient and all that hangs on one. */
async function emptyRecords({ description: { folder, endpoints } }: LabHospital): Promise<void> {
  const { host, port, database: name } = endpoints.postgresql;
  await query({ folder }, { host, port, name }, 'truncate patient cascade');
}
