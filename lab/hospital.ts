import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApplication } from './application.ts';
import { placeMarker } from './attack/guards.ts';
import { type Backups, makeRepositories, openBackups, type Part } from './backups.ts';
import { startDatabase } from './database/cluster.ts';
import { loadDatabase } from './database/load.ts';
import { type LabDescription, labDescription, saveDescription } from './description.ts';
import { type Feed, openFeed } from './feed.ts';
import { startArchive, storeStudies } from './imaging/orthanc.ts';
import { makeStudies } from './imaging/studies.ts';
import { makePopulation } from './population/population.ts';
import { randomOf } from './population/random.ts';
import { writeReports } from './population/reports.ts';
import { type Power, startPower } from './power.ts';
import { placeCanary } from './run/canaries.ts';
import { type Ended, endRun } from './run/ending.ts';
import { missingPackages } from './run/packages.ts';
import { appendRecord } from './run/record.ts';
import { makeFolder, openRun, type Run } from './run/run.ts';
import { makeSecrets } from './run/secrets.ts';

export interface HospitalOptions {
  folder: string;
  seed: string | number;
  patients?: number;
  studies?: number;
  /** The moment the population is made for; the present when absent. With it, a seed gives the same rows again. */
  now?: Date;
  signal?: AbortSignal;
  onProgress?: (progress: { what: string; done: number; total: number }) => void;
}

export interface LabHospital {
  description: LabDescription;
  power: Power;
  backups: Backups;
  feed: Feed;
  /** New radiographies of known patients, dated within the ninety days before `at`; returns the images stored. */
  addStudies(count: number, at: Date): Promise<number>;
  /** Ends everything by the record and removes the folder; safe after an attack, and twice. */
  stop(): Promise<Ended>;
}

const PATIENTS = 3_000;
const STUDIES = 40;

/** Starts the whole hospital; on any failure or abort, ends what it had started, then throws. */
export async function startHospital(options: HospitalOptions): Promise<LabHospital> {
  const signal = options.signal ?? new AbortController().signal;
  const missing = missingPackages();
  if (missing.length > 0) {
    throw new Error(
      `The lab needs Debian packages that are not here: ${missing.join(' ')}. ` +
        `As root: apt-get install --no-install-recommends ${missing.join(' ')}. Nothing was changed.`,
    );
  }
  const stopping = new AbortController();
  const run = await openRun(options.folder, AbortSignal.any([signal, stopping.signal]));
  const parts: Promise<unknown>[] = [];
  try {
    return await start(run, options, stopping, parts);
  } catch (error) {
    stopping.abort(error);
    // What was being started next to the part that failed must not start anything more while we clean up.
    await Promise.allSettled(parts);
    await endRun(run.folder);
    throw error;
  }
}

async function start(
  run: Run,
  options: HospitalOptions,
  stopping: AbortController,
  parts: Promise<unknown>[],
): Promise<LabHospital> {
  const begun = performance.now();
  const seconds: { [part: string]: number } = {};
  const total = 9;
  /** Runs one part, notes when it was done since the start, and says so. */
  const part = async <Value>(what: string, work: Promise<Value>): Promise<Value> => {
    parts.push(work);
    const value = await work;
    seconds[what] = Math.round(performance.now() - begun) / 1000;
    options.onProgress?.({ what, done: Object.keys(seconds).length, total });
    return value;
  };
  const now = options.now ?? new Date();
  const secrets = makeSecrets(run);
  makeFolder(run, 'logs', 'starter');
  makeFolder(run, 'run', 'services');
  const applicationFolder = makeFolder(run, 'application', 'starter');
  mkdirSync(join(applicationFolder, 'documents'));
  writeFileSync(join(applicationFolder, 'database-password'), secrets['database-application'], { mode: 0o600 });

  const starting = Promise.all([
    part('database', startDatabase(run)),
    part('imaging archive', startArchive(run)),
    part('power', startPower(run)),
    part('backup repositories', makeRepositories(run)),
  ]);
  // Made while those start; a failure of one of them is met at the `await` below.
  starting.catch(() => {});
  const population = makePopulation(options.seed, now.getTime(), options.patients ?? PATIENTS);
  const documents = await part('documents', writeReports(applicationFolder, population));
  const [database, archive, power, repositories] = await starting;

  const random = randomOf(`studies/${options.seed}`);
  const studies = makeStudies(
    random,
    `${options.seed}`,
    population.patients,
    now.getTime(),
    options.studies ?? STUDIES,
  );
  const [, images] = await Promise.all([
    part('records', loadDatabase(run, database, population, documents, secrets)),
    part('images', storeStudies(archive, studies, run.signal)),
  ]);
  const application = await part('application', startApplication(run, applicationFolder, database, archive));

  const folders: { [Name in Part]: string } = {
    database: database.dataFolder,
    imaging: archive.storageFolder,
    application: applicationFolder,
  };
  const canaries = [
    { part: 'database' as const, ...placeCanary(folders.database, run.account.give) },
    { part: 'imaging' as const, ...placeCanary(folders.imaging, run.account.give) },
    { part: 'application' as const, ...placeCanary(join(folders.application, 'documents'), () => {}) },
  ];
  for (const folder of Object.values(folders)) placeMarker(folder, run.token);
  const loaded = Object.fromEntries(Object.entries(population).map(([table, rows]) => [table, rows.length]));
  const description = labDescription({
    run,
    options: { seed: String(options.seed), now },
    database,
    archive,
    power,
    application,
    repositories,
    folders,
    canaries,
    loaded: { ...loaded, documents: documents.length, studies: options.studies ?? STUDIES, images },
    startedInSeconds: seconds,
  });
  await part('ready', Promise.resolve());
  saveDescription(description);
  appendRecord(run.folder, { kind: 'ready', at: new Date().toISOString() });

  const feed = openFeed({
    host: description.endpoints.hl7.host,
    port: description.endpoints.hl7.port,
    seed: options.seed,
  });
  let rounds = 0;
  return {
    description,
    power,
    feed,
    backups: openBackups(run, repositories, database, folders),
    addStudies: (count, at) => {
      rounds += 1;
      const label = `${options.seed}/later-${rounds}`;
      const made = makeStudies(random, label, population.patients, at.getTime(), count);
      return storeStudies(archive, made, run.signal);
    },
    async stop() {
      await feed.close();
      stopping.abort(new Error('the lab was stopped'));
      return endRun(run.folder);
    },
  };
}
