import { waitsForPerson } from '../progress.ts';
import type { Recovery } from '../state.ts';
import { type StepKind, stepKinds } from '../step.ts';

/** Where a component stopped for good, and why: its own step, or one below it; null while it may still go on, or went through. */
export function stopsAt(recovery: Recovery, id: string): { step: StepKind; code: string } | null {
  const component = recovery.components[id];
  if (component === undefined) return null;
  for (const step of stepKinds) {
    const last = component.steps[step];
    if (last !== undefined && waitsForPerson(last)) return { step, code: last.failure?.code ?? 'unknown' };
  }
  const started = component.steps.start?.state === 'done';
  const stopped = started ? undefined : component.after.find((below) => stopsAt(recovery, below) !== null);
  return stopped === undefined ? null : { step: 'start', code: 'below-failed' };
}

/** Every component of it was verified, or stopped for good. */
export const isThrough = (recovery: Recovery): boolean =>
  Object.values(recovery.components).every(
    ({ component, steps }) => steps.verify?.state === 'done' || stopsAt(recovery, component) !== null,
  );
