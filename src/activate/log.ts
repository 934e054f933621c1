import type { DetectEvent } from '../detect/events.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { ActivateEvent } from './events.ts';
import type { LogLine } from './views.ts';

type Logged = ActivateEvent | DetectEvent | RestoreEvent;

/** The line an event writes in the crisis log, or null where it says nothing to the crisis cell. Sentences belong to the interface. */
export function logLineOf(event: Logged): LogLine | null {
  const said = sayingOf(event);
  if (said === null) return null;
  const [kind, words] = said;
  return {
    sequence: event.sequence,
    at: event.time,
    actor: event.actor,
    kind,
    code: event.type,
    words,
    ...(event.type === 'CrisisLogWritten' || (event.type === 'HoldConfirmed' && event.data.extended)
      ? { text: textOf(event) }
      : {}),
  };
}

const textOf = (event: Logged): string | null => {
  const text = event.private?.text;
  return typeof text === 'string' ? text : null;
};

function sayingOf(event: Logged): [LogLine['kind'], LogLine['words']] | null {
  switch (event.type) {
    case 'ComponentStateChanged':
      return [
        'fact',
        {
          component: event.data.component,
          from: event.data.from,
          to: event.data.to,
          because: event.data.evidence.code,
        },
      ];
    case 'RansomwareSignSeen':
      return ['fact', { component: event.data.component, sign: event.data.sign }];
    case 'AlarmRaised':
      return [
        'fact',
        {
          cause: event.data.cause,
          root: event.data.roots[0] ?? '',
          components: event.data.components.length,
          careFunctions: event.data.careFunctions.length,
        },
      ];
    case 'AlarmWidened':
      return ['fact', { components: event.data.components.length, careFunctions: event.data.careFunctions.length }];
    case 'AlarmCleared':
      return ['fact', {}];
    case 'WardReported':
      return [
        'fact',
        { careFunction: event.data.careFunction, ward: event.data.ward, works: event.data.works ? 1 : 0 },
      ];
    case 'IncidentOpened':
      return ['fact', { cause: event.data.cause, careFunctions: event.data.careFunctions.length }];
    case 'AlarmJoinedIncident':
      return ['fact', { careFunctions: event.data.careFunctions.length }];
    case 'ActivationLevelChanged':
      return ['decision', { from: event.data.from, to: event.data.to }];
    case 'IncidentClosed':
      return ['decision', {}];
    case 'RoleTaken':
      return ['decision', { role: event.data.role, person: event.data.person }];
    case 'PlanStarted':
      return ['action', { plan: event.data.plan, steps: event.data.steps.length }];
    case 'PlanStepDone':
      return ['action', { plan: event.data.plan, step: event.data.step, outcome: event.data.outcome }];
    case 'HoldConfirmed':
      return [
        'action',
        {
          careFunction: event.data.careFunction,
          ward: event.data.ward,
          until: event.data.until,
          extended: event.data.extended ? 1 : 0,
        },
      ];
    case 'HoldEnded':
      return ['fact', { careFunction: event.data.careFunction, ward: event.data.ward, reason: event.data.reason }];
    case 'ActivityDecided':
      return [
        'decision',
        { careFunction: event.data.careFunction, wards: event.data.wards.length, decision: event.data.decision },
      ];
    case 'ReturnEstimated':
      return ['decision', { careFunction: event.data.careFunction, p50: event.data.p50, p90: event.data.p90 }];
    case 'CrisisLogWritten':
      return [event.data.kind, event.data.corrects === undefined ? {} : { corrects: event.data.corrects }];
    case 'RecoveryPlanned':
      return [
        'action',
        { recovery: event.data.recovery, components: event.data.components.length, leftOut: event.data.leftOut.length },
      ];
    case 'CleanRoomOpened':
      return ['action', { endedOrphans: event.data.endedOrphans }];
    case 'IsolationProved':
      return ['fact', { attempts: event.data.attempts, escaped: event.data.escaped }];
    case 'SnapshotChosen':
      return [
        'action',
        { component: event.data.component, horizon: event.data.horizon, passedOver: event.data.passedOver.length },
      ];
    case 'RecoveryStepFailed':
      return ['fact', { component: event.data.component, step: event.data.step, because: event.data.code }];
    case 'ComponentVerified':
      return [
        'fact',
        { component: event.data.component, checks: event.data.checks.length, agrees: event.data.agrees ? 1 : 0 },
      ];
    case 'CareFunctionReleased':
      return [
        'decision',
        {
          careFunction: event.data.careFunction,
          restoredSeconds: event.data.restoredSeconds,
          targetSeconds: event.data.targetSeconds,
        },
      ];
    case 'RecoveryClosed':
      return ['fact', { outcome: event.data.outcome }];
    case 'PlansImported':
    case 'HealthyFactsRecorded':
    case 'RecoveryStepStarted':
    case 'RecoveryStepDone':
    case 'ComponentFetched':
      return null;
    default:
      return null;
  }
}
