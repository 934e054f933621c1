import type { RecordedEvent } from '../journal/event.ts';
import type { ComponentState } from '../map/model.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { DetectEvent, Evidence } from './events.ts';
import type { Sign } from './observation.ts';
import { drop, find, put, type Shelves } from './shelves.ts';

export interface Lost {
  state: Exclude<ComponentState, 'up'>;
  /** ISO: since when, as observed; `seenAt` is when the journal learnt it. */
  since: string;
  seenAt: string;
  evidence: Evidence;
}

export interface OpenSign {
  sign: Sign;
  check: string;
  detail: string;
  since: string;
  seenAt: string;
}

export interface OpenAlarm {
  alarm: string;
  cause: 'componentLost' | 'ransomwareSign' | 'powerOnBattery' | 'unknown';
  roots: string[];
  components: string[];
  careFunctions: string[];
  since: string;
  raisedAt: string;
}

export interface Unrestorable {
  code: string;
  /** ISO: since when each try failed. */
  since: string;
}

export interface DetectState {
  /** Components last known not to be up. What is in neither shelf was never observed. */
  lost: Shelves<Lost>;
  /** Components last known to be up. `unconfirmed`: restoration says so; no check has seen it there yet. */
  up: Shelves<{ since: string; unconfirmed: boolean }>;
  signs: { [component: string]: OpenSign[] };
  alarms: { [alarm: string]: OpenAlarm };
  wardReports: { [careFunction: string]: { [ward: string]: { works: boolean; at: string } } };
  /** What could not be restored when it was tried, and whose nights could not be looked through: a warning, and no alarm, for no care is lost. */
  restorability: { [component: string]: { proof: Unrestorable | null; nights: Unrestorable | null } };
  /** Open recoveries: the care functions each component carries back. */
  recoveries: { [recovery: string]: { [component: string]: string[] } };
  /** States that restoration has made true and that are not yet told: `due` asks for them. */
  wishes: { [component: string]: { to: 'restoring' | 'up' | 'unknown'; recovery: string; since: string } };
}

export const initialDetectState: DetectState = {
  lost: {},
  up: {},
  signs: {},
  alarms: {},
  wardReports: {},
  restorability: {},
  recoveries: {},
  wishes: {},
};

export function stateOf(state: DetectState, component: string): ComponentState {
  return find(state.lost, component)?.state ?? (find(state.up, component) === undefined ? 'unknown' : 'up');
}

/** What a watch of checks compares its own belief with. */
export function knownOf(
  state: DetectState,
  component: string,
): { state: ComponentState; unconfirmed: boolean; known: boolean } {
  const up = find(state.up, component);
  const known = up !== undefined || find(state.lost, component) !== undefined;
  return { state: stateOf(state, component), unconfirmed: up?.unconfirmed ?? false, known };
}

export function evolve(state: DetectState, recorded: RecordedEvent): DetectState {
  const event = recorded as DetectEvent | RestoreEvent;
  switch (event.type) {
    case 'ComponentStateChanged':
      return changeState(state, event);
    case 'RansomwareSignSeen': {
      const { component, sign, check, detail, since } = event.data;
      const signs = [...(state.signs[component] ?? []), { sign, check, detail, since, seenAt: event.time }];
      return { ...state, signs: { ...state.signs, [component]: signs } };
    }
    case 'RansomwareSignSettled': {
      const { component, sign, check } = event.data;
      const { [component]: open = [], ...others } = state.signs;
      const left = open.filter((one) => one.sign !== sign || one.check !== check);
      return { ...state, signs: left.length === 0 ? others : { ...others, [component]: left } };
    }
    case 'AlarmRaised':
      return { ...state, alarms: { ...state.alarms, [event.data.alarm]: { ...event.data, raisedAt: event.time } } };
    case 'AlarmWidened': {
      const { alarm, roots, components, careFunctions } = event.data;
      const before = state.alarms[alarm];
      return before === undefined
        ? state
        : { ...state, alarms: { ...state.alarms, [alarm]: { ...before, roots, components, careFunctions } } };
    }
    case 'AlarmCleared': {
      const { [event.data.alarm]: _cleared, ...alarms } = state.alarms;
      return { ...state, alarms };
    }
    case 'WardReported': {
      const { careFunction, ward, works } = event.data;
      const wards = { ...state.wardReports[careFunction], [ward]: { works, at: event.time } };
      return { ...state, wardReports: { ...state.wardReports, [careFunction]: wards } };
    }
    case 'RecoveryPlanned': {
      const components = Object.fromEntries(event.data.components.map((one) => [one.component, one.careFunctions]));
      return { ...state, recoveries: { ...state.recoveries, [event.data.recovery]: components } };
    }
    case 'RecoveryStepStarted': {
      const { recovery, component } = event.data;
      // A component that still serves where it is goes on serving while a copy of it is prepared in the clean room.
      const lost = find(state.lost, component);
      // A proof restores nothing for anybody.
      return state.recoveries[recovery] === undefined || lost === undefined || lost.state === 'restoring'
        ? state
        : wish(state, [component], 'restoring', recovery, event.time);
    }
    case 'CareFunctionReleased': {
      const { recovery, careFunction } = event.data;
      const carried = Object.entries(state.recoveries[recovery] ?? {}).filter(([, functions]) =>
        functions.includes(careFunction),
      );
      const back = carried
        .map(([component]) => component)
        .filter((component) => find(state.lost, component) !== undefined);
      return wish(state, back, 'up', recovery, event.time);
    }
    case 'RecoveryClosed': {
      const { [event.data.recovery]: closed = {}, ...recoveries } = state.recoveries;
      const left = Object.keys(closed).filter(
        (component) => find(state.lost, component)?.state === 'restoring' && state.wishes[component]?.to !== 'up',
      );
      return wish({ ...state, recoveries }, left, 'unknown', event.data.recovery, event.time);
    }
    case 'NightsJudged':
      return restorable(state, event.data.component, 'nights', null, event.time);
    case 'JudgingFailed':
      return restorable(state, event.data.component, 'nights', event.data.code, event.time);
    case 'ProofEnded':
      return event.data.outcomes.reduce((next, { component, outcome, code }) => {
        if (outcome === 'notTried') return next;
        return restorable(next, component, 'proof', outcome === 'proved' ? null : (code ?? outcome), event.time);
      }, state);
    case 'RestorationMeansGone': {
      const { [event.data.component]: _gone, ...restorability } = state.restorability;
      return { ...state, restorability };
    }
    default:
      return state;
  }
}

/** What a try came to: `code` null where it went through. */
function restorable(
  state: DetectState,
  component: string,
  what: 'proof' | 'nights',
  code: string | null,
  at: string,
): DetectState {
  const before = state.restorability[component] ?? { proof: null, nights: null };
  if (before[what] === null && code === null) return state;
  const now = { ...before, [what]: code === null ? null : { code, since: before[what]?.since ?? at } };
  const { [component]: _before, ...others } = state.restorability;
  const isFine = now.proof === null && now.nights === null;
  return { ...state, restorability: isFine ? others : { ...others, [component]: now } };
}

function changeState(state: DetectState, event: Extract<DetectEvent, { type: 'ComponentStateChanged' }>): DetectState {
  const { component, to, since, evidence } = event.data;
  const { [component]: wished, ...others } = state.wishes;
  const settled = wished?.to === to || to === 'up' || evidence.kind === 'restoration' || evidence.kind === 'person';
  const wishes = settled ? others : state.wishes;
  if (to !== 'up') {
    const lost = put(state.lost, component, { state: to, since, seenAt: event.time, evidence });
    return { ...state, wishes, lost, up: drop(state.up, component) };
  }
  const { [component]: _closed, ...signs } = state.signs;
  const up = put(state.up, component, { since, unconfirmed: evidence.kind === 'restoration' });
  return { ...state, wishes, signs, up, lost: drop(state.lost, component) };
}

function wish(
  state: DetectState,
  components: readonly string[],
  to: 'restoring' | 'up' | 'unknown',
  recovery: string,
  since: string,
): DetectState {
  if (components.length === 0) return state;
  const wishes = { ...state.wishes };
  for (const component of components) wishes[component] = { to, recovery, since };
  return { ...state, wishes };
}
