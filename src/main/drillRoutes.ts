import { accept, type Result, refuse } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from '../server/declare.ts';
import type { DrillStage, RunningDrill, StartDrill } from './drill.ts';
import type { HospitalWorld } from './world.ts';
import type { Worlds } from './worlds.ts';

/** The drill, started and watched from the interface: one at a time. Only a checkout started with `--lab` has these routes. */
export function drillRoutes(
  worlds: Worlds,
  startDrill: StartDrill,
  onTrouble: (what: string, error: unknown) => void,
): { routes: JsonRoute[]; close(): Promise<void> } {
  let running: RunningDrill | null = null;
  let stage: { stage: DrillStage; detail: string } | null = null;
  let outcome: unknown = null;

  async function start(): Promise<Result<{ world: string }>> {
    if (running !== null && outcome === null)
      return refuse('drill-running', 'A drill is already running.', {
        where: 'drill',
        cure: 'Watch it, or stop it first.',
      });
    await stop();
    stage = { stage: 'leftovers', detail: '' };
    outcome = null;
    const started = await startDrill({
      stage: (name, detail) => {
        stage = { stage: name, detail };
      },
      world: (world: HospitalWorld) => worlds.add(world),
    });
    if (!started.ok) return started;
    running = started.value;
    void started.value.report
      .then((report) => {
        outcome = report.ok ? report.value : { error: report.refusal };
      })
      .catch((error: unknown) => {
        outcome = {
          error: refuse('drill-failed', error instanceof Error ? error.message : 'The drill failed.').refusal,
        };
        onTrouble('drill', error);
      });
    return accept({ world: 'drill' });
  }

  /** Ends the drill that runs, or puts away the one that ended: its world stays to be looked at until then. */
  async function stop(): Promise<void> {
    const ending = running;
    running = null;
    worlds.remove('drill');
    await ending?.stop();
  }

  return {
    routes: [
      jsonRoute({
        method: 'POST',
        url: '/api/drill',
        allowed: ['administrator'],
        scope: 'establishment',
        handle: start,
      }),
      jsonRoute({
        method: 'GET',
        url: '/api/drill',
        allowed: 'signedIn',
        scope: 'establishment',
        handle: () => accept({ running: running !== null && outcome === null, stage, outcome }),
      }),
      jsonRoute({
        method: 'POST',
        url: '/api/drill/stop',
        allowed: ['administrator'],
        scope: 'establishment',
        handle: async () => {
          await stop();
          return accept({});
        },
      }),
    ],
    close: stop,
  };
}
