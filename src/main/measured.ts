import type { MeasuredPeriods } from '../map/returns/dataLoss.ts';
import type { MeasuredReturn } from '../map/returns/returns.ts';
import type { Measured } from '../map/returns/view.ts';
import { type MeasuredRestoration, measuredRestorations } from '../restore/measured.ts';
import type { RestoreState } from '../restore/state.ts';

/**
 * What a world's restorations took, marked as such in an exercise or a drill; and how far apart its backups are. The same object while
 * nothing new was measured.
 */
export function measuredIn(state: RestoreState, periods: MeasuredPeriods, isExercise: boolean): Measured {
  const restorations = measuredRestorations(state);
  const known = made.get(restorations);
  if (known?.periods === periods) return known;
  const returns = Object.fromEntries(
    Object.entries(restorations).map(([id, { seconds, at, proof }]): [string, MeasuredReturn] => [
      id,
      { seconds, at, exercise: isExercise || proof },
    ]),
  );
  const fresh = { returns, periods };
  made.set(restorations, fresh);
  return fresh;
}

const made = new WeakMap<{ [component: string]: MeasuredRestoration }, Measured>();
