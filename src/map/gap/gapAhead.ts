import type { Band, CareState, Forecast, GapStretch } from '../care.ts';
import type { CareFunction } from '../model.ts';
import { memoryMs } from './axis.ts';
import { neededBetween, type Stretches } from './calendar.ts';
import type { ReadFacts } from './history.ts';

export interface GapAsked {
  facts: ReadFacts;
  care: CareFunction;
  forecast: Forecast | null;
  now: number;
  wards: readonly Bearing[];
}

/** `until`: the ward's last word; `limit`: what its degraded mode bears if each shift confirms again. */
interface Bearing {
  state: CareState;
  hold: { until: number; limit: number } | null;
}

export interface GapAhead {
  minutes: Band['gapAhead'];
  stretches: GapStretch[];
}

export const noGap: GapAhead = { minutes: { low: 0, high: 0 }, stretches: [] };

/**
 * The gap still to come on the worst ward, while care is needed: surely from where its degraded mode bears no more to the
 * likely return, perhaps from where its last confirmation ends to the late one. No minutes where no forecast may be drawn,
 * nor once even the late return is past: nobody knows any more.
 */
export function gapAhead({ facts, care, forecast, now, wards }: GapAsked): GapAhead {
  const needed = (from: number, to: number) =>
    to <= from ? [] : neededBetween(care.calendar, facts.map.establishment.timeZone, from, to);
  const without = wards.filter(({ state }) => isWithout(state));
  const words = without.filter(({ state }) => state !== 'unknown').map(({ hold }) => Math.max(now, hold?.until ?? now));
  // What is not observed is drawn as such, not as a gap to come.
  const possibleFrom = words.length === 0 ? null : Math.min(...words);
  if (forecast?.kind !== 'range' || Date.parse(forecast.p90) <= now) {
    const [first] = forecast === null || possibleFrom === null ? [] : needed(possibleFrom, possibleFrom + memoryMs);
    return { minutes: null, stretches: first === undefined ? [] : [{ from: iso(first[0]), to: null, certain: false }] };
  }
  const [p50, p90] = [Date.parse(forecast.p50), Date.parse(forecast.p90)];
  let low = 0;
  let high = 0;
  let sureFrom = p50;
  for (const { state, hold } of without) {
    if (isSure(state, care)) {
      const bearsNoMore = Math.max(now, hold?.limit ?? now);
      low = Math.max(low, minutesOf(needed(bearsNoMore, p50)));
      sureFrom = Math.min(sureFrom, bearsNoMore);
    }
    high = Math.max(high, minutesOf(needed(Math.max(now, hold?.until ?? now), p90)));
  }
  const drawn = (from: number, to: number, certain: boolean): GapStretch[] =>
    needed(from, Math.min(to, now + memoryMs)).map(([start, end]) => ({ from: iso(start), to: iso(end), certain }));
  if (possibleFrom === null) return { minutes: { low, high }, stretches: [] };
  const sure = drawn(sureFrom, p50, true);
  const stretches =
    sure.length === 0
      ? drawn(possibleFrom, p90, false)
      : [...drawn(possibleFrom, sureFrom, false), ...sure, ...drawn(p50, p90, false)];
  return { minutes: { low, high }, stretches };
}

/** Not there, and not by decision: a gap may come of it. */
const isWithout = (state: CareState) =>
  state !== 'served' && state !== 'partly' && state !== 'catchingUp' && state !== 'diverted';
/** Without a word from the ward, or unobserved, it may be that there is no gap at all. */
const isSure = (state: CareState, care: CareFunction) =>
  state === 'gap' || state === 'held' || (state === 'notNeeded' && care.degradedMode === undefined);

const minutesOf = (stretches: Stretches) =>
  Math.round(stretches.reduce((sum, [start, end]) => sum + (end - start), 0) / 60_000);
const iso = (instant: number): string => new Date(instant).toISOString();
