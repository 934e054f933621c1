import type { CareGap, CareState } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import type { CareFunction } from '../model.ts';
import type { CareOverTime } from './overTime.ts';
import type { Timeline } from './wardCare.ts';

/**
 * Gap minutes of wards × weight, by tier, between two instants. Certain: neither served nor held. At most: also what is to
 * confirm, and what is unknown, whose minutes (of wards, unweighted) stand apart too. A function that is part of another
 * counts once, with the most vital of those in the gap.
 */
export function gapBetween(map: CompiledMap, functions: readonly CareOverTime[], from: number, to: number): CareGap {
  const total: CareGap = { byTier: { '1': none(), '2': none(), '3': none() }, unknownMinutes: 0 };
  for (const family of familiesByWard(map, functions)) addFamily(total, family, from, to);
  for (const tier of ['1', '2', '3'] as const) {
    const { low, high } = total.byTier[tier];
    total.byTier[tier] = { low: rounded(low), high: rounded(high) };
  }
  total.unknownMinutes = rounded(total.unknownMinutes);
  return total;
}

const none = () => ({ low: 0, high: 0 });
/** To a tenth of a minute: enough for anyone, and the same whatever the order of the sums. */
const rounded = (minutes: number) => Math.round(minutes * 10) / 10;

interface Member {
  care: CareFunction;
  timeline: Timeline;
}

/** On each ward, the functions nested in one another. */
function familiesByWard(map: CompiledMap, functions: readonly CareOverTime[]): Iterable<Member[]> {
  const families = new Map<string, Member[]>();
  for (const { care, wards } of functions) {
    const root = outermost(map, care);
    for (const { ward, timeline } of wards) {
      const key = `${root} ${ward}`;
      const members = families.get(key);
      if (members === undefined) families.set(key, [{ care, timeline }]);
      else members.push({ care, timeline });
    }
  }
  return families.values();
}

function outermost(map: CompiledMap, care: CareFunction): string {
  let found = care;
  for (let parent = parentOf(map, found); parent !== undefined; parent = parentOf(map, found)) found = parent;
  return found.id;
}

const parentOf = (map: CompiledMap, care: CareFunction): CareFunction | undefined =>
  care.partOf === undefined ? undefined : map.careFunctions.get(care.partOf);

const vital = (one: Member, other: Member) => one.care.tier - other.care.tier || other.care.weight - one.care.weight;

/** One function alone, as most are: its own steps are all there is to look at. */
function addAlone(total: CareGap, { care, timeline }: Member, from: number, to: number): void {
  const bounds = total.byTier[`${care.tier}`];
  for (let i = 0; i < timeline.at.length; i += 1) {
    const start = i === 0 ? from : Math.max(from, timeline.at[i] ?? to);
    const minutes = (Math.min(to, timeline.at[i + 1] ?? to) - start) / 60_000;
    const state = timeline.state[i];
    if (minutes <= 0 || !isPerhapsGap(state)) continue;
    bounds.high += minutes * care.weight;
    if (state === 'gap') bounds.low += minutes * care.weight;
    if (state === 'unknown') total.unknownMinutes += minutes;
  }
}

function addFamily(total: CareGap, members: Member[], from: number, to: number): void {
  const [only] = members;
  if (only !== undefined && members.length === 1) {
    addAlone(total, only, from, to);
    return;
  }
  const ordered = members.toSorted(vital);
  const steps = ordered.map(() => 0);
  const edges = [...new Set(ordered.flatMap(({ timeline }) => timeline.at))].sort((a, b) => a - b);
  const instants = [from, ...edges.filter((instant) => instant > from && instant < to)];
  instants.forEach((instant, i) => {
    const minutes = ((instants[i + 1] ?? to) - instant) / 60_000;
    const states = ordered.map(({ timeline }, j): CareState | undefined => {
      let step = steps[j] ?? 0;
      while ((timeline.at[step + 1] ?? Number.POSITIVE_INFINITY) <= instant) step += 1;
      steps[j] = step;
      return timeline.state[step];
    });
    const sure = ordered.findIndex((_, j) => states[j] === 'gap');
    const certain = ordered[sure];
    if (certain !== undefined) total.byTier[`${certain.care.tier}`].low += minutes * certain.care.weight;
    // At most: in each tier, the heaviest that may be the one that counts, which a surer and more vital one forbids.
    const counted = new Set<number>();
    ordered.forEach(({ care }, j) => {
      if (!isPerhapsGap(states[j]) || counted.has(care.tier) || (sure >= 0 && j > sure)) return;
      counted.add(care.tier);
      total.byTier[`${care.tier}`].high += minutes * care.weight;
    });
    if (states.includes('unknown')) total.unknownMinutes += minutes;
  });
}

const isPerhapsGap = (state: CareState | undefined) => state === 'gap' || state === 'toConfirm' || state === 'unknown';
