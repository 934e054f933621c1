import type { ComponentState, Supply, Words } from './model.ts';

/** A component was seen in another state; `at` is the real time, when it is known. */
export interface Transition {
  component: string;
  at: string;
  to: ComponentState;
  code: string;
}

/**
 * What happened that decides whether care goes on: folded from every room's events, in the order learned. ISO times.
 * Bounded (`facts.ts`): for each component and ward, what is older than the newest facts is kept down to its last word.
 */
export interface CareFacts {
  transitions: readonly Transition[];
  /** The newest ones, after `transitions` and not yet gathered there: a fold that copied a long list at each event would crawl. */
  latest?: readonly Transition[];
  wardReports: readonly { careFunction: string; ward: string; at: string; works: boolean }[];
  holds: readonly {
    careFunction: string;
    ward: string;
    from: string;
    until: string;
    endedAt?: string;
    /** `confirmedAgain`: another confirmation took over. */
    endedBy?: 'expired' | 'givenUp' | 'servedAgain' | 'confirmedAgain';
    /** When the ward began to hold without interruption: what the degraded mode's duration counts from. */
    spellFrom?: string;
    /** Until when the degraded mode can bear it, shifts confirmed again; absent: as far as its duration from `spellFrom` goes. */
    limit?: string;
    runsOutFirst: string;
    proved: boolean;
  }[];
  decisions: readonly {
    careFunction: string;
    wards: readonly string[];
    at: string;
    decision: 'diverted' | 'reduced' | 'resumed';
    reviewAt?: string | undefined;
    patients?: number | undefined;
  }[];
  /** Opened to clinicians from the clean room; its patients still to reconcile, until `reconciledAt`. */
  releases: readonly { careFunction: string; at: string; horizon: string | null; reconciledAt?: string }[];
}

/** State of one care function on one ward (INTERFACE.md). */
export const careStates = [
  'served',
  'partly',
  'held',
  'toConfirm',
  'gap',
  'diverted',
  'catchingUp',
  'unknown',
  'notNeeded',
] as const;
export type CareState = (typeof careStates)[number];

/** From what must be seen first to what may be left out: the worst ward decides for its band, here and on every screen. */
export const worstFirst: readonly CareState[] = [
  'gap',
  'toConfirm',
  'unknown',
  'held',
  'partly',
  'diverted',
  'catchingUp',
  'served',
  'notNeeded',
];

const severity = new Map(worstFirst.map((state, index) => [state, index]));
/** Negative where `one` is the worse: sorts worst first. */
export const bySeverity = (one: CareState, other: CareState): number =>
  (severity.get(one) ?? 0) - (severity.get(other) ?? 0);

/** When a function is expected back, or what must be settled before anyone may say. */
export type Forecast =
  | { kind: 'range'; p50: string; p90: string; basis: 'measured' | 'declared' | 'signed' }
  | { kind: 'waiting'; for: 'containment' | 'cleanPoint' | 'measure' | 'plan' | 'verification' | 'release' };

export interface Segment {
  /** ISO; `to` is null for the one that holds now. */
  from: string;
  to: string | null;
  state: CareState;
}

export interface WardState {
  ward: string;
  name: Words;
  site: string;
  state: CareState;
  since: string | null;
  hold?: { until: string; runsOutFirst: string; proved: boolean };
  /** Codes of what established the state, most decisive first. */
  because: { code: string; component?: string }[];
  accessTested: boolean;
}

/** Gap still to come. Certain: neither the degraded mode nor the likely return reaches across it. */
export interface GapStretch {
  from: string;
  /** Null: nobody may say how far, for lack of a forecast or because the latest return is past. */
  to: string | null;
  certain: boolean;
}

export interface Band {
  careFunction: string;
  name: Words;
  tier: 1 | 2 | 3;
  weight: number;
  supply: Supply;
  /** The worst ward decides; counts say the rest. */
  state: CareState;
  segments: Segment[];
  wards: WardState[];
  wardsInState: { state: CareState; wards: number }[];
  lostAt: string | null;
  /** Earliest end of the holds that stand; null when none does. */
  holdUntil: string | null;
  runsOutFirst: string | null;
  forecast: Forecast | null;
  /** Instant by which the restoration objective asks it back; null while it is served. */
  targetAt: string | null;
  /** Instant past which interruption is not tolerable (DMIA). */
  intolerableAt: string | null;
  /** Minutes of gap still to come on what is known now, if nothing changes; null where no forecast may be drawn. */
  gapAhead: { low: number; high: number } | null;
  /** Where that gap lies, in order, while care is needed: what is drawn ahead of the now line. */
  gapsAhead: GapStretch[];
  roots: string[];
  degradedMode: { name: Words; steps: Words[]; holdSeconds: number; provedOn: string | null } | null;
  reviewAt: string | null;
  patients: number | null;
  horizon: string | null;
}

/** Gap minutes × weight, by tier; unknown minutes stand apart and count in the upper bound. */
export interface CareGap {
  byTier: { [tier in '1' | '2' | '3']: { low: number; high: number } };
  unknownMinutes: number;
}

export interface BoardView {
  now: string;
  establishment: { id: string; name: Words; timeZone: string };
  /** The next care function to fall into a gap, or the one already there longest in the highest tier. */
  nextGap: {
    careFunction: string;
    name: Words;
    at: string;
    already: boolean;
    /** False where only a ward's word is missing: lost, or about to be, and nobody has confirmed that it holds. */
    certain: boolean;
    wards: number;
    beds: number | null;
  } | null;
  bands: Band[];
  careGap: CareGap;
  axis: { from: string; to: string };
}
