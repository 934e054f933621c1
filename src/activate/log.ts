import type { DetectEvent } from '../detect/events.ts';
import { Words } from '../map/model.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { ActivateEvent } from './events.ts';
import type { LogLine } from './views.ts';

type Logged = ActivateEvent | DetectEvent | RestoreEvent;

/** Lines kept per incident: days of crisis, routine ones left out first; all of them are in the journal. */
export const LOG_LINES = 2000;

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
    automatic: isAutomatic(event),
    routine: isRoutine(event),
    ...(event.type === 'CrisisLogWritten' || (event.type === 'HoldConfirmed' && event.data.extended)
      ? { text: textOf(event) }
      : {}),
  };
}

function textOf(event: Logged): string | Words | null {
  const words = Words.safeParse(event.private?.words);
  if (words.success) return words.data;
  const text = event.private?.text;
  return typeof text === 'string' ? text : null;
}

/** Nobody said or decided it: a check saw it, time brought it, or Reflexe did it. */
function isAutomatic(event: Logged): boolean {
  switch (event.type) {
    case 'ComponentStateChanged':
      return event.data.evidence.kind !== 'person';
    case 'HoldEnded':
      return event.data.reason !== 'givenUp';
    case 'PlanStarted':
    case 'PlanStepDone':
    case 'AlarmJoinedIncident':
    case 'RecoveryPlanned':
    case 'RecoveryClosed':
      return !event.actor.startsWith('person:') && event.actor !== 'exercise';
    case 'WardReported':
    case 'ActivationLevelChanged':
    case 'IncidentClosed':
    case 'IncidentMerged':
    case 'RoleTaken':
    case 'HoldConfirmed':
    case 'ActivityDecided':
    case 'ReturnEstimated':
    case 'CrisisLogWritten':
    case 'NightSetAside':
    case 'CareFunctionReleased':
      return false;
    default:
      return true;
  }
}

/** One of many alike, which a reader folds: states seen, wards that confirm again, returns announced, steps that pass as they should. */
function isRoutine(event: Logged): boolean {
  switch (event.type) {
    case 'ComponentStateChanged':
    case 'AlarmWidened':
    case 'AlarmCleared':
    case 'CleanRoomOpened':
    case 'SnapshotChosen':
    // Announced for every care function at once, and each time anew: the Board shows what stands.
    case 'ReturnEstimated':
      return true;
    case 'HoldConfirmed':
      return !event.data.extended;
    case 'HoldEnded':
      return event.data.reason !== 'givenUp';
    case 'PlanStepDone':
      return event.data.outcome === 'done' && isAutomatic(event);
    case 'IsolationProved':
      return event.data.escaped === 0;
    case 'ComponentVerified':
      return event.data.agrees;
    default:
      return false;
  }
}

/** At most so many lines: the oldest routine ones are left out first, and counted on the line that follows them. */
export function bounded(log: readonly LogLine[], most: number): LogLine[] {
  const excess = Math.max(0, log.length - most);
  if (excess === 0) return [...log];
  let routine = Math.min(excess, log.filter((line) => line.routine).length);
  let others = excess - routine;
  let leftOut = 0;
  const kept: LogLine[] = [];
  for (const line of log) {
    if (line.routine ? routine > 0 : others > 0) {
      if (line.routine) routine -= 1;
      else others -= 1;
      leftOut += 1 + (line.leftOut ?? 0);
    } else {
      kept.push(leftOut === 0 ? line : { ...line, leftOut: leftOut + (line.leftOut ?? 0) });
      leftOut = 0;
    }
  }
  return kept;
}

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
    case 'IncidentMerged':
      return ['decision', { incident: event.data.incident, into: event.data.into }];
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
    case 'NightSetAside':
      return ['decision', { component: event.data.component, horizon: event.data.horizon }];
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
