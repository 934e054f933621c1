import type { NewEvent } from '../journal/event.ts';
import { type Refusal, refuse } from '../journal/result.ts';
import { type ActivationLevel, activationLevelChanged, incidentMerged } from './events.ts';
import { missing } from './expect.ts';
import { bounded, LOG_LINES } from './log.ts';
import type { ActivateState, Incident, RunningStep } from './state.ts';

/** `gone` goes on in the incident `id`: both open, and not both being restored. */
export function decideMerge(state: ActivateState, gone: Incident, id: string): NewEvent[] | Refusal {
  const into = state.incidents[id];
  if (into === undefined) return missing('incident', id).refusal;
  if (into.closedAt !== null || into.incident === gone.incident) {
    return refuse('incident-not-joinable', 'An incident is joined to another one that is open.', { where: id }).refusal;
  }
  if (gone.recovery !== null && into.recovery !== null) {
    return refuse('incidents-both-restoring', 'Each of the two incidents has its own restoration under way.', {
      where: id,
      kept: 'Both incidents go on.',
      cure: 'End or give up one of the two restorations first.',
    }).refusal;
  }
  const higher = ladder.indexOf(gone.level) > ladder.indexOf(into.level);
  return [
    incidentMerged.of({ incident: gone.incident, into: id }),
    ...(higher ? [activationLevelChanged.of({ incident: id, from: into.level, to: gone.level })] : []),
  ];
}

/** From the least to the most: a hospital under plan blanc is not brought down by joining two incidents. */
const ladder: readonly ActivationLevel[] = ['levee', 'nominal', 'veille', 'mobilisationInterne', 'planBlanc'];

/** Two incidents are found to be one: what was known, begun and written of `gone` goes on in `into`; nothing is lost. */
export function mergeIncidents(
  state: ActivateState,
  gone: Incident,
  into: Incident,
  at: { time: string; sequence: number },
): ActivateState {
  const log = bySequence([...into.log, ...gone.log]);
  const kept = bounded(log, LOG_LINES);
  const merged: Incident = {
    ...into,
    alarms: union(into.alarms, gone.alarms),
    roots: union(into.roots, gone.roots),
    careFunctions: union(into.careFunctions, gone.careFunctions),
    lossSince: [into.lossSince, gone.lossSince].toSorted()[0] ?? into.lossSince,
    roles: [...into.roles, ...gone.roles.filter(({ role }) => !into.roles.some((held) => held.role === role))],
    plans: mergedPlans(into.plans, gone.plans),
    log: kept,
    logFrom: Math.max(into.logFrom, gone.logFrom) + log.length - kept.length,
    recovery: into.recovery ?? gone.recovery,
    version: at.sequence,
  };
  const closed: Incident = { ...gone, closedAt: at.time, mergedInto: into.incident, version: at.sequence };
  const alarms = Object.values(state.alarms).map((alarm) =>
    alarm.incident === gone.incident ? { ...alarm, incident: into.incident } : alarm,
  );
  return {
    ...state,
    alarms: Object.fromEntries(alarms.map((alarm) => [alarm.alarm, alarm])),
    incidents: { ...state.incidents, [gone.incident]: closed, [into.incident]: merged },
  };
}

/** A plan that ran in both is one plan: what was done of it in either is done. */
function mergedPlans(into: Incident['plans'], gone: Incident['plans']): Incident['plans'] {
  const both = into.map((plan) => {
    const other = gone.find((one) => one.plan === plan.plan);
    if (other === undefined) return plan;
    const steps = plan.steps.map((step): RunningStep => {
      const done = other.steps.find((one) => one.id === step.id);
      return step.outcome !== null || done === undefined
        ? step
        : { ...step, outcome: done.outcome, at: done.at, code: done.code };
    });
    return { ...plan, steps };
  });
  return [...both, ...gone.filter((plan) => !into.some((one) => one.plan === plan.plan))];
}

/** Lines both logs hold stand once. */
function bySequence(lines: Incident['log']): Incident['log'] {
  const once = new Map(lines.map((line) => [line.sequence, line]));
  return [...once.values()].toSorted((one, other) => one.sequence - other.sequence);
}

const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];
