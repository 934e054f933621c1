import type { BoardView, CareFacts, CareGap, Forecast } from './care.ts';
import type { CompiledMap } from './compile.ts';
import { aheadMs, axisEnd, axisStart, memoryMs } from './gap/axis.ts';
import { bandOf, iso } from './gap/band.ts';
import { gapBetween } from './gap/careGap.ts';
import { type ReadFacts, readFacts } from './gap/history.ts';
import { nextGap } from './gap/nextGap.ts';
import { lossesUntil, overTime } from './gap/overTime.ts';
import { rootsAt } from './impact.ts';

export interface BoardInput {
  /** Milliseconds since 1970. */
  now: number;
  map: CompiledMap;
  facts: CareFacts;
  /** When each care function that is not served is expected back. */
  forecasts: { readonly [careFunction: string]: Forecast };
  /** What the time axis shows, ms; by default the story going on, and what is awaited. */
  window?: { from: number; to: number };
}

/** The picture everyone reads: one band per care function, in clinical order, and the next gap. */
export function boardView({ now, map, facts, forecasts, window }: BoardInput): BoardView {
  const read = readFacts(map, facts);
  const start = Math.min(window?.from ?? now, rememberedFrom(read, now));
  const { functions, losses: known } = overTime(read, start, now + aheadMs);
  const losses = lossesUntil(known, now);
  const from = window?.from ?? axisStart(losses, now);
  const roots = rootsAt(read.supplies, now);
  const expected = new Map(Object.entries(forecasts).map(([id, forecast]) => [map.short(id), forecast]));
  const bands = functions.map((over) =>
    bandOf({ facts: read, over, now, from, forecast: expected.get(over.care.id), roots }),
  );
  const { id, name, timeZone } = map.establishment;
  return {
    now: iso(now),
    establishment: { id, name, timeZone },
    nextGap: nextGap(map, functions, now),
    bands,
    careGap: gapBetween(map, functions, losses[0]?.[0] ?? now, now),
    axis: { from: iso(from), to: iso(window?.to ?? axisEnd(bands, from, now)) },
  };
}

/** The measure alone. `from`: the real time of loss; by default the first loss the facts remember. */
export function careGap(input: { now: number; map: CompiledMap; facts: CareFacts; from?: number }): CareGap {
  const { now, map, facts } = input;
  const read = readFacts(map, facts);
  const { functions, losses } = overTime(read, Math.min(input.from ?? now, rememberedFrom(read, now)), now);
  return gapBetween(map, functions, input.from ?? lossesUntil(losses, now)[0]?.[0] ?? now, now);
}

const rememberedFrom = (read: ReadFacts, now: number): number =>
  Math.max(now - memoryMs, Math.min(now, read.firstSeen));
