import type { Json, NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import type { HospitalMap, Words } from '../map/model.ts';
import { akinIncident } from './akin.ts';
import {
  type ActivationLevel,
  activationLevelChanged,
  activityDecided,
  alarmJoinedIncident,
  crisisLogWritten,
  holdEnded,
  incidentClosed,
  incidentOpened,
  planStarted,
  planStepDone,
  plansImported,
  returnEstimated,
  roleTaken,
} from './events.ts';
import { careFunctionOn, missing, openIncident } from './expect.ts';
import { confirmHold } from './hold.ts';
import { decideMerge } from './merge.ts';
import { Plans } from './plans.ts';
import { privateText } from './privateText.ts';
import { type ActivateState, holdKey, type RunningStep } from './state.ts';

export type ActivateCommand =
  | { type: 'ImportPlans'; document: Json; hash: string; source: string }
  | { type: 'OpenIncident'; alarm: string }
  | { type: 'JoinIncident'; alarm: string; incident: string }
  /** A director sees that two incidents are one crisis: the first goes on in the other. */
  | { type: 'MergeIncident'; incident: string; into: string }
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
  | { type: 'ExtendHold'; careFunction: string; ward: string; reason: string | Words }
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
      /** As typed; in several languages where a story wrote it. */
      text: string | Words;
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
      // Another alarm of the same moment may have opened one since this was asked: two roots, one crisis.
      const akin = akinIncident(state, alarm, context.shared.document);
      if (akin !== undefined)
        return accept([alarmJoinedIncident.of({ incident: akin.incident, alarm: command.alarm, careFunctions })]);
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
    case 'MergeIncident':
      return openIncident(state, command.incident, (gone) => decideMerge(state, gone, command.into));
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
      const said = privateText(command.text);
      if (said.text === '')
        return refuse('log-empty', 'A line of the crisis log says something.', { expected: 'one to 4,000 characters' });
      return openIncident(state, command.incident, () => [
        crisisLogWritten.of(
          {
            incident: command.incident,
            kind: command.kind,
            ...(command.corrects === undefined ? {} : { corrects: command.corrects }),
          },
          { private: { subject: command.incident, data: said } },
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
