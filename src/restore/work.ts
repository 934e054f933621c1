import { needsIsolationProof, stepsReady } from './progress.ts';
import type { RestoreState } from './state.ts';
import type { StepKind } from './step.ts';

/** What remains to be done by the edge, most vital first. The same key is never in two hands. */
export type RestoreWork =
  | { kind: 'openRoom'; key: string; recovery: string }
  | { kind: 'proveIsolation'; key: string; recovery: string }
  /** Of a proof that has ended: its room is taken down, what it restored is removed. First: it frees the disk. */
  | { kind: 'clearAway'; key: string; recovery: string }
  | { kind: 'step'; key: string; recovery: string; component: string; step: StepKind };

export function workOf(state: RestoreState): RestoreWork[] {
  const ended = Object.values(state.proofs.proofs).filter((proof) => proof.ended !== null);
  const away = ended.map(({ recovery }): RestoreWork => ({ kind: 'clearAway', key: `${recovery}/room`, recovery }));
  // A proof gives way to care.
  const ordered = Object.values(state.recoveries).toSorted(
    (one, other) => Number(one.proof !== null) - Number(other.proof !== null),
  );
  const toDo = ordered.flatMap((recovery): RestoreWork[] => {
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
  return [...away, ...toDo];
}

/**
 * Components whose nights are to be looked through. While an incident is open only restorations do; and what people explained since,
 * for it may be what the incident is about.
 */
export const nightsToJudge = ({ nights, incidents }: RestoreState): string[] => {
  const isOpen = Object.keys(incidents).length > 0;
  return Object.entries(nights.components).flatMap(([component, { askedAt, explainedSince }]) =>
    askedAt === null || (isOpen && !explainedSince) ? [] : [component],
  );
};

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
