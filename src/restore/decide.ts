import type { NewEvent } from '../journal/event.ts';
import { accept, type Refusal, type Refusing, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import { compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import {
  careFunctionReleased,
  cleanRoomOpened,
  componentFetched,
  componentVerified,
  healthyFactsRecorded,
  isolationProved,
  nightSetAside,
  recoveryClosed,
  recoveryPlanned,
  recoveryStepDone,
  recoveryStepFailed,
  recoveryStepStarted,
  snapshotChosen,
} from './events.ts';
import { compareFacts } from './facts.ts';
import { decideNights, type JudgedAll, type NightsCommand, nightsRecorded } from './nights/decide.ts';
import { continuing, planRecovery } from './plan.ts';
import type { KnownFact } from './ports.ts';
import { horizonOf, isReadyToRelease, stepsReady } from './progress.ts';
import { decideProof, type ProofCommand } from './proof/decide.ts';
import type { RecoveringComponent, Recovery, RestoreState } from './state.ts';
import { StepKind } from './step.ts';

interface OfStep {
  recovery: string;
  component: string;
  attempt: number;
  seconds: number;
}

export type RestoreCommand =
  | NightsCommand
  | ProofCommand
  | { type: 'RecordHealthyFacts'; component: string; probe: string; facts: KnownFact[]; at: string }
  | { type: 'PlanRecovery'; incident: string }
  | { type: 'RecordRoomOpened'; recovery: string; room: string; endedOrphans: number }
  | { type: 'RecordIsolation'; recovery: string; attempts: number; escaped: number; paths: string[] }
  | { type: 'BeginStep'; recovery: string; component: string; step: StepKind }
  | ({
      type: 'FinishChoose';
      snapshot: string;
      horizon: string;
      passedOver: { snapshot: string; time: string; reason: string }[];
      rulesOf: string;
      notExamined: number;
      /** What the look through all nights came to; null where each was examined by itself. */
      judged: JudgedAll | null;
    } & OfStep)
  | ({ type: 'FinishFetch'; files: number; bytes: number; problems: number } & OfStep)
  | ({ type: 'FinishStart' } & OfStep)
  | ({ type: 'FinishVerify'; found: { probe: string; facts: KnownFact[] }[] } & OfStep)
  | {
      type: 'FailStep';
      recovery: string;
      component: string;
      step: StepKind;
      attempt: number;
      code: string;
      detail: string;
      retryable: boolean;
    }
  /** `olderNight`: not the same step again, but the night before the one whose verification failed. */
  | { type: 'RetryStep'; recovery: string; component: string; olderNight?: boolean }
  | { type: 'Release'; recovery: string; careFunction: string }
  | { type: 'CloseRecovery'; recovery: string; outcome: 'released' | 'abandoned' };

export interface Shared {
  document: HospitalMap | null;
}

export function decide(state: RestoreState, command: RestoreCommand, context: Context<Shared>): Result<NewEvent[]> {
  switch (command.type) {
    case 'RecordHealthyFacts': {
      const { type: _type, ...data } = command;
      if (data.component in state.lost) {
        return refuse('not-healthy', 'Facts are taken while a component is up; this one is not.', {
          where: data.component,
          kept: 'Earlier facts are kept.',
        });
      }
      return accept([healthyFactsRecorded.of(data)]);
    }
    case 'PlanRecovery':
      return plan(state, command.incident, context);
    case 'RecordRoomOpened': {
      const { recovery, room, endedOrphans } = command;
      return standing(state, recovery, () => [cleanRoomOpened.of({ recovery, room, endedOrphans })]);
    }
    case 'RecordIsolation': {
      const { type: _type, ...data } = command;
      return standing(state, command.recovery, () => [isolationProved.of(data)]);
    }
    case 'BeginStep':
      return running(state, command.recovery, (recovery) => {
        const { component, step } = command;
        if (!stepsReady(recovery).some((ready) => ready.component === component && ready.step === step)) {
          return refuse('step-not-ready', 'This step is not the next one.', {
            where: `${component} · ${step}`,
            retryable: true,
          }).refusal;
        }
        const attempt = (recovery.components[component]?.steps[step]?.attempt ?? 0) + 1;
        return [recoveryStepStarted.of({ recovery: recovery.recovery, component, step, attempt })];
      });
    case 'FinishChoose':
      return finish(state, command, 'choose', () => {
        const { recovery, component, snapshot, horizon, passedOver, rulesOf, notExamined } = command;
        const { judged } = command;
        const nights = judged === null ? [] : nightsRecorded(state.nights, judged);
        return [
          ...nights,
          snapshotChosen.of({ recovery, component, snapshot, horizon, passedOver, rulesOf, notExamined }),
        ];
      });
    case 'FinishFetch':
      return finish(state, command, 'fetch', () => {
        const { recovery, component, files, bytes, problems } = command;
        return [componentFetched.of({ recovery, component, files, bytes, problems })];
      });
    case 'FinishStart':
      return finish(state, command, 'start', () => []);
    case 'FinishVerify':
      return finishVerify(state, command);
    case 'FailStep':
      return runningStep(state, command, command.step, () => {
        const { type: _type, ...data } = command;
        return [recoveryStepFailed.of({ ...data, detail: data.detail.slice(0, 300) })];
      });
    case 'RetryStep':
      return running(state, command.recovery, (recovery) => {
        const failed = Object.entries(recovery.components[command.component]?.steps ?? {}).find(
          ([, step]) => step?.state === 'failed',
        );
        if (failed === undefined)
          return refuse('step-not-failed', 'No step of this component waits for a person.', {
            where: command.component,
          }).refusal;
        const [step, last] = failed;
        const { recovery: id } = recovery;
        if (command.olderNight === true) return setAside(recovery, command.component);
        return [
          recoveryStepFailed.of({
            recovery: id,
            component: command.component,
            step: StepKind.parse(step),
            attempt: last?.attempt ?? 0,
            code: 'asked-again',
            detail: '',
            retryable: true,
          }),
        ];
      });
    case 'Release':
      return running(state, command.recovery, (recovery) => release(recovery, command.careFunction, context));
    case 'CloseRecovery':
      return running(state, command.recovery, (recovery) =>
        recovery.proof === null
          ? [recoveryClosed.of({ recovery: command.recovery, outcome: command.outcome })]
          : isProof(recovery),
      );
    case 'AskJudging':
    case 'RecordNights':
    case 'FailJudging':
    case 'DateCompromise':
    case 'ExplainFindings':
    case 'WithdrawExplanation':
    case 'RecordFetched':
      return decideNights(state.nights, state.proofs, command, context);
    case 'SeeMeans':
    case 'ScheduleNight':
    case 'BeginProof':
    case 'AskProof':
    case 'EndProof':
    case 'RecordCleared':
      return decideProof(state, command, context);
  }
}

const mapOf = ({ shared }: Context<Shared>) => (shared.document === null ? null : compile(shared.document));

function plan(state: RestoreState, incident: string, context: Context<Shared>): Result<NewEvent[]> {
  const open = state.incidents[incident];
  const map = mapOf(context);
  if (open === undefined) return missing('open incident', incident);
  if (map === null)
    return refuse('map-missing', 'There is no map: nothing says what care depends on.', {
      cure: 'Import the map of this establishment first.',
    });
  const before = Object.values(state.recoveries).find(
    (recovery) => recovery.incident === incident && recovery.closed === null,
  );
  const careFunctions = [...new Set([...(before?.careFunctions ?? []), ...open.careFunctions])];
  if (before !== undefined && careFunctions.length === before.careFunctions.length) return accept([]);
  const planned = planRecovery({ map, careFunctions, lost: state.lost, measured: state.measured });
  const order = before === undefined ? planned : continuing(before, planned);
  if (order.components.length === 0) {
    return refuse('nothing-restorable', 'Nothing these care functions rest on has a backup source on the map.', {
      where: careFunctions.join(', '),
      expected: 'at least one component with a restore policy',
      cure: 'Say on the map from which source each component is restored.',
    });
  }
  const recovery = before?.recovery ?? context.newId('recovery');
  return accept([recoveryPlanned.of({ recovery, incident, lossSince: open.lossSince, careFunctions, ...order })]);
}

function finishVerify(
  state: RestoreState,
  command: Extract<RestoreCommand, { type: 'FinishVerify' }>,
): Result<NewEvent[]> {
  return runningStep(state, command, 'verify', (component) => {
    const { recovery, attempt, seconds } = command;
    const horizon = horizonOf(state.recoveries[recovery] ?? { components: {} }, component.component);
    const checks = command.found.flatMap(({ probe, facts }) =>
      compareFacts(probe, state.healthy[component.component]?.[probe] ?? [], horizon, facts),
    );
    const agrees = checks.length > 0 && checks.every((check) => check.agrees);
    const verified = componentVerified.of({ recovery, component: component.component, checks, agrees });
    if (agrees) {
      return [
        verified,
        recoveryStepDone.of({ recovery, component: component.component, step: 'verify', attempt, seconds }),
      ];
    }
    // Nothing asked, or nothing known to compare with, is not a verification: unknown is never shown as fine.
    const unknown = checks.every((check) => check.agrees || check.expected === null);
    return [
      verified,
      recoveryStepFailed.of({
        recovery,
        component: component.component,
        step: 'verify',
        attempt,
        code: unknown ? 'facts-unknown' : 'facts-disagree',
        detail: checks
          .filter((check) => !check.agrees)
          .map((check) => `${check.probe}.${check.name}: ${check.expected ?? '?'} ≠ ${check.found ?? '?'}`)
          .join('; ')
          .slice(0, 300),
        retryable: false,
      }),
    ];
  });
}

/** Only what was asked and did not answer as it should is set aside. */
function setAside({ recovery, components }: Recovery, id: string): NewEvent[] | Refusal {
  const { snapshot, steps } = components[id] ?? { snapshot: null, steps: {} };
  const failure = steps.verify?.state === 'failed' ? steps.verify.failure : null;
  if (snapshot === null || failure === null)
    return refuse('night-not-verified', 'No verification of this component’s night has failed.', {
      where: id,
      expected: 'a night that was restored, asked, and did not agree',
      kept: 'The chosen night stays.',
      cure: 'Try the failed step again.',
    }).refusal;
  const { id: chosen, horizon } = snapshot;
  return [nightSetAside.of({ recovery, component: id, snapshot: chosen, horizon, reason: failure.code })];
}

function release(recovery: Recovery, id: string, context: Context<Shared>): NewEvent[] | Refusal {
  if (recovery.proof !== null) return isProof(recovery);
  const map = mapOf(context);
  const careFunction = map?.careFunctions.get(id);
  if (careFunction === undefined || !recovery.careFunctions.includes(id)) return missing('care function', id).refusal;
  if (recovery.released[id] !== undefined) return [];
  const ready = isReadyToRelease(recovery, id);
  if (!ready.ok) return ready.refusal;
  const horizons = ready.value.flatMap((component) => component.snapshot?.horizon ?? []).toSorted();
  const restoredSeconds = Math.round((context.now - Date.parse(recovery.lossSince)) / 1000);
  return [
    careFunctionReleased.of({
      recovery: recovery.recovery,
      careFunction: id,
      horizon: horizons[0] ?? null,
      lostAt: recovery.lossSince,
      restoredSeconds,
      targetSeconds: careFunction.rtoSeconds,
    }),
  ];
}

function finish(
  state: RestoreState,
  command: OfStep & { type: string },
  step: StepKind,
  result: () => NewEvent[],
): Result<NewEvent[]> {
  return runningStep(state, command, step, () => {
    const { recovery, component, attempt, seconds } = command;
    return [...result(), recoveryStepDone.of({ recovery, component, step, attempt, seconds })];
  });
}

function runningStep(
  state: RestoreState,
  command: { recovery: string; component: string; attempt: number },
  step: StepKind,
  then: (component: RecoveringComponent) => NewEvent[],
): Result<NewEvent[]> {
  return running(state, command.recovery, (recovery) => {
    const component = recovery.components[command.component];
    const last = component?.steps[step];
    if (component === undefined || last?.state !== 'running' || last.attempt !== command.attempt) {
      return refuse('step-not-running', 'This attempt is over: another one took its place.', {
        where: `${command.component} · ${step} · ${command.attempt}`,
      }).refusal;
    }
    return then(component);
  });
}

/** Not abandoned: a recovery whose care functions are all released is still served from its room, and comes back with it. */
function standing(state: RestoreState, id: string, then: () => NewEvent[]): Result<NewEvent[]> {
  const recovery = state.recoveries[id];
  if (recovery === undefined) return missing('recovery', id);
  if (recovery.closed === 'abandoned') return closed(id);
  return accept(then());
}

const isProof = ({ recovery }: Recovery): Refusal =>
  refuse('recovery-is-proof', 'A proof brings nothing back: it is ended and cleared away.', {
    where: recovery,
    kept: 'The proof goes on.',
  }).refusal;

const closed = (id: string): Refusing => refuse('recovery-closed', 'This recovery is closed.', { where: id });

function running(
  state: RestoreState,
  id: string,
  then: (recovery: Recovery) => NewEvent[] | Refusal,
): Result<NewEvent[]> {
  const recovery = state.recoveries[id];
  if (recovery === undefined) return missing('recovery', id);
  if (recovery.closed !== null) return closed(id);
  const outcome = then(recovery);
  return Array.isArray(outcome) ? accept(outcome) : { ok: false, refusal: outcome };
}

function missing(kind: string, id: string): Refusing {
  return refuse('not-found', `No ${kind} has this name here.`, { where: id });
}
