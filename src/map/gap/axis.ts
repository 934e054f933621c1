import type { Band } from '../care.ts';
import type { Losses } from './overTime.ts';

const hour = 3_600_000;
/** Facts older than this are out of the picture and out of the sum. */
export const memoryMs = 7 * 24 * hour;
/** How far ahead what is already known (a hold's end, hours of need, a battery) is followed. */
export const aheadMs = 24 * hour;
/** Losses further apart than this are two stories: the older is not drawn. */
const quietMs = 12 * hour;
const pastMinMs = 3 * hour;
const aheadMinMs = 3 * hour;
const roundMs = 5 * 60_000;

/** Where the picture begins: before the story still going on, or just over; three hours at least. */
export function axisStart(losses: Losses, now: number): number {
  let from = now;
  for (const [start, end] of losses.toReversed()) {
    if (from - end > quietMs) break;
    from = start;
  }
  const margin = Math.max(30 * 60_000, (now - from) / 20);
  return Math.floor(Math.max(now - memoryMs, Math.min(now - pastMinMs, from - margin)) / roundMs) * roundMs;
}

/** Where it ends: after what is awaited, a fifth of the picture at least, one day ahead at most. */
export function axisEnd(bands: readonly Band[], from: number, now: number): number {
  const awaited = bands.flatMap(({ holdUntil, targetAt, forecast, reviewAt }) =>
    [holdUntil, targetAt, reviewAt, forecast?.kind === 'range' ? forecast.p90 : null].flatMap((at) =>
      at === null ? [] : Date.parse(at) - now,
    ),
  );
  const ahead = Math.max(aheadMinMs, (now - from) / 4, Math.max(0, ...awaited) * 1.1);
  return Math.ceil((now + Math.min(aheadMs, ahead)) / roundMs) * roundMs;
}
