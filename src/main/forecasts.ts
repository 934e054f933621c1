import type { Incident } from '../activate/state.ts';
import type { Forecast } from '../map/care.ts';
import { forecastOf } from '../restore/forecast.ts';
import type { HospitalState } from './hospital.ts';

/** When each care function of an open incident is expected back, or what is waited for before anyone may say. */
export function forecasts(state: HospitalState, now: number): { [careFunction: string]: Forecast } {
  const open = Object.values(state.activate.incidents).filter((incident) => incident.closedAt === null);
  const found: { [careFunction: string]: Forecast } = {};
  for (const incident of open) {
    for (const careFunction of incident.careFunctions) found[careFunction] = one(state, incident, careFunction, now);
  }
  return found;
}

function one(state: HospitalState, incident: Incident, careFunction: string, now: number): Forecast {
  const signed = state.activate.estimates[careFunction];
  if (signed !== undefined && Date.parse(signed.at) >= Date.parse(incident.lossSince)) {
    return { kind: 'range', p50: signed.p50, p90: signed.p90, basis: 'signed' };
  }
  if (!isContained(incident)) return { kind: 'waiting', for: 'containment' };
  const recovery = Object.values(state.restore.recoveries).find(
    (candidate) => candidate.incident === incident.incident && candidate.closed === null,
  );
  return recovery === undefined ? { kind: 'waiting', for: 'plan' } : forecastOf(recovery, careFunction, now);
}

/** Where a plan has a containment step, nothing may be promised before it is done. */
const isContained = (incident: Incident): boolean =>
  incident.plans.every((plan) => plan.steps.every((step) => !step.containment || step.outcome === 'done'));
