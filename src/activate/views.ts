import type { Words } from '../map/model.ts';
import type { ActivationLevel } from './events.ts';

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
