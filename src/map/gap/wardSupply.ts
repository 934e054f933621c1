import type { CareFunction, Ward } from '../model.ts';
import { atLeast, isAvailable, isLost, type Level, lost, served } from '../needs/level.ts';
import { changesOf, levelAt, pointwise, type Signal, SignalBuilder } from '../needs/signal.ts';
import type { CareHistory, ReadFacts } from './history.ts';

type Span = readonly [from: number, to: number];

export interface Released {
  from: number;
  to: number;
  reconciledAt: number;
  horizon: string | null;
}

/** What reaches one ward of one care function. */
export interface WardSupply {
  /** The function's supply as this ward has it: its access points, its own word and releases included. */
  level: Signal;
  /** Its access points together; null where the map names none. */
  access: Signal | null;
  /** While it says that the function does not work here. */
  broken: readonly Span[];
  /** While what it uses is what was opened from the clean room; until `reconciledAt` its patients are still to reconcile. */
  released: readonly Released[];
}

/** Several wards share one signal wherever nothing is particular to them. */
export function wardSupplies(facts: ReadFacts, care: CareFunction): ReadonlyMap<string, WardSupply> {
  const supply = facts.supplies.of(care.id);
  const history = facts.careFunctions.get(care.id);
  const released = releasedSpans(supply, history);
  const whole = overlaid(supply, null, [], released);
  return new Map(
    care.wards.map((id) => {
      const access = accessOf(facts, facts.map.wards.get(id));
      const broken = brokenSpans(supply, history, id);
      const ordinary = broken.length === 0 && (access === null || !access.level.some(isLost));
      const level = ordinary ? whole : overlaid(supply, access, broken, released);
      return [id, { level, access, broken, released }];
    }),
  );
}

const accessSignals = new WeakMap<ReadFacts, Map<string, Signal | null>>();

function accessOf(facts: ReadFacts, ward: Ward | undefined): Signal | null {
  if (ward === undefined || ward.accessPoints.length === 0) return null;
  const signals = accessSignals.get(facts) ?? new Map<string, Signal | null>();
  accessSignals.set(facts, signals);
  const known = signals.get(ward.id);
  if (known !== undefined) return known;
  const points = ward.accessPoints.map((point) => facts.supplies.of(point));
  const fresh = pointwise(points, (levels) => atLeast(1, levels));
  signals.set(ward.id, fresh);
  return fresh;
}

/** A release stands until the systems are lost anew: from then on, it is another loss. */
function releasedSpans(supply: Signal, history: CareHistory | undefined): Released[] {
  return (history?.releases ?? []).map(({ at, horizon, reconciledAt }) => {
    const anew = supply.at.findIndex((instant, i) => {
      return instant > at && isLost(supply.level[i] ?? 0) && !isLost(supply.level[i - 1] ?? 0);
    });
    const to = anew < 0 ? Number.POSITIVE_INFINITY : (supply.at[anew] ?? 0);
    return { from: at, to, reconciledAt, horizon };
  });
}

/**
 * "It does not work here" outranks a green check until the ward says otherwise or another system is opened to it. Said
 * while the systems were known to be lost, it only agrees with them, and ends with the loss.
 */
function brokenSpans(supply: Signal, history: CareHistory | undefined, ward: string): Span[] {
  const reports = history?.reports.get(ward) ?? [];
  return reports.flatMap(({ at, works }, i): Span[] => {
    if (works) return [];
    const ends = [reports[i + 1]?.at ?? Number.POSITIVE_INFINITY];
    for (const release of history?.releases ?? []) if (release.at > at) ends.push(release.at);
    if (isLost(levelAt(supply, at))) {
      const back = supply.at.findIndex((instant, j) => instant > at && isAvailable(supply.level[j] ?? 0));
      if (back > 0) ends.push(supply.at[back] ?? 0);
    }
    return [[at, Math.min(...ends)]];
  });
}

export const covers = (spans: readonly Span[], instant: number): boolean =>
  spans.some(([from, to]) => from <= instant && instant < to);

function overlaid(
  supply: Signal,
  access: Signal | null,
  broken: readonly Span[],
  released: readonly Released[],
): Signal {
  if (access === null && broken.length === 0 && released.length === 0) return supply;
  const opened = released.map(({ from, to }): Span => [from, to]);
  const edges = [...broken, ...opened].flat().filter(Number.isFinite);
  const instants = [...new Set([...changesOf(access === null ? [supply] : [supply, access]), ...edges])];
  const out = new SignalBuilder();
  for (const instant of [Number.NEGATIVE_INFINITY, ...instants.sort((a, b) => a - b)]) {
    const unreachable = access !== null && isLost(levelAt(access, instant));
    const level: Level = covers(opened, instant) ? served : levelAt(supply, instant);
    out.push(instant, unreachable || covers(broken, instant) ? lost : level);
  }
  return out.done();
}
