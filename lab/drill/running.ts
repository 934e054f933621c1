import { stateOf } from '../../src/detect/state.ts';
import type { DrillListener } from '../../src/main/drill.ts';
import type { Establishment } from '../../src/main/establishment.ts';
import type { HospitalState } from '../../src/main/hospital.ts';
import type { LabHospital } from '../hospital.ts';

/** What each part of a drill that goes on works with. */
export interface Running {
  establishment: Establishment;
  hospital: LabHospital;
  stage: DrillListener['stage'];
  signal: AbortSignal;
  /** What did not go as it should, told at the end. */
  failures: string[];
}

/** Longest the drill waits for any one thing: far beyond what it takes, so that a defect is told and not waited for. */
const PATIENCE_MILLISECONDS = 240_000;

/** Resolves with the state in which it holds; throws, naming what was waited for, when patience ends. */
export function until(
  { establishment, signal }: Pick<Running, 'establishment' | 'signal'>,
  what: string,
  holds: (state: HospitalState) => boolean,
): Promise<HospitalState> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
  return establishment.world.until(holds, limit).catch((error: unknown) => {
    throw signal.aborted ? error : new Error(`the drill waited in vain for: ${what}`);
  });
}

/** A busy machine may miss an answer for a moment. */
export const everyServiceUp = (running: Running): Promise<HospitalState> =>
  until(running, 'every service seen up', ({ detect }) =>
    ['dpi', 'dpi-base', 'pacs', 'onduleur'].every((component) => stateOf(detect, component) === 'up'),
  );
