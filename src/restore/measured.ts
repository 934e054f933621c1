import type { RestoreState } from './state.ts';

/** Last successful restoration of a component, up to and with its verification. */
export interface MeasuredRestoration {
  seconds: number;
  /** When it was verified. ISO 8601. */
  at: string;
  /** Measured in a proof: nobody waited for it, nothing else was being restored. */
  proof: boolean;
}

/** What the recoveries on record took, component by component: the last one that was verified counts. */
export function measuredRestorations(state: RestoreState): { [component: string]: MeasuredRestoration } {
  const known = read.get(state.recoveries);
  if (known?.proofs === state.proofs.components) return known.found;
  const found: { [component: string]: MeasuredRestoration } = {};
  for (const [component, { proved }] of Object.entries(state.proofs.components))
    if (proved !== null) found[component] = { seconds: proved.seconds, at: proved.at, proof: true };
  for (const recovery of Object.values(state.recoveries)) {
    if (recovery.proof !== null) continue;
    for (const { component, steps } of Object.values(recovery.components)) {
      const { verify } = steps;
      if (verify?.state !== 'done') continue;
      const at = new Date(Date.parse(verify.startedAt) + (verify.seconds ?? 0) * 1000).toISOString();
      const seconds = Object.values(steps).reduce((sum, step) => sum + (step.seconds ?? 0), 0);
      const before = found[component];
      if (before === undefined || before.at <= at) found[component] = { seconds, at, proof: false };
    }
  }
  read.set(state.recoveries, { proofs: state.proofs.components, found });
  return found;
}

const read = new WeakMap<
  RestoreState['recoveries'],
  { proofs: RestoreState['proofs']['components']; found: { [component: string]: MeasuredRestoration } }
>();
