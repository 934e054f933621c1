import type { Words } from '../map/model.ts';
import { isReady } from './decide.ts';
import type { ActivationLevel } from './events.ts';
import type { ActivateState, Incident, RunningStep } from './state.ts';

export interface StepView {
  id: string;
  title: Words;
  kind: 'human' | 'automatic';
  role: string | null;
  state: 'waiting' | 'ready' | 'done' | 'skipped' | 'failed';
  at: string | null;
  code: string | null;
}

/** A line of the crisis log: written by the events themselves; `code` and `words` are rendered by the interface. */
export interface LogLine {
  sequence: number;
  at: string;
  actor: string;
  kind: 'fact' | 'decision' | 'action' | 'message';
  /** Event type: the interface has a sentence for each. */
  code: string;
  /** What the sentence speaks of: references, counts, states. */
  words: { [name: string]: string | number };
  /** Free text of a person; null once erased. */
  text?: string | null;
}

export interface IncidentView {
  incident: string;
  cause: string;
  openedAt: string;
  lossSince: string;
  closedAt: string | null;
  level: ActivationLevel;
  roots: string[];
  careFunctions: string[];
  roles: { role: string; person: string; since: string }[];
  plans: { plan: string; name: Words; steps: StepView[] }[];
  /** Newest last; older lines than the view's bound are in the journal (`logFrom` says where this list starts). */
  log: LogLine[];
  logFrom: number;
  recovery: string | null;
}

export interface IncidentsView {
  incidents: IncidentView[];
  /** Steps that wait for someone, most urgent first. */
  nextActions: { incident: string; plan: string; step: string; title: Words; role: string | null }[];
}

/** Lines of the log a view carries: what fits on screens people scroll; the whole log is one request away. */
export const LOG_LINES_SHOWN = 300;

export function incidentsView(state: ActivateState): IncidentsView {
  const incidents = Object.values(state.incidents).map(incidentView).toReversed();
  const nextActions = Object.values(state.incidents)
    .filter((incident) => incident.closedAt === null)
    .flatMap((incident) =>
      incident.plans.flatMap((plan) =>
        plan.steps
          .filter((step) => step.kind === 'human' && isReady(step, plan.steps))
          .map((step) => ({
            incident: incident.incident,
            plan: plan.plan,
            step: step.id,
            title: step.title,
            role: step.role ?? null,
          })),
      ),
    );
  return { incidents, nextActions };
}

function incidentView(incident: Incident): IncidentView {
  const { alarms: _alarms, version: _version, log, plans, ...shown } = incident;
  const hidden = Math.max(0, log.length - LOG_LINES_SHOWN);
  return {
    ...shown,
    plans: plans.map((plan) => ({ ...plan, steps: plan.steps.map((step) => stepView(step, plan.steps)) })),
    log: log.slice(hidden),
    logFrom: incident.logFrom + hidden,
  };
}

function stepView(step: RunningStep, steps: readonly RunningStep[]): StepView {
  const { id, title, kind, at, code } = step;
  const state = step.outcome ?? (isReady(step, steps) ? 'ready' : 'waiting');
  return { id, title, kind, role: step.role ?? null, state, at, code };
}
