import { accept, type Result, refuse } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from '../server/declare.ts';
import type { DrillListener, DrillReport, DrillStage, RunningDrill, StartDrill } from './drill.ts';
import type { Worlds } from './worlds.ts';

export interface DrillStatus {
  running: boolean;
  stage: DrillStage | null;
  detail: string;
  outcome: Result<DrillReport> | null;
}

/**
 * The drill of a process, one at a time, whoever starts it: the terminal or the interface.
 * What it brought back stays open to look at until it is stopped. Only a checkout started with `--lab` has one.
 */
export class DrillDesk {
  readonly #worlds: Worlds;
  readonly #startDrill: StartDrill;
  #running: RunningDrill | null = null;
  #status: DrillStatus = { running: false, stage: null, detail: '', outcome: null };

  constructor(worlds: Worlds, startDrill: StartDrill) {
    this.#worlds = worlds;
    this.#startDrill = startDrill;
  }

  get status(): DrillStatus {
    return this.#status;
  }

  async start(listener?: Partial<DrillListener>): Promise<Result<RunningDrill>> {
    if (this.#status.running) {
      return refuse('drill-running', 'A drill is already running.', {
        where: 'drill',
        kept: 'It goes on.',
        cure: 'Watch it, or stop it first.',
      });
    }
    await this.stop();
    this.#status = { running: true, stage: 'leftovers', detail: '', outcome: null };
    const started = await this.#startDrill({
      stage: (stage, detail) => {
        this.#status = { ...this.#status, stage, detail };
        listener?.stage?.(stage, detail);
      },
      world: (world) => {
        this.#worlds.add(world);
        listener?.world?.(world);
      },
    });
    if (!started.ok) {
      this.#status = { ...this.#status, running: false, outcome: started };
      return started;
    }
    this.#running = started.value;
    void started.value.report
      .catch((error: unknown) => refuse('drill-failed', error instanceof Error ? error.message : 'The drill failed.'))
      .then((outcome) => {
        this.#status = { ...this.#status, running: false, outcome };
      });
    return started;
  }

  /** Ends the drill that runs, or puts away the one that ended. */
  async stop(): Promise<void> {
    const ending = this.#running;
    this.#running = null;
    this.#worlds.remove('drill');
    await ending?.stop();
  }

  routes(): JsonRoute[] {
    return [
      jsonRoute({
        method: 'POST',
        url: '/api/drill',
        act: 'drill.run',
        handle: async () => {
          const started = await this.start();
          return started.ok ? accept({ world: 'drill' }) : started;
        },
      }),
      jsonRoute({ act: 'worlds.see', method: 'GET', url: '/api/drill', handle: () => accept(this.#status) }),
      jsonRoute({
        method: 'POST',
        url: '/api/drill/stop',
        act: 'drill.run',
        handle: async () => accept(await this.stop()),
      }),
    ];
  }
}
