import type { DrillReport } from '../../src/main/drill.ts';
import type { Establishment } from '../../src/main/establishment.ts';
import type { BoardView } from '../../src/map/care.ts';
import { compile } from '../../src/map/compile.ts';
import type { AttackReport } from '../attacker.ts';
import { cleanPointOf } from './cleanPoint.ts';
import type { NightTaken } from './hospitalLife.ts';
import type { Running } from './running.ts';

/** What the drill itself did and saw, that no journal of Reflexe's knows. */
export interface DrillStory {
  attack: AttackReport;
  nights: readonly NightTaken[];
  detectedAt: string;
}

/** What the drill came to: each care function beside its target, and everything that failed on the way. */
export async function outcomeOf(
  { establishment, failures }: Running,
  seed: string,
  { attack, nights, detectedAt }: DrillStory,
): Promise<DrillReport> {
  const { state } = establishment.world;
  const recoveries = Object.values(state.restore.recoveries);
  const components = recoveries.flatMap((recovery) => Object.values(recovery.components));
  for (const component of components) {
    for (const [step, { failure } = { failure: null }] of Object.entries(component.steps)) {
      if (failure !== null) failures.push(`${component.component} ${step}: ${failure.code} ${failure.detail}`);
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
  const cleanPoint: DrillReport['cleanPoint'] = {};
  for (const one of components) {
    const point = cleanPointOf(one, state.restore.nights.components[one.component], nights);
    if (point === undefined) continue;
    cleanPoint[one.component] = point;
    const { attacked, horizon } = point;
    if (!point.isNightBeforeAttacked)
      failures.push(`${one.component}: ${horizon} chosen; the attacker was first in ${attacked?.night ?? 'no night'}`);
  }
  const clinicianRead = await readAsClinician(establishment);
  return {
    ok:
      careFunctions.every((one) => one.verified) &&
      Object.values(cleanPoint).every((point) => point.isNightBeforeAttacked) &&
      clinicianRead !== null &&
      clinicianRead.count > 0,
    startedAt: attack.startedAt,
    seed,
    careGap: board.careGap,
    careFunctions,
    detectedAfterSeconds: Math.round((Date.parse(detectedAt) - Date.parse(attack.startedAt)) / 100) / 10,
    cleanPoint,
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
    attack: { files: attack.files, bytes: attack.bytes },
    failures,
  };
}

/** Through the gateway that release opened, as a ward's own software would. */
async function readAsClinician(establishment: Establishment): Promise<DrillReport['clinicianRead']> {
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

function failed(why: string): never {
  throw new Error(why);
}
