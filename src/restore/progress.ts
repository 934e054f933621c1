import { accept, type Result, refuse } from '../journal/result.ts';
import type { RecoveringComponent, Recovery, RunningStep } from './state.ts';
import type { StepKind } from './step.ts';

/** Failures of a step before it waits for a person: enough for a passing fault, few enough that nobody waits in vain. */
const MAX_FAULTS = 3;

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

const mayTryAgain = (step: Pick<RunningStep, 'faults' | 'failure'>): boolean =>
  step.failure === null || (step.failure.retryable && step.faults < MAX_FAULTS);

export const waitsForPerson = (step: Pick<RunningStep, 'state' | 'faults' | 'failure'>): boolean =>
  step.state === 'failed' && !mayTryAgain(step);

/**
 * The room's isolation must be proved after the newest member joined it, and again each time the room was opened again: its
 * members may have been started anew. Also of a recovery that is released: patients are served from it.
 */
export function needsIsolationProof(recovery: Recovery): boolean {
  if (recovery.closed === 'abandoned' || recovery.room === null) return false;
  const starts = Object.values(recovery.components).flatMap((component) => startedAt(component) ?? []);
  return starts.length > 0 && Math.max(...starts, recovery.room.sequence) > (recovery.isolation?.sequence ?? 0);
}

const startedAt = (component: RecoveringComponent): number | null =>
  component.steps.start?.state === 'done' ? component.steps.start.sequence : null;

/**
 * What a recovery brings back for a care function, as it was planned: a map changed since changes nothing of what was begun.
 * All of it must be verified before the function may be released.
 */
export const carrying = (recovery: Recovery, careFunction: string): RecoveringComponent[] =>
  Object.values(recovery.components).filter(({ careFunctions }) => careFunctions.includes(careFunction));

/** Everything the care function rests on is verified, in a room proved closed since. Yields those components. */
export function isReadyToRelease(recovery: Recovery, careFunction: string): Result<RecoveringComponent[]> {
  const components = carrying(recovery, careFunction);
  const waiting = components.filter(({ steps }) => steps.verify?.state !== 'done').map(({ component }) => component);
  if (components.length === 0 || waiting.length > 0) {
    return refuse('not-verified', 'Something this care function rests on is not verified yet.', {
      where: careFunction,
      expected: waiting.join(', '),
      cure: 'Wait for its verification, or open its failed step.',
    });
  }
  const isolation = recovery.isolation;
  const newest = Math.max(recovery.room?.sequence ?? 0, ...components.map((component) => startedAt(component) ?? 0));
  if (isolation === null || newest > isolation.sequence) {
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

/** A component answers no more than what it rests on knows: its data are as old as the oldest of these. Null before one is chosen. */
export function horizonOf({ components }: Pick<Recovery, 'components'>, id: string): string | null {
  const below = new Set([id]);
  for (const one of below) for (const next of components[one]?.after ?? []) below.add(next);
  if (components[id]?.snapshot == null) return null;
  const horizons = [...below].flatMap((one) => components[one]?.snapshot?.horizon ?? []);
  return horizons.toSorted((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}
