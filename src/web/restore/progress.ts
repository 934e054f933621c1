import type { RecoveryComponentView, RecoveryStepView, RecoveryView } from '../../restore/views.ts';

/** What the screen leads with, most urgent first. */
export type Leading =
  | { kind: 'release'; careFunctions: RecoveryView['careFunctions'] }
  | { kind: 'person'; component: RecoveryComponentView; step: RecoveryStepView }
  | { kind: 'failed'; component: RecoveryComponentView; step: RecoveryStepView }
  | { kind: 'running'; component: RecoveryComponentView; step: RecoveryStepView }
  | { kind: 'waiting' }
  | { kind: 'finished' };

/** A care function ready to reopen outranks everything: people wait for it. Releasing is told on the function, not on its components. */
export function leading(recovery: RecoveryView): Leading {
  const ready = recovery.careFunctions.filter((one) => one.ready && one.releasedAt === null);
  if (recovery.closed === null && ready.length > 0) return { kind: 'release', careFunctions: ready };
  if (recovery.closed !== null || recovery.careFunctions.every((one) => one.releasedAt !== null))
    return { kind: 'finished' };
  const first = (isWanted: (step: RecoveryStepView) => boolean) => {
    for (const component of recovery.components.toSorted((one, other) => one.rank - other.rank)) {
      const step = component.steps.find((one) => one.step !== 'release' && isWanted(one));
      if (step !== undefined) return { component, step };
    }
    return undefined;
  };
  const person = first((step) => step.state === 'needsPerson');
  if (person !== undefined) return { kind: 'person', ...person };
  const failed = first((step) => step.state === 'failed' && step.failure?.retryable !== true);
  if (failed !== undefined) return { kind: 'failed', ...failed };
  const running = first((step) => step.state === 'running');
  if (running !== undefined) return { kind: 'running', ...running };
  const again = first((step) => step.state === 'failed');
  if (again !== undefined) return { kind: 'failed', ...again };
  return { kind: 'waiting' };
}

/** 0 to 1, or null while the step cannot tell its end. */
export function fraction(step: RecoveryStepView): number | null {
  if (step.state === 'done') return 1;
  return step.progress === null || step.progress.total === 0
    ? null
    : Math.min(1, step.progress.done / step.progress.total);
}
