import type { CareState, Forecast } from '../care.ts';
import type { CareFunction } from '../model.ts';
import { neededBetween } from './calendar.ts';
import type { ReadFacts } from './history.ts';

/**
 * Minutes of gap still to come on the worst ward, while care is needed: at least from where its degraded mode bears no more to the
 * likely return (each shift confirming again), at most from where its last confirmation ends to the late one. Null where no forecast may be drawn.
 */
export function gapAhead(
  facts: ReadFacts,
  care: CareFunction,
  forecast: Forecast | null,
  now: number,
  wards: readonly { state: CareState; hold: { until: number; limit: number } | null }[],
): { low: number; high: number } | null {
  if (forecast?.kind !== 'range') return null;
  const { timeZone } = facts.map.establishment;
  const minutes = (from: number, to: number): number => {
    if (to <= from) return 0;
    const needed = neededBetween(care.calendar, timeZone, from, to);
    return Math.round(needed.reduce((sum, [start, end]) => sum + (end - start), 0) / 60_000);
  };
  let low = 0;
  let high = 0;
  for (const { state, hold } of wards) {
    if (state === 'served' || state === 'partly' || state === 'catchingUp' || state === 'diverted') continue;
    // Without a word from the ward, or unobserved, it may be that there is no gap at all.
    const sure = state !== 'toConfirm' && state !== 'unknown';
    if (sure) low = Math.max(low, minutes(Math.max(now, hold?.limit ?? now), Date.parse(forecast.p50)));
    high = Math.max(high, minutes(Math.max(now, hold?.until ?? now), Date.parse(forecast.p90)));
  }
  return { low, high };
}
