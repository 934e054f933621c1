import type { RestoreState } from './state.ts';

/** Last successful restoration of a component, up to and with its verification. */
export interface MeasuredRestoration {
  seconds: number;
  /** When it was verified. ISO 8601. */
  at: string;
}

/** What the recoveries on record took, component by component: the last one that was verified counts. */
export function measuredRestorations(state: RestoreState): { [component: string]: MeasuredRestoration } {
  const known = read.get(state.recoveries);
  if (known !== undefined) return known;
  const found: { [component: string]: MeasuredRestoration } = {};
  for (const recovery of Object.values(state.recoveries)) {
    for (const { component, steps } of Object.values(recovery.components)) {
      const { verify } = steps;
      if (verify?.state !== 'done') continue;
      const at = new Date(Date.parse(verify.startedAt) + (verify.seconds ?? 0) * 1000).toISOString();
      const seconds = Object.values(steps).reduce((sum, step) => sum + (step.seconds ?? 0), 0);
      const before = found[component];
      if (before === undefined || before.at <= at) found[component] = { seconds, at };
    }
  }
  read.set(state.recoveries, found);
  return found;
}

const read = new WeakMap<RestoreState['recoveries'], { [component: string]: MeasuredRestoration }>();
