import type { Band, BoardView } from '../../map/care.ts';

/** Where things stand on the shared time axis, as fractions of its width (0 at its start, 1 at its end). Milliseconds. */
export interface Axis {
  from: number;
  to: number;
}

export interface Stretch {
  start: number;
  end: number;
}

const MINUTE = 60_000;
const stepsMinutes = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080];

export const axisOf = ({ from, to }: BoardView['axis']): Axis => ({ from: Date.parse(from), to: Date.parse(to) });

/** Clipped to the axis. */
export function place(at: number, { from, to }: Axis): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** Null where nothing of it is on the axis. */
export function stretch(from: number, to: number, axis: Axis): Stretch | null {
  if (to <= axis.from || from >= axis.to || to <= from) return null;
  return { start: place(from, axis), end: place(to, axis) };
}

/** Round local times, no closer than `apart` pixels: quarters, hours or days as the span asks. */
export function ticks(axis: Axis, width: number, offsetMinutes: (at: number) => number, apart: number): number[] {
  const most = Math.max(2, Math.floor(width / apart));
  const span = (axis.to - axis.from) / MINUTE;
  const step = (stepsMinutes.find((minutes) => span / minutes <= most) ?? 10_080) * MINUTE;
  const offset = offsetMinutes(axis.from) * MINUTE;
  const first = Math.ceil((axis.from + offset) / step) * step - offset;
  const found: number[] = [];
  for (let at = first; at <= axis.to; at += step) found.push(at);
  return found;
}

export interface Gap extends Stretch {
  certain: boolean;
  /** Nobody may say how far: it fades out at the end of the axis. */
  endless: boolean;
}

/** What is drawn on the right of the now line. */
export interface Ahead {
  /** The degraded mode still holds. */
  hold: Stretch | null;
  gaps: Gap[];
  /** The return awaited; from the now line where the likely one is past already. */
  range: Stretch | null;
  overdue: Overdue;
  target: number | null;
  review: Stretch | null;
}

/** Which of the announced times of return is past, while the function still is not back. */
export type Overdue = 'likely' | 'latest' | null;

export function overdue({ forecast }: Band, now: number): Overdue {
  if (forecast?.kind !== 'range' || Date.parse(forecast.p50) >= now) return null;
  return Date.parse(forecast.p90) > now ? 'likely' : 'latest';
}

export function ahead(band: Band, now: number, axis: Axis): Ahead {
  const instant = (at: string | null) => (at === null ? null : Date.parse(at));
  const holdUntil = instant(band.holdUntil);
  const target = instant(band.targetAt);
  const review = band.state === 'diverted' ? instant(band.reviewAt) : null;
  const gaps = band.gapsAhead.flatMap(({ from, to, certain }): Gap[] => {
    const drawn = stretch(Math.max(now, Date.parse(from)), to === null ? axis.to : Date.parse(to), axis);
    return drawn === null ? [] : [{ ...drawn, certain, endless: to === null }];
  });
  const late = overdue(band, now);
  const range = (): Stretch | null => {
    if (band.forecast?.kind !== 'range' || late === 'latest') return null;
    const from = Math.max(now, Date.parse(band.forecast.p50));
    return stretch(from, Math.max(Date.parse(band.forecast.p90), from + 1), axis);
  };
  return {
    hold: band.state === 'held' && holdUntil !== null ? stretch(now, holdUntil, axis) : null,
    gaps,
    range: range(),
    overdue: late,
    target: target === null || target < axis.from || target > axis.to ? null : place(target, axis),
    review: review === null ? null : stretch(now, review, axis),
  };
}

/** Share of the axis that a text beside a gap takes, its margins included, where the axis is at its narrowest on a wide screen. */
export const labelShare = (text: string): number => 0.03 + 0.0115 * text.length;

/**
 * Where the minutes of the gap ahead are written: after it, else before it, else on the gap itself; never on what has
 * happened, on the hold or on the return. Null where there is no room: the words at the right of the band say them always.
 */
export function labelPlace(
  { gaps, range, hold }: Ahead,
  present: number,
  share: number,
): { side: 'after' | 'before' | 'on'; at: number } | null {
  const [first] = gaps;
  if (first === undefined || gaps.some((gap) => gap.endless)) return null;
  const end = Math.max(range?.end ?? 0, ...gaps.map((gap) => gap.end));
  if (end <= 1 - share) return { side: 'after', at: end };
  const start = Math.min(first.start, range?.start ?? 1);
  if (start - Math.max(present, hold?.end ?? 0) >= share) return { side: 'before', at: start };
  return unbroken(gaps) >= share ? { side: 'on', at: first.start } : null;
}

/** How far the first gap goes on without a break. */
function unbroken(gaps: readonly Gap[]): number {
  const [first] = gaps;
  if (first === undefined) return 0;
  let { end } = first;
  for (const gap of gaps) if (gap.start <= end + 1e-6) end = Math.max(end, gap.end);
  return end - first.start;
}
