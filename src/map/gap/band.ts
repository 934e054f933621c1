import { type Band, type CareState, type Forecast, type WardState, worstFirst } from '../care.ts';
import type { CareFunction } from '../model.ts';
import { supplyOf } from '../needs/level.ts';
import { levelAt } from '../needs/signal.ts';
import { gapAhead, noGap } from './gapAhead.ts';
import type { Decision, HoldSpan, ReadFacts } from './history.ts';
import type { CareOverTime } from './overTime.ts';
import { accessTested, reasonsOf } from './reasons.ts';
import { decisionsOn, holdAt, lastBefore, lossStart, type WardCare } from './wardCare.ts';
import { stateIn } from './worst.ts';

export interface BandAsked {
  facts: ReadFacts;
  over: CareOverTime;
  now: number;
  /** Where the picture begins. */
  from: number;
  forecast: Forecast | undefined;
  roots: (id: string) => readonly string[];
}

export const iso = (instant: number): string => new Date(instant).toISOString();
const isoOrNull = (instant: number | null): string | null => (instant === null ? null : iso(instant));

/** One band of the Board: a care function, its wards, what holds it and what is known of its return. */
export function bandOf(asked: BandAsked): Band {
  const { facts, over, now, from } = asked;
  const { care, wards } = over;
  const states = wards.map((ward) => stateIn(ward.timeline, now));
  const state = worstFirst.find((one) => states.includes(one)) ?? 'notNeeded';
  const holds = wards.flatMap((ward, i) => (states[i] === 'held' ? (standing(facts, care, ward, now) ?? []) : []));
  const firstHold = holds.toSorted((a, b) => a.until - b.until)[0];
  const lostAt = lostSince(facts, over, now);
  const decisions = decisionsInForce(facts, over, states, now);
  const counted = new Map(worstFirst.map((one) => [one, states.filter((other) => other === one).length]));
  const back = lostAt === null && !states.includes('unknown') && !states.includes('partly');
  const forecast = back ? null : (asked.forecast ?? null);
  const mode = care.degradedMode;
  const bearings = wards.map((ward, i) => ({
    state: states[i] ?? 'unknown',
    hold: standing(facts, care, ward, now) ?? null,
  }));
  const ahead = back ? noGap : gapAhead({ facts, care, forecast, now, wards: bearings });
  return {
    careFunction: care.id,
    name: care.name,
    tier: care.tier,
    weight: care.weight,
    supply: supplyOf(levelAt(facts.supplies.of(care.id), now)),
    state,
    segments: segmentsOf(over, from, now),
    wards: wards.map((ward, i) => wardState(asked, ward, states[i] ?? 'unknown')),
    wardsInState: [...counted].flatMap(([one, count]) => (count > 0 ? [{ state: one, wards: count }] : [])),
    lostAt: isoOrNull(lostAt),
    holdUntil: isoOrNull(firstHold?.until ?? null),
    runsOutFirst: firstHold?.runsOutFirst ?? null,
    forecast,
    targetAt: isoOrNull(lostAt === null ? null : lostAt + care.rtoSeconds * 1000),
    intolerableAt: isoOrNull(lostAt === null ? null : lostAt + care.mtpdSeconds * 1000),
    gapAhead: ahead.minutes,
    gapsAhead: ahead.stretches,
    roots: [...asked.roots(care.id)],
    degradedMode:
      mode === undefined
        ? null
        : { name: mode.name, steps: mode.steps, holdSeconds: mode.holdSeconds, provedOn: mode.provedOn ?? null },
    reviewAt: decisions.flatMap(({ reviewAt }) => reviewAt ?? []).sort()[0] ?? null,
    patients: patientsOf(decisions),
    horizon: horizonOf(over, now),
  };
}

function wardState({ facts, over, now, roots }: BandAsked, ward: WardCare, state: CareState): WardState {
  const { map } = facts;
  const place = map.wards.get(ward.ward);
  const step = ward.timeline.at.findLastIndex((at) => at <= now);
  const hold = state === 'held' ? standing(facts, over.care, ward, now) : undefined;
  return {
    ward: ward.ward,
    name: place?.name ?? { fr: ward.ward },
    site: place?.site ?? '',
    state,
    // What held already where the facts begin has no known beginning.
    since: step > 0 ? iso(ward.timeline.at[step] ?? now) : null,
    ...(hold === undefined
      ? {}
      : { hold: { until: iso(hold.until), runsOutFirst: hold.runsOutFirst, proved: hold.proved } }),
    because: reasonsOf(facts, over.care, ward, state, now, roots),
    accessTested: accessTested(ward, now),
  };
}

const standing = (facts: ReadFacts, care: CareFunction, ward: WardCare, now: number): HoldSpan | undefined =>
  holdAt(facts.careFunctions.get(care.id)?.holds.get(ward.ward) ?? [], now);

/** The function's own loss, else the oldest of the wards it does not reach; null while it is there. */
function lostSince(facts: ReadFacts, { care, wards }: CareOverTime, now: number): number | null {
  const losses = wards.flatMap((ward) => lossStart(ward.level, now) ?? []).filter(Number.isFinite);
  if (losses.length === 0) return null;
  const own = lossStart(facts.supplies.of(care.id), now);
  return own !== null && losses.includes(own) ? own : Math.min(...losses);
}

function decisionsInForce(
  facts: ReadFacts,
  { care, wards }: CareOverTime,
  states: CareState[],
  now: number,
): Decision[] {
  const history = facts.careFunctions.get(care.id);
  const found = wards.flatMap((ward, i) =>
    states[i] === 'diverted' ? (lastBefore(decisionsOn(history, ward.ward), now) ?? []) : [],
  );
  return [...new Set(found)];
}

function patientsOf(decisions: readonly Decision[]): number | null {
  const counts = decisions.flatMap(({ patients }) => patients ?? []);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function horizonOf({ wards }: CareOverTime, now: number): string | null {
  const open = wards.flatMap(({ released }) => released.filter(({ from, to }) => from <= now && now < to));
  return open.toSorted((a, b) => b.from - a.from)[0]?.horizon ?? null;
}

/** The part of the band that the picture shows, up to now: what is still to come is not drawn as if it had been. */
function segmentsOf({ segments }: CareOverTime, from: number, now: number): Band['segments'] {
  const shown: Band['segments'] = [];
  for (const { start, end, segment } of segments) {
    if (start > now) break;
    if (end <= from) continue;
    const to = end > now ? null : segment.to;
    shown.push({ from: start < from ? iso(from) : segment.from, to, state: segment.state });
  }
  return shown;
}
