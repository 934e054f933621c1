import type { Segment } from '../care.ts';
import type { CareFunction } from '../model.ts';
import type { ReadFacts } from './history.ts';
import { type WardCare, wardsOf } from './wardCare.ts';
import { worstOf } from './worst.ts';

/** A care function over time: each ward, and the worst of them. */
export interface CareOverTime {
  care: CareFunction;
  wards: readonly WardCare[];
  segments: readonly { start: number; end: number; segment: Segment }[];
}

/** Stretches during which some ward was without some function, in order, overlaps joined. */
export type Losses = readonly (readonly [from: number, to: number])[];

interface OverTime {
  from: number;
  to: number;
  functions: readonly CareOverTime[];
  losses: Losses;
}

/** Timelines go a little further than asked, so that the next minutes find them ready. */
const spareMs = 3_600_000;
const ready = new WeakMap<ReadFacts, OverTime>();

/** Every care function at least from one instant to another; computed again only when facts or the window ask it. */
export function overTime(read: ReadFacts, from: number, to: number): OverTime {
  const before = ready.get(read);
  if (before !== undefined && before.from === from && before.to >= to) return before;
  const until = Math.ceil(to / spareMs) * spareMs + spareMs;
  const functions = [...read.map.careFunctions.values()].map((care): CareOverTime => {
    const wards = wardsOf(read, care, from, until);
    return { care, wards, segments: segmentsOf(wards, until) };
  });
  const fresh = { from, to: until, functions, losses: lossesOf(functions, until) };
  ready.set(read, fresh);
  return fresh;
}

function segmentsOf(wards: readonly WardCare[], until: number): CareOverTime['segments'] {
  const { at, state } = worstOf(wards.map(({ timeline }) => timeline));
  const instants = at.map((instant) => new Date(instant).toISOString());
  return state.map((one, i) => ({
    start: at[i] ?? until,
    end: at[i + 1] ?? Number.POSITIVE_INFINITY,
    segment: { from: instants[i] ?? '', to: instants[i + 1] ?? null, state: one },
  }));
}

function lossesOf(functions: readonly CareOverTime[], until: number): Losses {
  const found: [number, number][] = [];
  for (const { wards } of functions) {
    for (const { timeline } of wards) {
      timeline.state.forEach((state, i) => {
        if (state !== 'gap' && state !== 'toConfirm' && state !== 'held') return;
        found.push([timeline.at[i] ?? until, timeline.at[i + 1] ?? until]);
      });
    }
  }
  const joined: [number, number][] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** Those that have begun, as far as they have gone. */
export function lossesUntil(losses: Losses, now: number): Losses {
  return losses.filter(([start]) => start <= now).map(([start, end]) => [start, Math.min(end, now)] as const);
}
