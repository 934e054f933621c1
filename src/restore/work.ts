import type { StepKind } from './events.ts';
import { needsIsolationProof, stepsReady } from './progress.ts';
import type { RestoreState } from './state.ts';

/** What remains to be done by the edge, most vital first. The same key is never in two hands. */
export type RestoreWork =
  | { kind: 'openRoom'; key: string; recovery: string }
  | { kind: 'proveIsolation'; key: string; recovery: string }
  | { kind: 'step'; key: string; recovery: string; component: string; step: StepKind };

export function workOf(state: RestoreState): RestoreWork[] {
  return Object.values(state.recoveries).flatMap((recovery): RestoreWork[] => {
    const id = recovery.recovery;
    const room: RestoreWork[] =
      recovery.room === null && recovery.closed === null ? [{ kind: 'openRoom', key: `${id}/room`, recovery: id }] : [];
    const proof: RestoreWork[] = needsIsolationProof(recovery)
      ? [{ kind: 'proveIsolation', key: `${id}/room`, recovery: id }]
      : [];
    const steps = stepsReady(recovery).map(
      ({ component, step }): RestoreWork => ({
        kind: 'step',
        key: `${id}/${component}`,
        recovery: id,
        component,
        step,
      }),
    );
    return [...room, ...proof, ...steps];
  });
}

/** Steps of open recoveries that the journal says are running: at start-up nobody holds them, so they are given back. */
export function runningSteps(
  state: RestoreState,
): { recovery: string; component: string; step: StepKind; attempt: number }[] {
  const open = Object.values(state.recoveries).filter(({ closed }) => closed === null);
  return open.flatMap((recovery) =>
    Object.values(recovery.components).flatMap((component) =>
      Object.entries(component.steps).flatMap(([step, running]) =>
        running?.state === 'running'
          ? [
              {
                recovery: recovery.recovery,
                component: component.component,
                step: step as StepKind,
                attempt: running.attempt,
              },
            ]
          : [],
      ),
    ),
  );
}
