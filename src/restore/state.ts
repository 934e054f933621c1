import type { ActivateEvent } from '../activate/events.ts';
import type { DetectEvent } from '../detect/events.ts';
import type { RecordedEvent } from '../journal/event.ts';
import type { FactCheck, RestoreEvent } from './events.ts';
import { evolveNights, initialNights, type NightsState } from './nights/state.ts';
import type { KnownFact } from './ports.ts';
import { evolveProofs, initialProofs, type ProofsState } from './proof/state.ts';
import type { PlannedComponent, StepKind } from './step.ts';

/** Takings of healthy facts kept per component and probe: a hundred days of four a day. */
export const FACT_HISTORY = 400;

export interface RunningStep {
  state: 'running' | 'done' | 'failed';
  attempt: number;
  startedAt: string;
  seconds: number | null;
  failure: { code: string; detail: string; retryable: boolean } | null;
  /** Failures held against it since it was first tried, or since a person asked again. */
  faults: number;
  /** Sequence of its last event: which came first, a start or a proof of isolation. */
  sequence: number;
}

export interface RecoveringComponent extends PlannedComponent {
  steps: { [step in StepKind]?: RunningStep };
  snapshot: {
    id: string;
    horizon: string;
    passedOver: { snapshot: string; time: string; reason: string }[];
    notExamined: number;
  } | null;
  /** Nights a person set aside after seeing what they answered: not chosen again. */
  setAside: { snapshot: string; reason: string }[];
  checks: FactCheck[];
  /** Of what was fetched; 0 before. */
  bytes: number;
}

export interface Recovery {
  recovery: string;
  /** Null: of none, it is a proof. */
  incident: string | null;
  proof: { scope: 'sample' | 'whole' | 'asked' } | null;
  plannedAt: string;
  lossSince: string;
  components: { [component: string]: RecoveringComponent };
  leftOut: { component: string; because: string }[];
  careFunctions: string[];
  /** `sequence`: what runs in it was started, or met again, before that event. */
  room: { room: string; openedAt: string; sequence: number } | null;
  isolation: { provedAt: string; attempts: number; escaped: number; sequence: number } | null;
  released: { [careFunction: string]: { at: string; restoredSeconds: number; horizon: string | null } };
  closed: 'released' | 'abandoned' | null;
  version: number;
}

export interface RestoreState {
  /** Components that are not up, as last said; a component that is up is absent. */
  lost: { [component: string]: { state: string; since: string } };
  healthy: { [component: string]: { [probe: string]: { at: string; facts: KnownFact[] }[] } };
  recoveries: { [recovery: string]: Recovery };
  /** Open incidents: since when care was lost. */
  incidents: { [incident: string]: { lossSince: string; careFunctions: string[]; alarms: string[] } };
  /** Last measured seconds of the whole restoration of a component, up to and with its verification. */
  measured: { [component: string]: number };
  nights: NightsState;
  proofs: ProofsState;
}

export const initialRestoreState: RestoreState = {
  lost: {},
  healthy: {},
  recoveries: {},
  incidents: {},
  measured: {},
  nights: initialNights,
  proofs: initialProofs,
};

export function evolve(state: RestoreState, recorded: RecordedEvent): RestoreState {
  const next = evolveRecoveries(state, recorded);
  const nights = evolveNights(next.nights, recorded);
  const proofs = evolveProofs(next.proofs, recorded);
  return nights === next.nights && proofs === next.proofs ? next : { ...next, nights, proofs };
}

function evolveRecoveries(state: RestoreState, recorded: RecordedEvent): RestoreState {
  const event = recorded as RestoreEvent | DetectEvent | ActivateEvent;
  switch (event.type) {
    case 'ComponentStateChanged': {
      const { component, to, since } = event.data;
      const { [component]: _before, ...others } = state.lost;
      return { ...state, lost: to === 'up' ? others : { ...others, [component]: { state: to, since } } };
    }
    case 'IncidentOpened': {
      const { incident, alarm, lossSince, careFunctions } = event.data;
      return {
        ...state,
        incidents: {
          ...state.incidents,
          [incident]: { lossSince, careFunctions, alarms: alarm === undefined ? [] : [alarm] },
        },
      };
    }
    case 'AlarmJoinedIncident': {
      const { incident, alarm, careFunctions } = event.data;
      return widenIncident(state, incident, careFunctions, [alarm]);
    }
    case 'AlarmWidened': {
      const { alarm, careFunctions } = event.data;
      const concerned = Object.entries(state.incidents).filter(([, known]) => known.alarms.includes(alarm));
      return concerned.reduce((widened, [incident]) => widenIncident(widened, incident, careFunctions, []), state);
    }
    case 'IncidentClosed': {
      const { [event.data.incident]: _closed, ...incidents } = state.incidents;
      return { ...state, incidents };
    }
    case 'IncidentMerged':
      return mergeIncident(state, event.data.incident, event.data.into);
    case 'HealthyFactsRecorded': {
      const { component, probe, facts, at } = event.data;
      const taken = [...(state.healthy[component]?.[probe] ?? []), { at, facts }].slice(-FACT_HISTORY);
      return { ...state, healthy: { ...state.healthy, [component]: { ...state.healthy[component], [probe]: taken } } };
    }
    case 'RecoveryPlanned': {
      const { recovery, incident, lossSince, careFunctions, components, leftOut } = event.data;
      const before = state.recoveries[recovery];
      const planned: Recovery = {
        ...(before ?? { ...begun, recovery, incident, plannedAt: event.time }),
        lossSince,
        careFunctions,
        components: ofPlan(components, before),
        leftOut,
        version: event.sequence,
      };
      return { ...state, recoveries: { ...state.recoveries, [recovery]: planned } };
    }
    case 'ProofBegun': {
      const { recovery, scope, careFunctions, components } = event.data;
      const proof: Recovery = {
        ...begun,
        recovery,
        incident: null,
        proof: { scope },
        plannedAt: event.time,
        lossSince: event.time,
        careFunctions,
        components: ofPlan(components),
        leftOut: [],
        version: event.sequence,
      };
      return { ...state, recoveries: { ...state.recoveries, [recovery]: proof } };
    }
    case 'ProofEnded': {
      const { [event.data.recovery]: _ended, ...recoveries } = state.recoveries;
      return { ...state, recoveries };
    }
    case 'CleanRoomOpened':
      return changeRecovery(state, event, (before) => ({
        ...before,
        room: { room: event.data.room, openedAt: event.time, sequence: event.sequence },
      }));
    case 'IsolationProved': {
      const { attempts, escaped } = event.data;
      return changeRecovery(state, event, (before) => ({
        ...before,
        isolation: { provedAt: event.time, attempts, escaped, sequence: event.sequence },
      }));
    }
    case 'RecoveryStepStarted':
      return changeStep(state, event, { state: 'running', startedAt: event.time, seconds: null, failure: null });
    case 'RecoveryStepDone':
      return measure(changeStep(state, event, { state: 'done', seconds: event.data.seconds }), event.data);
    case 'RecoveryStepFailed': {
      const { code, detail, retryable } = event.data;
      return changeStep(state, event, { state: 'failed', failure: { code, detail, retryable } }, faultsAfter(code));
    }
    case 'SnapshotChosen': {
      const { snapshot, horizon, passedOver, notExamined } = event.data;
      return changeComponent(state, event, (before) => ({
        ...before,
        snapshot: { id: snapshot, horizon, passedOver, notExamined },
      }));
    }
    case 'NightSetAside': {
      const { snapshot, reason } = event.data;
      return changeComponent(state, event, ({ steps: { choose }, ...before }) => ({
        ...before,
        steps: choose === undefined ? {} : { choose: askedAgain(choose, event.sequence) },
        snapshot: null,
        setAside: [...before.setAside, { snapshot, reason }],
        checks: [],
      }));
    }
    case 'ComponentFetched':
      return changeComponent(state, event, (before) => ({ ...before, bytes: event.data.bytes }));
    case 'ComponentVerified':
      return changeComponent(state, event, (before) => ({ ...before, checks: event.data.checks }));
    case 'CareFunctionReleased': {
      const { careFunction, restoredSeconds, horizon } = event.data;
      return changeRecovery(state, event, (before) => ({
        ...before,
        released: { ...before.released, [careFunction]: { at: event.time, restoredSeconds, horizon } },
      }));
    }
    case 'RecoveryClosed':
      return changeRecovery(state, event, (before) => ({ ...before, closed: event.data.outcome }));
    default:
      return state;
  }
}

const begun = { room: null, isolation: null, released: {}, closed: null, proof: null };

/** Components as planned; what was already done of them stays done. */
const ofPlan = (
  components: readonly PlannedComponent[],
  before?: Pick<Recovery, 'components'>,
): Recovery['components'] =>
  Object.fromEntries(
    components.map((one) => [
      one.component,
      {
        ...(before?.components[one.component] ?? { steps: {}, snapshot: null, setAside: [], checks: [], bytes: 0 }),
        ...one,
      },
    ]),
  );

function widenIncident(
  state: RestoreState,
  incident: string,
  careFunctions: readonly string[],
  alarms: readonly string[],
): RestoreState {
  const known = state.incidents[incident];
  if (known === undefined) return state;
  const wider = {
    ...known,
    careFunctions: [...new Set([...known.careFunctions, ...careFunctions])],
    alarms: [...new Set([...known.alarms, ...alarms])],
  };
  return { ...state, incidents: { ...state.incidents, [incident]: wider } };
}

/** The restoration of an incident that was joined to another goes on as that one's. */
function mergeIncident(state: RestoreState, gone: string, into: string): RestoreState {
  const { [gone]: merged, ...incidents } = state.incidents;
  const kept = incidents[into];
  if (merged === undefined || kept === undefined) return state;
  const lossSince = [kept.lossSince, merged.lossSince].toSorted()[0] ?? kept.lossSince;
  const recoveries = Object.values(state.recoveries).map((recovery) =>
    recovery.incident === gone ? { ...recovery, incident: into } : recovery,
  );
  const joined = {
    ...state,
    incidents: { ...incidents, [into]: { ...kept, lossSince } },
    recoveries: Object.fromEntries(recoveries.map((recovery) => [recovery.recovery, recovery])),
  };
  return widenIncident(joined, into, merged.careFunctions, merged.alarms);
}

type OfRecovery = { sequence: number; time: string; data: { recovery: string } };
type OfComponent = OfRecovery & { data: { component: string } };
type OfStep = OfComponent & { data: { step: StepKind; attempt: number } };

function changeRecovery(state: RestoreState, event: OfRecovery, how: (before: Recovery) => Recovery): RestoreState {
  const before = state.recoveries[event.data.recovery];
  if (before === undefined) return state;
  return {
    ...state,
    recoveries: { ...state.recoveries, [before.recovery]: { ...how(before), version: event.sequence } },
  };
}

function changeComponent(
  state: RestoreState,
  event: OfComponent,
  how: (before: RecoveringComponent) => RecoveringComponent,
): RestoreState {
  return changeRecovery(state, event, (recovery) => {
    const before = recovery.components[event.data.component];
    return before === undefined
      ? recovery
      : { ...recovery, components: { ...recovery.components, [before.component]: how(before) } };
  });
}

const askedAgain = (step: RunningStep, sequence: number): RunningStep => ({
  ...step,
  state: 'failed',
  failure: { code: 'asked-again', detail: '', retryable: true },
  faults: 0,
  sequence,
});

/** What stopped a try without saying anything of the step itself: our own end, or that of the helper. */
const cutShort: readonly string[] = ['interrupted', 'helper-lost', 'clean-room-needs-root', 'room-not-open'];

const faultsAfter =
  (code: string) =>
  (faults: number): number =>
    code === 'asked-again' ? 0 : cutShort.includes(code) ? faults : faults + 1;

function changeStep(
  state: RestoreState,
  event: OfStep,
  change: Partial<RunningStep>,
  faults: (before: number) => number = (before) => before,
): RestoreState {
  const { step, attempt } = event.data;
  return changeComponent(state, event, (before) => {
    const running: RunningStep = before.steps[step] ?? {
      state: 'running',
      attempt,
      startedAt: event.time,
      seconds: null,
      failure: null,
      faults: 0,
      sequence: 0,
    };
    const next = { ...running, ...change, attempt, faults: faults(running.faults), sequence: event.sequence };
    return { ...before, steps: { ...before.steps, [step]: next } };
  });
}

function measure(state: RestoreState, data: { recovery: string; component: string; step: StepKind }): RestoreState {
  const steps = data.step === 'verify' ? state.recoveries[data.recovery]?.components[data.component]?.steps : undefined;
  if (steps === undefined) return state;
  const seconds = Object.values(steps).reduce((sum, step) => sum + (step.seconds ?? 0), 0);
  return { ...state, measured: { ...state.measured, [data.component]: seconds } };
}
