import type { DetectEvent } from '../detect/events.ts';
import type { RecordedEvent } from '../journal/event.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { ActivateEvent, ActivationLevel, PlanStep } from './events.ts';
import { bounded, LOG_LINES, logLineOf } from './log.ts';
import { mergeIncidents } from './merge.ts';
import { type Plan, Plans } from './plans.ts';
import type { LogLine } from './views.ts';

export interface RunningStep extends PlanStep {
  outcome: 'done' | 'skipped' | 'failed' | null;
  at: string | null;
  code: string | null;
}

export interface Incident {
  incident: string;
  cause: string;
  alarms: string[];
  openedAt: string;
  lossSince: string;
  closedAt: string | null;
  level: ActivationLevel;
  roots: string[];
  careFunctions: string[];
  roles: { role: string; person: string; since: string }[];
  plans: { plan: string; name: Plan['name']; steps: RunningStep[] }[];
  log: LogLine[];
  logFrom: number;
  recovery: string | null;
  /** The incident it was found to be part of; closed then. */
  mergedInto: string | null;
  /** Sequence of the last event that decided of it as a whole (opened, level, end): what a director looked at. */
  version: number;
}

export interface Hold {
  careFunction: string;
  ward: string;
  /** Until when the ward's word holds: a shift at most. */
  until: string;
  /** Until when the degraded mode can bear it, counted from the start of this spell; a spell lasts until care is served again. */
  limit: string;
  /** False once it expired or was given up: the spell goes on counting. */
  standing: boolean;
}

export interface ActivateState {
  plans: Plan[];
  /** Alarms that stand. `incident` is null until one is opened or joined. */
  alarms: {
    [alarm: string]: {
      alarm: string;
      cause: string;
      roots: string[];
      careFunctions: string[];
      since: string;
      incident: string | null;
    };
  };
  incidents: { [incident: string]: Incident };
  holds: { [careFunctionAndWard: string]: Hold };
  /** Last estimate of return of each care function, signed by whoever said it. */
  estimates: { [careFunction: string]: { p50: string; p90: string; by: string; at: string } };
}

export const initialActivateState: ActivateState = { plans: [], alarms: {}, incidents: {}, holds: {}, estimates: {} };

export const holdKey = (careFunction: string, ward: string): string => `${careFunction}|${ward}`;

export function evolve(state: ActivateState, recorded: RecordedEvent): ActivateState {
  const event = recorded as ActivateEvent | DetectEvent | RestoreEvent;
  return withLog(apply(state, event), event);
}

function apply(state: ActivateState, event: ActivateEvent | DetectEvent | RestoreEvent): ActivateState {
  switch (event.type) {
    case 'PlansImported': {
      const document = event.documents?.[event.data.document];
      return document === undefined ? state : { ...state, plans: Plans.parse(document).plans };
    }
    case 'AlarmRaised': {
      const { alarm, cause, roots, careFunctions, since } = event.data;
      return {
        ...state,
        alarms: { ...state.alarms, [alarm]: { alarm, cause, roots, careFunctions, since, incident: null } },
      };
    }
    case 'AlarmWidened':
      return widen(state, event.data);
    case 'AlarmCleared': {
      const { [event.data.alarm]: _cleared, ...alarms } = state.alarms;
      return { ...state, alarms };
    }
    case 'IncidentOpened': {
      const { incident, alarm, cause, roots, careFunctions, lossSince } = event.data;
      const opened: Incident = {
        incident,
        cause,
        alarms: alarm === undefined ? [] : [alarm],
        openedAt: event.time,
        lossSince,
        closedAt: null,
        level: 'veille',
        roots,
        careFunctions,
        roles: [],
        plans: [],
        log: [],
        logFrom: 0,
        recovery: null,
        mergedInto: null,
        version: event.sequence,
      };
      return attach({ ...state, incidents: { ...state.incidents, [incident]: opened } }, alarm, incident);
    }
    case 'AlarmJoinedIncident': {
      const { incident, alarm, careFunctions } = event.data;
      const joined = change(state, incident, (before) => ({
        ...before,
        alarms: [...before.alarms, alarm],
        careFunctions: union(before.careFunctions, careFunctions),
        roots: union(before.roots, state.alarms[alarm]?.roots ?? []),
      }));
      return attach(joined, alarm, incident);
    }
    case 'ActivationLevelChanged':
      return decided(state, event.data.incident, event.sequence, (before) => ({ ...before, level: event.data.to }));
    case 'IncidentClosed': {
      const over = state.incidents[event.data.incident]?.careFunctions ?? [];
      const holds = Object.fromEntries(
        Object.entries(state.holds).filter(([, hold]) => !over.includes(hold.careFunction)),
      );
      return decided({ ...state, holds }, event.data.incident, event.sequence, (before) => ({
        ...before,
        closedAt: event.time,
      }));
    }
    case 'IncidentMerged': {
      const gone = state.incidents[event.data.incident];
      const into = state.incidents[event.data.into];
      return gone === undefined || into === undefined ? state : mergeIncidents(state, gone, into, event);
    }
    case 'RoleTaken': {
      const { role, person } = event.data;
      return change(state, event.data.incident, (before) => ({
        ...before,
        roles: [...before.roles.filter((held) => held.role !== role), { role, person, since: event.time }],
      }));
    }
    case 'PlanStarted': {
      const { plan, name, steps } = event.data;
      const running = steps.map((step): RunningStep => ({ ...step, outcome: null, at: null, code: null }));
      return change(state, event.data.incident, (before) => ({
        ...before,
        plans: [...before.plans, { plan, name, steps: running }],
      }));
    }
    case 'PlanStepDone': {
      const { plan, step, outcome, code } = event.data;
      return change(state, event.data.incident, (before) => ({
        ...before,
        plans: before.plans.map((running) =>
          running.plan !== plan
            ? running
            : {
                ...running,
                steps: running.steps.map((one) =>
                  one.id === step ? { ...one, outcome, at: event.time, code: code ?? null } : one,
                ),
              },
        ),
      }));
    }
    case 'HoldConfirmed': {
      const { careFunction, ward, until, limit } = event.data;
      const hold: Hold = { careFunction, ward, until, limit, standing: true };
      return { ...state, holds: { ...state.holds, [holdKey(careFunction, ward)]: hold } };
    }
    case 'HoldEnded': {
      const { [holdKey(event.data.careFunction, event.data.ward)]: ended, ...others } = state.holds;
      if (ended === undefined) return state;
      const spellIsOver = event.data.reason === 'servedAgain';
      const holds = spellIsOver
        ? others
        : { ...state.holds, [holdKey(ended.careFunction, ended.ward)]: { ...ended, standing: false } };
      return { ...state, holds };
    }
    case 'ReturnEstimated': {
      const { careFunction, p50, p90 } = event.data;
      return {
        ...state,
        estimates: { ...state.estimates, [careFunction]: { p50, p90, by: event.actor, at: event.time } },
      };
    }
    case 'RecoveryPlanned':
      return change(state, event.data.incident, (before) => ({
        ...before,
        recovery: event.data.recovery,
      }));
    default:
      return state;
  }
}

function widen(state: ActivateState, data: { alarm: string; roots: string[]; careFunctions: string[] }): ActivateState {
  const standing = state.alarms[data.alarm];
  if (standing === undefined) return state;
  const alarms = {
    ...state.alarms,
    [data.alarm]: { ...standing, roots: data.roots, careFunctions: data.careFunctions },
  };
  const widened = { ...state, alarms };
  if (standing.incident === null) return widened;
  const incident = state.incidents[standing.incident];
  return incident === undefined
    ? widened
    : change(widened, standing.incident, (before) => ({
        ...before,
        roots: union(before.roots, data.roots),
        careFunctions: union(before.careFunctions, data.careFunctions),
      }));
}

function attach(state: ActivateState, alarm: string | undefined, incident: string): ActivateState {
  const standing = alarm === undefined ? undefined : state.alarms[alarm];
  return standing === undefined
    ? state
    : { ...state, alarms: { ...state.alarms, [standing.alarm]: { ...standing, incident } } };
}

function change(state: ActivateState, incident: string, how: (before: Incident) => Incident): ActivateState {
  const before = state.incidents[incident];
  return before === undefined ? state : { ...state, incidents: { ...state.incidents, [incident]: how(before) } };
}

/** A change that whoever decides next must have seen. */
const decided = (state: ActivateState, incident: string, version: number, how: (before: Incident) => Incident) =>
  change(state, incident, (before) => ({ ...how(before), version }));

/** The crisis log writes itself: each event that says something to the crisis cell becomes a line of every open incident it touches. */
function withLog(state: ActivateState, event: ActivateEvent | DetectEvent | RestoreEvent): ActivateState {
  const line = isOfProof(state, event) ? null : logLineOf(event);
  if (line === null) return state;
  let incidents = state.incidents;
  for (const incident of Object.values(state.incidents)) {
    if (!isAbout(event, incident)) continue;
    const log = bounded([...incident.log, line], LOG_LINES);
    const logFrom = incident.logFrom + incident.log.length + 1 - log.length;
    incidents = { ...incidents, [incident.incident]: { ...incident, log, logFrom } };
  }
  return incidents === state.incidents ? state : { ...state, incidents };
}

/** Of a restoration that no incident asked for: it tells the crisis cell nothing. */
function isOfProof({ incidents }: ActivateState, event: ActivateEvent | DetectEvent | RestoreEvent): boolean {
  if (event.type === 'RecoveryPlanned' || !('recovery' in event.data)) return false;
  const { recovery } = event.data;
  return !Object.values(incidents).some((incident) => incident.recovery === recovery);
}

function isAbout(event: ActivateEvent | DetectEvent | RestoreEvent, { incident, closedAt }: Incident): boolean {
  if (event.type === 'IncidentMerged') return event.data.incident === incident || event.data.into === incident;
  return 'incident' in event.data ? event.data.incident === incident : closedAt === null;
}

const union = (one: string[], other: string[]): string[] => [...new Set([...one, ...other])];
