import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanRoom } from '../../src/adapters/cleanRoom/cleanRoom.ts';
import { startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { SecretFiles } from '../../src/adapters/secretFiles/secretFiles.ts';
import { accept, type Result, refuse } from '../../src/journal/result.ts';
import type { DrillListener, DrillReport, RunningDrill } from '../../src/main/drill.ts';
import { Establishment } from '../../src/main/establishment.ts';
import { whyOf } from '../../src/main/whyOf.ts';
import { startHospital } from '../hospital.ts';
import { programFile, writeConfiguration } from '../reflexe.ts';
import { endLeftovers, openDrillFolder } from './folders.ts';
import { encrypt, nights } from './hospitalLife.ts';
import { detection, restoration } from './machines.ts';
import { outcomeOf } from './outcome.ts';
import { containment, release } from './people.ts';
import { everyServiceUp, type Running } from './running.ts';

export interface DrillOptions {
  seed: string;
  /** Nights backed up before the encryption. */
  nights?: number;
  /** Studies, patients: a smaller hospital for tests. */
  patients?: number;
}

/** Nights backed up before the encryption, where nobody says otherwise: two before the implant, two with it. */
const NIGHTS = 4;

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
      onTrouble: (what, error) => process.stderr.write(`${what}: ${whyOf(error)}\n`),
    });
    if (!opened.ok) return opened;
    const establishment = opened.value;
    stack.defer(() => establishment.close());
    this.#listener.world(establishment.world);
    const running: Running = { establishment, hospital, stage, signal: this.#signal, failures: this.#failures };
    await everyServiceUp(running);
    const taken = await nights(running, this.#options.nights ?? NIGHTS);
    const attacked = await encrypt(running);
    const detectedAt = await detection(running, attacked.report.startedAt);
    await containment(running);
    await restoration(running);
    await release(running);
    stage('report', '');
    const report = await outcomeOf(running, this.#options.seed, {
      attack: attacked.report,
      nights: [...taken, attacked.night],
      detectedAt,
    });
    // What was brought back stays open to look at, until whoever started the drill stops it.
    this.#owned = stack.move();
    return accept(report);
  }

  /** Ends the hospital, the room and the journal of this drill, and removes their files. */
  async close(): Promise<void> {
    await this.#owned?.disposeAsync();
    this.#owned = null;
  }
}

/** What failed, and what failed while that was being put away. */
function reasonOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${reasonOf(error.suppressed)}; then ${reasonOf(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}
