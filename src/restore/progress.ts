import { accept, type Result, refuse } from '../journal/result.ts';
import type { CompiledMap } from '../map/compile.ts';
import type { StepKind } from './events.ts';
import { componentsOf } from './plan.ts';
import type { RecoveringComponent, Recovery } from './state.ts';

/** Tries of a step before it waits for a person: enough for a passing fault, few enough that nobody waits in vain. */
export const MAX_ATTEMPTS = 3;

/** What machines do to a component, in order; releasing is a person's. */
const automatic = ['choose', 'fetch', 'start', 'verify'] as const satisfies readonly StepKind[];

/** Steps a worker may take now, the most vital first. */
export function stepsReady(recovery: Recovery): { component: string; step: StepKind }[] {
  if (recovery.closed !== null) return [];
  return Object.values(recovery.components)
    .toSorted((one, other) => one.rank - other.rank)
    .flatMap((component) => {
      const step = automatic.find((kind) => component.steps[kind]?.state !== 'done');
      return step !== undefined && isReady(recovery, component, step) ? [{ component: component.component, step }] : [];
    });
}

function isReady(recovery: Recovery, component: RecoveringComponent, step: StepKind): boolean {
  const last = component.steps[step];
  if (last?.state === 'running') return false;
  if (last?.failure != null && !mayTryAgain(last)) return false;
  if (step !== 'start') return true;
  return (
    recovery.room !== null &&
    component.after.every((below) => recovery.components[below]?.steps.verify?.state === 'done')
  );
}

/** A try cut short by the end of our own process is not held against the step. */
const mayTryAgain = (step: { attempt: number; failure: { code: string; retryable: boolean } | null }): boolean =>
  step.failure === null ||
  (step.failure.retryable && (step.failure.code === 'interrupted' || step.attempt < MAX_ATTEMPTS));

export const waitsForPerson = (step: {
  state: string;
  attempt: number;
  failure: { code: string; retryable: boolean } | null;
}): boolean => step.state === 'failed' && !mayTryAgain(step);

/** The room's isolation must be proved after the newest member joined it. */
export function needsIsolationProof(recovery: Recovery): boolean {
  const newest = Math.max(0, ...Object.values(recovery.components).map((component) => startedAt(component) ?? 0));
  return recovery.room !== null && recovery.closed === null && newest > (recovery.isolation?.sequence ?? 0);
}

const startedAt = (component: RecoveringComponent): number | null =>
  component.steps.start?.state === 'done' ? component.steps.start.sequence : null;

/** Everything the care function rests on is verified, in a room proved closed since. Yields those components. */
export function isReadyToRelease(
  recovery: Recovery,
  map: CompiledMap,
  careFunction: string,
): Result<RecoveringComponent[]> {
  const needed = componentsOf(map, careFunction).map((id) => [id, recovery.components[id]] as const);
  const waiting = needed.filter(([, component]) => component?.steps.verify?.state !== 'done').map(([id]) => id);
  if (needed.length === 0 || waiting.length > 0) {
    return refuse('not-verified', 'Something this care function rests on is not verified yet.', {
      where: careFunction,
      expected: waiting.join(', '),
      cure: 'Wait for its verification, or open its failed step.',
    });
  }
  const components = needed.flatMap(([, component]) => component ?? []);
  const isolation = recovery.isolation;
  if (isolation === null || components.some((component) => (startedAt(component) ?? 0) > isolation.sequence)) {
    return refuse(
      'isolation-not-proved',
      'The isolation of the clean room is not proved since its last member started.',
      { where: careFunction, retryable: true },
    );
  }
  if (isolation.escaped > 0) {
    return refuse('isolation-broken', 'The clean room is not closed: a forbidden path got out.', {
      where: recovery.recovery,
      expected: '0 escapes',
      cure: 'Do not release. Open the proof, close the path, prove again.',
    });
  }
  return accept(components);
}
