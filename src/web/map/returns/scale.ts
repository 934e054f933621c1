import type { ReturnsRow } from '../../../map/returns/view.ts';

/** Return times go from minutes to days: a scale that narrows to the right lets both be read. Below this it is nearly even. */
const evenSeconds = 1800;
const HOUR = 3600;
const marks = [
  900,
  1800,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
  96 * HOUR,
  168 * HOUR,
  336 * HOUR,
  720 * HOUR,
];

/** Where a length stands on the axis, from 0 to 1. */
export interface Scale {
  place(seconds: number): number;
  /** Lengths to write under it, none closer than `apart` (a fraction of the axis) to the one before. */
  ticks(apart: number): number[];
}

export function scaleOf(longestSeconds: number): Scale {
  const end = Math.log1p((Math.max(longestSeconds, HOUR) * 1.15) / evenSeconds);
  const place = (seconds: number) => Math.min(1, Math.log1p(Math.max(0, seconds) / evenSeconds) / end);
  return {
    place,
    ticks(apart) {
      const kept: number[] = [];
      for (const mark of marks) {
        const at = place(mark);
        const before = kept.at(-1);
        if (at > 0.98) break;
        if (before === undefined ? at >= apart / 2 : at - place(before) >= apart) kept.push(mark);
      }
      return kept;
    },
  };
}

/** The longest thing drawn. */
export const longestOf = (rows: readonly ReturnsRow[]): number =>
  Math.max(
    0,
    ...rows.flatMap(({ rtoSeconds, mtpdSeconds, declared, measured }) =>
      [declared, measured]
        .flatMap((one) => (one === null ? [] : [one.seconds ?? one.atLeastSeconds]))
        .concat(rtoSeconds, mtpdSeconds),
    ),
  );

/** What is known best of a function: measured where anything was, else declared. */
export const bestOf = ({ declared, measured }: ReturnsRow): ReturnsRow['declared'] => measured ?? declared;

export type Order = 'clinical' | 'gap' | 'longest';

/** Clinical order is the one the rows come in. Unknown returns stand where their known part puts them. */
export function ordered(rows: readonly ReturnsRow[], order: Order): ReturnsRow[] {
  if (order === 'clinical') return [...rows];
  const length = (row: ReturnsRow) => bestOf(row).seconds ?? bestOf(row).atLeastSeconds;
  const value = (row: ReturnsRow) => length(row) - (order === 'gap' ? row.rtoSeconds : 0);
  return rows.toSorted((one, other) => value(other) - value(one));
}
