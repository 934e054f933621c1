import type { CareState } from '../care.ts';
import type { CareFunction } from '../model.ts';
import { isLost, type Level, low, served } from '../needs/level.ts';
import { levelAt, type Signal } from '../needs/signal.ts';
import { neededBetween, type Stretches } from './calendar.ts';
import type { CareHistory, Decision, HoldSpan, ReadFacts } from './history.ts';
import { type Released, type WardSupply, wardSupplies } from './wardSupply.ts';

/** State of one care function on one ward over time: `state[i]` from `at[i]` to the next; the last goes on. */
export interface Timeline {
  readonly at: readonly number[];
  readonly state: readonly CareState[];
}

export interface WardCare extends WardSupply {
  ward: string;
  timeline: Timeline;
}

/** Every ward of a care function from one instant to another, what is already known of the future included. */
export function wardsOf(facts: ReadFacts, care: CareFunction, from: number, to: number): WardCare[] {
  const history = facts.careFunctions.get(care.id);
  const needed = neededBetween(care.calendar, facts.map.establishment.timeZone, from, to);
  return [...wardSupplies(facts, care)].map(([ward, supply]) => {
    const timeline = timelineOf({ care, ward, supply, history, needed, from, to });
    return { ...supply, ward, timeline };
  });
}

interface Asked {
  care: CareFunction;
  ward: string;
  supply: WardSupply;
  history: CareHistory | undefined;
  needed: Stretches;
  from: number;
  to: number;
}

function timelineOf({ care, ward, supply, history, needed, from, to }: Asked): Timeline {
  const holds = history?.holds.get(ward) ?? [];
  const decisions = decisionsOn(history, ward);
  const instants = [
    ...supply.level.at,
    ...needed.flat(),
    ...holds.flatMap((hold) => [hold.from, hold.to]),
    ...decisions.map((decision) => decision.at),
    ...supply.released.flatMap((one) => [one.from, one.to, one.reconciledAt]),
  ].filter((instant) => instant > from && instant < to);
  const at: number[] = [];
  const state: CareState[] = [];
  for (const instant of [from, ...instants.sort((a, b) => a - b)]) {
    if (instant === at.at(-1)) continue;
    const now = stateAt({ care, level: supply.level, released: supply.released, holds, decisions, needed }, instant);
    if (now === state.at(-1)) continue;
    at.push(instant);
    state.push(now);
  }
  return { at, state };
}

interface Bearing {
  care: CareFunction;
  level: Signal;
  released: readonly Released[];
  holds: readonly HoldSpan[];
  decisions: readonly Decision[];
  needed: Stretches;
}

/** The table of INTERFACE.md, from what outranks to what is left. */
function stateAt(one: Bearing, instant: number): CareState {
  if (!one.needed.some(([from, to]) => from <= instant && instant < to)) return 'notNeeded';
  const decision = lastBefore(one.decisions, instant)?.decision;
  if (decision === 'diverted' || decision === 'reduced') return 'diverted';
  const level = levelAt(one.level, instant);
  if (low(level) > 0) {
    if (level !== served) return 'partly';
    const open = one.released.find(({ from, to }) => from <= instant && instant < to);
    return open !== undefined && instant < open.reconciledAt ? 'catchingUp' : 'served';
  }
  const hold = holdAt(one.holds, instant);
  if (hold !== undefined) return 'held';
  if (!isLost(level)) return 'unknown';
  return wordOf(one, instant) === 'none' ? 'toConfirm' : 'gap';
}

/** The ward's last word on the present loss: without one, nobody may say whether it holds. */
function wordOf({ care, level, holds }: Bearing, instant: number): 'none' | 'ended' | 'noMode' {
  const last = holds.findLast((hold) => hold.from <= instant);
  const since = lossStart(level, instant) ?? Number.NEGATIVE_INFINITY;
  if (last !== undefined && last.to > since) {
    return last.ended === 'ranOut' || last.ended === 'givenUp' ? 'ended' : 'none';
  }
  return (care.degradedMode?.holdSeconds ?? 0) === 0 ? 'noMode' : 'none';
}

/** The hold that stands at an instant: the last one begun, unless it has ended. */
export function holdAt(holds: readonly HoldSpan[], instant: number): HoldSpan | undefined {
  const last = holds.findLast((hold) => hold.from <= instant);
  return last !== undefined && instant < last.to ? last : undefined;
}

export function decisionsOn(history: CareHistory | undefined, ward: string): readonly Decision[] {
  return (history?.decisions ?? []).filter(({ wards }) => wards === undefined || wards.has(ward));
}

export function lastBefore<Thing extends { at: number }>(things: readonly Thing[], instant: number): Thing | undefined {
  return things.findLast(({ at }) => at <= instant);
}

/** Since when it is surely lost, in the run without sure supply that lasts at `instant`; null: it is not lost. */
export function lossStart(signal: Signal, instant: number): number | null {
  const gone = (level: Level | undefined) => low(level ?? 0) === 0;
  let step = signal.at.findLastIndex((at) => at <= instant);
  if (!isLost(signal.level[step] ?? 0)) return null;
  let start = step;
  for (; step >= 0 && gone(signal.level[step]); step -= 1) if (isLost(signal.level[step] ?? 0)) start = step;
  return signal.at[start] ?? null;
}
