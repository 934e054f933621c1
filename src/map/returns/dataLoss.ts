import type { CompiledMap } from '../compile.ts';
import type { Component } from '../model.ts';
import { type Chains, chainsOf } from './chains.ts';

/** How far apart the last backups of a component really were, the worst of them, as the backups themselves say. */
export interface MeasuredPeriod {
  seconds: number;
  /** When that was read. ISO 8601. */
  at: string;
}
export interface MeasuredPeriods {
  readonly [component: string]: MeasuredPeriod;
}

/** Gaps looked at: a month of nights. */
const gapsRead = 30;

/**
 * Seconds of the longest of the last gaps between backups, the one that is still open included; null where no backup is known. Instants in
 * ms, in any order; what claims to be of the future is left out.
 */
export function longestGap(instants: readonly number[], now: number): number | null {
  const past = instants.filter((instant) => instant <= now).sort((a, b) => a - b);
  const edges = [...past.slice(-gapsRead), now];
  if (edges.length < 2) return null;
  return Math.round(Math.max(...edges.slice(1).map((instant, i) => instant - (edges[i] ?? instant))) / 1000);
}

/** What going back to the last backups may lose of what a care function entered. */
export interface Loss {
  /** Null: of something that holds its data nobody said how often it is backed up. */
  seconds: number | null;
  atLeastSeconds: number;
  /** Whose backups are furthest apart, and on what that rests. */
  component: string | null;
  basis: 'declared' | 'measured' | null;
  /** Components that hold data and whose backups nobody spoke of. */
  unknown: string[];
}

export interface LossTime {
  declared: Loss;
  /** From what was measured, and declared where nothing was; null where nothing was. */
  measured: Loss | null;
}

/**
 * For each care function, the longest period between two backups among the components that hold its data, along the same needs as its
 * return. Null where nothing under it is known to hold data: nobody can say what it would lose.
 */
export function dataLosses(map: CompiledMap, measured: MeasuredPeriods = {}): ReadonlyMap<string, LossTime | null> {
  const holders = new Set([...map.components.values()].filter(holdsData).map(({ id }) => id));
  const declared = (id: string): number | null => map.components.get(id)?.restore?.everySeconds ?? null;
  const known = (id: string): number | null => measured[id]?.seconds ?? declared(id);
  const along = (own: (id: string) => number | null): Chains =>
    chainsOf(map, (id) => (holders.has(id) ? own(id) : 0), 'largest');
  const asDeclared = along(declared);
  const isMeasured = Object.keys(measured).length > 0;
  const asKnown = isMeasured ? along(known) : asDeclared;
  const lossOf = (chains: Chains, id: string, basisOf: (component: string) => Loss['basis']): Loss | null => {
    const [least, most] = [chains.atLeast(id), chains.atMost(id)];
    if (most === 0) return null;
    const isKnown = most < Number.POSITIVE_INFINITY;
    const worst = chains.chain(id).at(-1)?.component ?? null;
    const component = worst !== null && least > 0 && holders.has(worst) ? worst : null;
    return {
      seconds: isKnown ? most : null,
      atLeastSeconds: least,
      component,
      basis: component === null ? null : basisOf(component),
      unknown: isKnown ? [] : chains.unsaidUnder(id),
    };
  };
  return new Map(
    [...map.careFunctions.keys()].map((id) => {
      const one = lossOf(asDeclared, id, () => 'declared');
      if (one === null) return [id, null];
      const other = isMeasured
        ? lossOf(asKnown, id, (component) => (measured[component] === undefined ? 'declared' : 'measured'))
        : null;
      return [id, { declared: one, measured: sameLoss(one, other) ? null : other }];
    }),
  );
}

/**
 * What a return to a backup loses the entries of: databases, and whatever is restored from files that change. A program and its settings
 * lose none, unless a period is declared; a database without a backup is one whose loss nobody can say.
 */
const holdsData = ({ kind, restore }: Component): boolean =>
  kind === 'database' ||
  (restore !== undefined && (restore.driver !== 'application' || restore.everySeconds !== undefined));

const sameLoss = (one: Loss, other: Loss | null): boolean =>
  other === null || (other.basis !== 'measured' && other.seconds === one.seconds && other.component === one.component);
