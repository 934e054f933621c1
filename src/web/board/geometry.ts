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

/** What is drawn on the right of the now line. */
export interface Ahead {
  /** The degraded mode still holds. */
  hold: Stretch | null;
  /** Gap even if the function comes back as early as half the forecasts say. */
  sureGap: Stretch | null;
  /** Gap only if it comes back late; with no forecast, without an end. */
  possibleGap: Stretch | null;
  endless: boolean;
  range: Stretch | null;
  target: number | null;
  review: Stretch | null;
}

export function ahead(band: Band, now: number, axis: Axis): Ahead {
  const instant = (at: string | null) => (at === null ? null : Date.parse(at));
  const holdUntil = instant(band.holdUntil);
  const target = instant(band.targetAt);
  const review = band.state === 'diverted' ? instant(band.reviewAt) : null;
  const gapFrom =
    band.state === 'gap' || band.state === 'toConfirm' ? now : Math.max(now, holdUntil ?? Number.POSITIVE_INFINITY);
  const hold = band.state === 'held' && holdUntil !== null ? stretch(now, holdUntil, axis) : null;
  const common = {
    hold,
    target: target === null || target < axis.from || target > axis.to ? null : place(target, axis),
    review: review === null ? null : stretch(now, review, axis),
  };
  const isInterrupted = band.state === 'gap' || band.state === 'toConfirm' || band.state === 'held';
  if (band.forecast?.kind === 'range') {
    const [p50, p90] = [Date.parse(band.forecast.p50), Date.parse(band.forecast.p90)];
    const drawn = isInterrupted && (band.gapAhead === null || band.gapAhead.high > 0);
    // Where a ward's word is missing it may hold: nothing is sure before it speaks.
    const sure = drawn && band.state !== 'toConfirm' && (band.gapAhead === null || band.gapAhead.low > 0);
    return {
      ...common,
      sureGap: sure ? stretch(gapFrom, p50, axis) : null,
      possibleGap: drawn ? stretch(sure ? Math.max(gapFrom, p50) : gapFrom, p90, axis) : null,
      endless: false,
      range: stretch(p50, Math.max(p90, p50 + 1), axis),
    };
  }
  const endless = band.forecast?.kind === 'waiting' && isInterrupted;
  return {
    ...common,
    sureGap: null,
    possibleGap: endless ? stretch(gapFrom, axis.to, axis) : null,
    endless,
    range: null,
  };
}
