import type { CompiledMap } from '../compile.ts';
import { type History, type Supplies, suppliesOver } from '../needs/supplies.ts';
import type { Told } from './suppliesAhead.ts';

/** A component that is lost: since when (ms), and when it is back by itself; infinite where nobody can say. */
export interface Outage {
  from: number;
  until: number;
}

/** What the present states lead to where each component that is lost returns: lost, then up again. */
export function suppliesReturning(
  map: CompiledMap,
  told: ReadonlyMap<string, Told>,
  missing: 'up' | 'unknown',
  outages: ReadonlyMap<string, Outage>,
): Supplies {
  const histories = new Map<string, History>();
  const before = { at: Number.NEGATIVE_INFINITY, to: 'up' } as const;
  for (const [id, { state, since }] of told) histories.set(id, [before, { at: since, to: state }]);
  for (const [id, { from, until }] of outages) {
    const back = Number.isFinite(until) ? [{ at: until, to: 'up' } as const] : [];
    histories.set(id, [before, { at: from, to: 'down' }, ...back]);
  }
  return suppliesOver(map, histories, missing);
}
