import type { ComponentState } from '../map/model.ts';
import type { CheckCode } from './codes.ts';
import type { Evidence } from './events.ts';

/**
 * What one run of a check says of what it asked:
 * `pass` all it expects is there; `warn` it works, less well than it should; `fail` it does not do its work;
 * `noAnswer` the check itself could not learn anything (no secret, no monitoring server): nothing is known.
 * A service that lets a check wait past its limit fails those who use it: that is `fail`, with a code that says so.
 */
export const verdicts = ['pass', 'warn', 'fail', 'noAnswer'] as const;
export type Verdict = (typeof verdicts)[number];

/** A sign that data is being destroyed, see `RansomwareSignSeen`. */
export type Sign = 'canaryAltered' | 'canaryMissing' | 'backupAnomaly' | 'massChange';

/** Something expected that was not there, in the words of the check's own settings. */
export interface FailedCondition {
  condition: string;
  expected: string;
  observed: string;
}

/** Plain measures by name, units last (`certificateDays`). Nothing clinical, nothing secret. */
export interface Measured {
  [name: string]: number | string | boolean | null;
}

/** What a kind of check found, before it is dated and signed with the check's name. */
export interface Finding {
  verdict: Verdict;
  /** `ok` when all is well. */
  code: CheckCode;
  /** Short technical detail, at most `DETAIL_LENGTH` characters; nothing clinical, no secret. */
  detail: string;
  measured: Measured;
  failedConditions: FailedCondition[];
  sign?: Sign;
}

export interface Observation extends Finding {
  check: string;
  component: string;
  /** When the question was asked, milliseconds since 1970. */
  at: number;
  /** How long the answer took. */
  milliseconds: number;
}

/** Longest detail kept: the bound of `Evidence.detail` in the journal. */
export const DETAIL_LENGTH = 300;

/** What a kind of check can say at worst of its component: a canary tells that data is at risk, not that the service stopped. */
export type Worst = 'down' | 'degraded';

/** The states a check can establish; the others are people's and restoration's. */
export type Level = Extract<ComponentState, 'up' | 'degraded' | 'unknown' | 'down'>;

/** From best to worst, for combining checks and damping: not knowing is worse than knowing that it limps. */
export const levels: readonly Level[] = ['up', 'degraded', 'unknown', 'down'];

export const severity = (level: Level): number => levels.indexOf(level);

export function levelOf(verdict: Verdict, worst: Worst): Level {
  switch (verdict) {
    case 'pass':
      return 'up';
    case 'warn':
      return 'degraded';
    case 'fail':
      return worst;
    case 'noAnswer':
      return 'unknown';
  }
}

export function evidenceOf(observation: Observation, kind: Evidence['kind']): Evidence {
  return { kind, by: observation.check, code: observation.code, detail: observation.detail.slice(0, DETAIL_LENGTH) };
}
