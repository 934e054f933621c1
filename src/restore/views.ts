import type { Refusal } from '../journal/result.ts';
import type { CompiledMap } from '../map/compile.ts';
import type { Words } from '../map/model.ts';
import type { FactCheck } from './events.ts';
import { isReadyToRelease, waitsForPerson } from './progress.ts';
import type { RecoveringComponent, Recovery, RestoreState } from './state.ts';
import { type StepKind, stepKinds } from './step.ts';

export interface RecoveryStepView {
  step: StepKind;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'needsPerson';
  attempt: number;
  startedAt: string | null;
  seconds: number | null;
  failure: { code: string; detail: string; retryable: boolean } | null;
  /** Live progress of a running step; null where it has none to tell. */
  progress: { done: number; total: number; unit: 'bytes' | 'files' | 'steps' } | null;
}

export interface RecoveryComponentView {
  component: string;
  name: Words;
  rank: number;
  /** Why it stands at this rank. */
  careFunctions: string[];
  after: string[];
  expectedSeconds: number | null;
  steps: RecoveryStepView[];
  snapshot: {
    id: string;
    horizon: string;
    passedOver: { snapshot: string; time: string; reason: string }[];
    notExamined: number;
  } | null;
  checks: FactCheck[];
}

export interface RecoveryView {
  recovery: string;
  incident: string;
  plannedAt: string;
  lossSince: string;
  closed: 'released' | 'abandoned' | null;
  room: { openedAt: string } | null;
  isolation: { provedAt: string; attempts: number; escaped: number } | null;
  components: RecoveryComponentView[];
  /** Why its clean room cannot be had, as long as it cannot. */
  blocked: Refusal | null;
  leftOut: { component: string; because: string }[];
  careFunctions: {
    careFunction: string;
    name: Words;
    tier: number;
    ready: boolean;
    releasedAt: string | null;
    restoredSeconds: number | null;
    targetSeconds: number;
    horizon: string | null;
  }[];
}

export interface RestorationView {
  recoveries: RecoveryView[];
}

/** What the edge knows and the journal does not: progress of running steps, and why a room cannot be had. */
export interface LiveRestoration {
  /** By `recovery/component`. */
  progress: ReadonlyMap<string, NonNullable<RecoveryStepView['progress']>>;
  /** By recovery. */
  blocked: ReadonlyMap<string, Refusal>;
}

export function restorationView(state: RestoreState, map: CompiledMap | null, live: LiveRestoration): RestorationView {
  return {
    recoveries: Object.values(state.recoveries)
      .flatMap((recovery) =>
        recovery.incident === null ? [] : [recoveryView({ ...recovery, incident: recovery.incident }, map, live)],
      )
      .toReversed(),
  };
}

function recoveryView(
  recovery: Recovery & { incident: string },
  map: CompiledMap | null,
  live: LiveRestoration,
): RecoveryView {
  const names = map?.components;
  return {
    recovery: recovery.recovery,
    incident: recovery.incident,
    plannedAt: recovery.plannedAt,
    lossSince: recovery.lossSince,
    closed: recovery.closed,
    room: recovery.room === null ? null : { openedAt: recovery.room.openedAt },
    isolation:
      recovery.isolation === null
        ? null
        : {
            provedAt: recovery.isolation.provedAt,
            attempts: recovery.isolation.attempts,
            escaped: recovery.isolation.escaped,
          },
    components: Object.values(recovery.components)
      .toSorted((one, other) => one.rank - other.rank)
      .map((component) => ({
        component: component.component,
        name: names?.get(component.component)?.name ?? { fr: component.component },
        rank: component.rank,
        careFunctions: component.careFunctions,
        after: component.after,
        expectedSeconds: component.expectedSeconds,
        steps: stepKinds.filter((step) => step !== 'release').map((step) => stepView(recovery, component, step, live)),
        snapshot: component.snapshot,
        checks: component.checks,
      })),
    blocked: live.blocked.get(recovery.recovery) ?? null,
    leftOut: recovery.leftOut,
    careFunctions: [...(map?.careFunctions.values() ?? [])]
      .filter((careFunction) => recovery.careFunctions.includes(careFunction.id))
      .map((careFunction) => {
        const released = recovery.released[careFunction.id];
        return {
          careFunction: careFunction.id,
          name: careFunction.name,
          tier: careFunction.tier,
          ready: released === undefined && isReadyToRelease(recovery, careFunction.id).ok,
          releasedAt: released?.at ?? null,
          restoredSeconds: released?.restoredSeconds ?? null,
          targetSeconds: careFunction.rtoSeconds,
          horizon: released?.horizon ?? null,
        };
      }),
  };
}

function stepView(
  recovery: Recovery,
  component: RecoveringComponent,
  step: StepKind,
  live: LiveRestoration,
): RecoveryStepView {
  const last = component.steps[step];
  if (last === undefined)
    return { step, state: 'waiting', attempt: 0, startedAt: null, seconds: null, failure: null, progress: null };
  const { attempt, startedAt, seconds, failure } = last;
  const progress =
    last.state === 'running' ? (live.progress.get(`${recovery.recovery}/${component.component}`) ?? null) : null;
  return {
    step,
    state: waitsForPerson(last) ? 'needsPerson' : last.state,
    attempt,
    startedAt,
    seconds,
    failure,
    progress,
  };
}
