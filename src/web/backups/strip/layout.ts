import type { NightView } from '../../../restore/nights/views.ts';
import { type NightState, stateOf } from './nightState.ts';

/** Days of the calendar, first and last included; each is as wide as another. */
export interface Span {
  from: number;
  to: number;
}

/** How far back one looks: days, or all there is. */
export type Period = 30 | 90 | 'all';
export const periods: readonly Period[] = [30, 90, 'all'];

/** One night, drawn; places and sizes are fractions of the strip. */
export interface Cell {
  night: NightView;
  state: NightState;
  left: number;
  width: number;
  /** Its size beside the largest of the strip. */
  height: number;
  /** Share of it that is new since the night before; null where nothing was before. */
  fresh: number | null;
}

export interface Strip {
  cells: Cell[];
  /** Nights before the strip begins. */
  older: number;
  /** Where a day between two nights has none. */
  missing: number[];
}

/** What is tiny, or emptied, is still there to be seen and pressed. */
const HEIGHT_MIN = 0.08;

/** Number of the day on the wall's calendar. */
export type DayOf = (instant: number) => number;

/** All strips share it. A night dated in the future stands on the last day: it is no reason to draw an empty year. */
export function spanOf(
  components: readonly { nights: readonly Pick<NightView, 'time'>[] }[],
  period: Period,
  now: number,
  dayOf: DayOf,
): Span {
  const to = dayOf(now);
  if (period !== 'all') return { from: to - period + 1, to };
  const first = components.flatMap(({ nights }) => nights.map(({ time }) => dayOf(Date.parse(time))));
  return { from: Math.min(to - 6, ...first), to };
}

/** The shortest that shows most nights: an old copy of a repository is looked at whole. */
export function fittingPeriod(
  components: readonly { nights: readonly Pick<NightView, 'time'>[] }[],
  now: number,
  dayOf: DayOf,
): Period {
  const days = components.flatMap(({ nights }) => nights.map(({ time }) => dayOf(Date.parse(time))));
  const isShown = (period: Period) => {
    const { from } = spanOf(components, period, now, dayOf);
    return days.filter((day) => day >= from).length * 2 > days.length;
  };
  return days.length === 0 ? 30 : (periods.find(isShown) ?? 'all');
}

export function stripOf(nights: readonly NightView[], { from, to }: Span, dayOf: DayOf): Strip {
  const days = to - from + 1;
  const byDay = Map.groupBy(nights, ({ time }) => Math.min(to, dayOf(Date.parse(time))));
  const largest = Math.max(1, ...nights.map(({ bytes }) => bytes));
  const shown = [...byDay].filter(([day]) => day >= from).toSorted(([one], [other]) => one - other);
  const cells = shown.flatMap(([day, ofDay]) =>
    ofDay.map((night, index): Cell => {
      const width = 1 / days / ofDay.length;
      return {
        night,
        state: stateOf(night),
        left: (day - from) / days + index * width,
        width,
        height: Math.max(HEIGHT_MIN, night.bytes / largest),
        fresh: freshOf(night),
      };
    }),
  );
  const first = Math.max(from, Math.min(...byDay.keys()));
  const last = shown.at(-1)?.[0] ?? from;
  const missing: number[] = [];
  for (let day = first; day < last; day += 1) if (!byDay.has(day)) missing.push((day - from + 0.5) / days);
  return { cells, older: nights.length - cells.length, missing };
}

/** By bytes or by files, whichever says more: a thousand small files emptied weigh little. */
export function freshOf({ change, bytes, files }: Pick<NightView, 'change' | 'bytes' | 'files'>): number | null {
  if (change === null) return null;
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : part > 0 ? 1 : 0);
  return Math.min(1, Math.max(share(change.bytesNew, bytes), share(change.added + change.changed, files)));
}

/** The night under a place of the strip, or the nearest. */
export function cellAt(cells: readonly Cell[], at: number): Cell | undefined {
  const distance = ({ left, width }: Cell) => Math.abs(at - (left + width / 2));
  return cells.reduce<Cell | undefined>(
    (nearest, cell) => (nearest === undefined || distance(cell) < distance(nearest) ? cell : nearest),
    undefined,
  );
}

/** Days that bear their date on the axis: few enough to be read, the last always. */
export function ticksOf({ from, to }: Span, most: number): number[] {
  const every = Math.max(1, Math.ceil((to - from) / most));
  const ticks: number[] = [];
  for (let day = to; day >= from; day -= every) ticks.unshift(day);
  return ticks;
}
