import type { Json, NewEvent } from '../journal/event.ts';
import { accept, type Refusal, type Refusing, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import { compile } from '../map/compile.ts';
import type { CareFunction, HospitalMap } from '../map/model.ts';
import {
  type ActivationLevel,
  activationLevelChanged,
  activityDecided,
  alarmJoinedIncident,
  crisisLogWritten,
  holdConfirmed,
  holdEnded,
  incidentClosed,
  incidentOpened,
  planStarted,
  planStepDone,
  plansImported,
  returnEstimated,
  roleTaken,
} from './events.ts';
import { Plans } from './plans.ts';
import { type ActivateState, type Hold, holdKey, type Incident, type RunningStep } from './state.ts';

/** A confirmation of a ward lasts one shift at most: whoever comes on duty says it again. P: shifts of 8 h. */
export const SHIFT_SECONDS = 8 * 3600;

export type ActivateCommand =
  | { type: 'ImportPlans'; document: Json; hash: string; source: string }
  | { type: 'OpenIncident'; alarm: string }
  | { type: 'JoinIncident'; alarm: string; incident: string }
  | { type: 'StartPlan'; incident: string; plan: string }
  | {
      type: 'FinishStep';
      incident: string;
      plan: string;
      step: string;
      outcome: 'done' | 'skipped' | 'failed';
      code?: string;
    }
  | { type: 'ChangeLevel'; incident: string; level: ActivationLevel }
  | { type: 'TakeRole'; incident: string; role: string }
  | { type: 'CloseIncident'; incident: string }
  | { type: 'ConfirmHold'; careFunction: string; ward: string }
  /** A named clinician takes it on them that the degraded mode bears as long again, and says why. */
  | { type: 'ExtendHold'; careFunction: string; ward: string; reason: string }
  | { type: 'EndHold'; careFunction: string; ward: string; reason: 'expired' | 'givenUp' | 'servedAgain' }
  | {
      type: 'DecideActivity';
      careFunction: string;
      wards: string[];
      decision: 'diverted' | 'reduced' | 'resumed';
      reviewAt?: string;
      patients?: number;
    }
  | {
      type: 'WriteLog';
      incident: string;
      kind: 'fact' | 'decision' | 'action' | 'message';
      text: string;
      corrects?: number;
    }
  | { type: 'EstimateReturn'; careFunction: string; p50: string; p90: string };

export interface Shared {
  document: HospitalMap | null;
}

export function decide(state: ActivateState, command: ActivateCommand, context: Context<Shared>): Result<NewEvent[]> {
  switch (command.type) {
    case 'ImportPlans': {
      const { document, hash, source } = command;
      const plans = Plans.safeParse(document);
      if (!plans.success) {
        return refuse('plans-invalid', plans.error.message, { where: source, kept: 'The plans that stood are kept.' });
      }
      if (JSON.stringify(plans.data.plans) === JSON.stringify(state.plans)) return accept([]);
      return accept([
        plansImported.of(
          { document: hash, plans: plans.data.plans.length, source },
          { documents: { [hash]: document } },
        ),
      ]);
    }
    case 'OpenIncident': {
      const alarm = state.alarms[command.alarm];
      if (alarm === undefined) return missing('alarm', command.alarm);
      if (alarm.incident !== null) return accept([]);
      const { cause, roots, careFunctions, since } = alarm;
      return accept([
        incidentOpened.of({
          incident: context.newId('incident'),
          alarm: command.alarm,
          cause,
          roots,
          careFunctions,
          lossSince: since,
        }),
      ]);
    }
    case 'JoinIncident': {
      const alarm = state.alarms[command.alarm];
      if (alarm === undefined) return missing('alarm', command.alarm);
      if (alarm.incident !== null) return accept([]);
      return openIncident(state, command.incident, () => [
        alarmJoinedIncident.of({
          incident: command.incident,
          alarm: command.alarm,
          careFunctions: alarm.careFunctions,
        }),
      ]);
    }
    case 'StartPlan': {
      const plan = state.plans.find((known) => known.id === command.plan);
      if (plan === undefined) return missing('plan', command.plan);
      return openIncident(state, command.incident, (incident) =>
        incident.plans.some((running) => running.plan === plan.id)
          ? []
          : [planStarted.of({ incident: command.incident, plan: plan.id, name: plan.name, steps: plan.steps })],
      );
    }
    case 'FinishStep':
      return finishStep(state, command);
    case 'ChangeLevel':
      return openIncident(state, command.incident, (incident) =>
        incident.level === command.level
          ? []
          : [activationLevelChanged.of({ incident: command.incident, from: incident.level, to: command.level })],
      );
    case 'TakeRole':
      return openIncident(state, command.incident, () => [
        roleTaken.of({ incident: command.incident, role: command.role, person: context.actor }),
      ]);
    case 'CloseIncident':
      return openIncident(state, command.incident, (incident) => {
        const standing = Object.values(state.alarms).find((alarm) => alarm.incident === incident.incident);
        if (standing !== undefined && incident.recovery === null) {
          return refuse('incident-alarm-stands', 'An alarm of this incident still stands.', {
            where: incident.incident,
            expected: 'every alarm of the incident cleared, or its care functions reopened',
            cure: 'Bring the component back, or wait for the next check.',
          }).refusal;
        }
        return [incidentClosed.of({ incident: command.incident })];
      });
    case 'ConfirmHold':
    case 'ExtendHold':
      return confirmHold(state, command, context);
    case 'EndHold': {
      const { careFunction, ward, reason } = command;
      const hold = state.holds[holdKey(careFunction, ward)];
      // A hold that expired or was given up still counts as a spell, until care is served again.
      const ends = hold !== undefined && (hold.standing || reason === 'servedAgain');
      return accept(ends ? [holdEnded.of({ careFunction, ward, reason })] : []);
    }
    case 'DecideActivity': {
      const known = careFunctionOn(context.shared.document, command.careFunction, command.wards);
      if (!known.ok) return known;
      const { type: _type, ...data } = command;
      return accept([activityDecided.of(data)]);
    }
    case 'EstimateReturn': {
      const { careFunction, p50, p90 } = command;
      const known = careFunctionOn(context.shared.document, careFunction, []);
      if (!known.ok) return known;
      if (Date.parse(p50) > Date.parse(p90)) {
        return refuse('estimate-reversed', 'The likely time of return is later than the latest one.', {
          where: careFunction,
          expected: `${p50} before ${p90}`,
        });
      }
      return accept([returnEstimated.of({ careFunction, p50, p90 })]);
    }
    case 'WriteLog': {
      const text = command.text.trim();
      if (text === '')
        return refuse('log-empty', 'A line of the crisis log says something.', { expected: 'one to 4,000 characters' });
      return openIncident(state, command.incident, () => [
        crisisLogWritten.of(
          {
            incident: command.incident,
            kind: command.kind,
            ...(command.corrects === undefined ? {} : { corrects: command.corrects }),
          },
          { private: { subject: command.incident, data: { text } } },
        ),
      ]);
    }
  }
}

function finishStep(
  state: ActivateState,
  command: Extract<ActivateCommand, { type: 'FinishStep' }>,
): Result<NewEvent[]> {
  return openIncident(state, command.incident, (incident) => {
    const running = incident.plans.find((plan) => plan.plan === command.plan);
    const step = running?.steps.find((one) => one.id === command.step);
    if (running === undefined || step === undefined) return missing('step', `${command.plan}/${command.step}`).refusal;
    if (step.outcome === 'done' || step.outcome === 'skipped') return [];
    if (!isReady(step, running.steps)) {
      return refuse('step-not-ready', 'The steps before this one are not finished.', {
        where: step.id,
        expected: step.after.join(', '),
        cure: 'Finish or skip them first.',
      }).refusal;
    }
    const { incident: id, plan, outcome, code } = command;
    return [planStepDone.of({ incident: id, plan, step: step.id, outcome, ...(code === undefined ? {} : { code }) })];
  });
}

/** Ready: not finished, and every step it comes after is done or skipped. A failed one is ready again. */
export function isReady(step: RunningStep, steps: readonly RunningStep[]): boolean {
  const finished = (id: string) =>
    steps.some((one) => one.id === id && (one.outcome === 'done' || one.outcome === 'skipped'));
  return step.outcome !== 'done' && step.outcome !== 'skipped' && step.after.every(finished);
}

function confirmHold(
  state: ActivateState,
  command: Extract<ActivateCommand, { type: 'ConfirmHold' | 'ExtendHold' }>,
  context: Context<Shared>,
): Result<NewEvent[]> {
  const known = careFunctionOn(context.shared.document, command.careFunction, [command.ward]);
  if (!known.ok) return known;
  const mode = known.value.degradedMode;
  if (mode === undefined) {
    return refuse('hold-without-mode', 'No degraded mode is written for this care function: nothing can hold it.', {
      where: command.careFunction,
      cure: 'Write its degraded mode on the map, or decide to divert or reduce.',
    });
  }
  const spell: Hold | undefined = state.holds[holdKey(command.careFunction, command.ward)];
  const reason = command.type === 'ExtendHold' ? command.reason.trim() : undefined;
  if (reason === '')
    return refuse('reason-missing', 'A hold is extended with a reason.', {
      where: command.careFunction,
      expected: 'a sentence that says why',
    });
  const full = context.now + mode.holdSeconds * 1000;
  const limit = reason !== undefined || spell === undefined ? full : Date.parse(spell.limit);
  if (limit <= context.now) {
    return refuse('hold-exhausted', 'The degraded mode has been held for as long as it can.', {
      where: `${command.careFunction} · ${command.ward}`,
      expected: `at most ${Math.round(mode.holdSeconds / 60)} min`,
      cure: 'A named clinician may extend it with a reason, or decide to divert or reduce.',
    });
  }
  const held = holdConfirmed.of(
    {
      careFunction: command.careFunction,
      ward: command.ward,
      from: iso(context.now),
      until: iso(Math.min(limit, context.now + SHIFT_SECONDS * 1000)),
      limit: iso(limit),
      extended: reason !== undefined,
      runsOutFirst: mode.runsOutFirst,
      proved: mode.provedOn !== undefined,
    },
    reason === undefined
      ? undefined
      : { private: { subject: incidentOf(state, command.careFunction), data: { text: reason } } },
  );
  return accept([held]);
}

/** Whose key covers what is said of a care function: its open incident's. */
const incidentOf = (state: ActivateState, careFunction: string): string =>
  Object.values(state.incidents).find(
    (incident) => incident.closedAt === null && incident.careFunctions.includes(careFunction),
  )?.incident ?? 'holds';

function careFunctionOn(document: HospitalMap | null, id: string, wards: readonly string[]): Result<CareFunction> {
  const careFunction = document === null ? undefined : compile(document).careFunctions.get(id);
  if (careFunction === undefined) return missing('care function', id);
  const stranger = wards.find((ward) => !careFunction.wards.includes(ward));
  if (stranger !== undefined) {
    return refuse('ward-not-concerned', 'This ward does not have this care function on the map.', {
      where: `${id} · ${stranger}`,
      expected: careFunction.wards.join(', '),
    });
  }
  return accept(careFunction);
}

function openIncident(
  state: ActivateState,
  id: string,
  then: (incident: Incident) => NewEvent[] | Refusal,
): Result<NewEvent[]> {
  const incident = state.incidents[id];
  if (incident === undefined) return missing('incident', id);
  if (incident.closedAt !== null)
    return refuse('incident-closed', 'This incident is closed.', { where: id, kept: 'Its crisis log stays readable.' });
  const outcome = then(incident);
  return Array.isArray(outcome) ? accept(outcome) : { ok: false, refusal: outcome };
}

function missing(kind: string, id: string): Refusing {
  return refuse('not-found', `No ${kind} has this name here.`, { where: id });
}

const iso = (ms: number): string => new Date(ms).toISOString();
