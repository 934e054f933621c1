import type { Words } from '../map/model.ts';
import { isReady } from './decide.ts';
import type { ActivationLevel } from './events.ts';
import { bounded } from './log.ts';
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
  /** Free text of a person, as typed; a story's in each of its languages; null once erased. */
  text?: string | Words | null;
  /** Nobody said or decided it. */
  automatic: boolean;
  /** One of many alike: folded where people read, never where they search. */
  routine: boolean;
  /** Lines left out just before this one: they are in the journal. */
  leftOut?: number;
}

export interface IncidentView {
  incident: string;
  /** In the order they opened, from 1: what people call it. */
  number: number;
  cause: string;
  openedAt: string;
  lossSince: string;
  closedAt: string | null;
  level: ActivationLevel;
  /** What an act on its level or end says it looked at. */
  version: number;
  roots: string[];
  careFunctions: string[];
  roles: { role: string; person: string; since: string }[];
  plans: { plan: string; name: Words; steps: StepView[] }[];
  /** Newest last; `logFrom` counts the lines left out, most of them routine: they are in the journal. */
  log: LogLine[];
  logFrom: number;
  recovery: string | null;
  /** The incident it was joined to. */
  mergedInto: string | null;
  /** Changes of the map since it opened; null once it is closed. What it opened with stays until then. */
  mapChanges: number | null;
}

export interface IncidentsView {
  incidents: IncidentView[];
  /** Steps that wait for someone, most urgent first. */
  nextActions: { incident: string; plan: string; step: string; title: Words; role: string | null }[];
  /** What open incidents rest on that the map in force no longer has, by its last name. */
  gone: { id: string; name: Words }[];
}

/** What became of the map since incidents opened. */
export interface MapSince {
  /** By open incident. */
  changes: { readonly [incident: string]: number };
  gone: IncidentsView['gone'];
}

/** Lines of the log a view carries: three days of crisis whole; beyond, routine lines are left out first. */
export const LOG_LINES_SHOWN = 1000;

export function incidentsView(
  state: ActivateState,
  { changes, gone }: MapSince = { changes: {}, gone: [] },
): IncidentsView {
  const incidents = Object.values(state.incidents)
    .map((incident, index) => incidentView(incident, index + 1, changes))
    .toReversed();
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
  return { incidents, nextActions, gone };
}

function incidentView(incident: Incident, number: number, changes: MapSince['changes']): IncidentView {
  const { alarms: _alarms, log, plans, ...shown } = incident;
  const carried = bounded(log, LOG_LINES_SHOWN);
  return {
    ...shown,
    number,
    plans: plans.map((plan) => ({ ...plan, steps: plan.steps.map((step) => stepView(step, plan.steps)) })),
    log: carried,
    logFrom: incident.logFrom + log.length - carried.length,
    mapChanges: incident.closedAt === null ? (changes[incident.incident] ?? 0) : null,
  };
}

function stepView(step: RunningStep, steps: readonly RunningStep[]): StepView {
  const { id, title, kind, at, code } = step;
  const state = step.outcome ?? (isReady(step, steps) ? 'ready' : 'waiting');
  return { id, title, kind, role: step.role ?? null, state, at, code };
}
