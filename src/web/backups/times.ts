import { instantOfLocal, zoneOffset } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import type { Reading } from '../../words/language.ts';

const DAY = 86_400_000;

export const dayIn =
  (timeZone: string) =>
  (instant: number): number =>
    Math.floor((instant + zoneOffset(timeZone, instant)) / DAY);

/** Middle of a day of the calendar: an instant that is on it, whatever the clock change. */
export const instantOfDay = (timeZone: string, day: number): number => instantOfLocal(timeZone, day * DAY + DAY / 2);

/** `22 nov., 2 h 00`: a night has its day, today's too. */
export function nightTime(at: string, now: number, reading: Reading): string {
  const isToday = format.day(at, reading) === format.day(now, reading);
  return format.moment(at, isToday ? now - 2 * DAY : now, reading);
}

/** What two fields of a form say, on the hospital's clock; null while one is empty. */
export function instantIn(timeZone: string, date: string, time: string): string | null {
  const local = Date.parse(`${date}T${time}:00.000Z`);
  return Number.isNaN(local) ? null : new Date(instantOfLocal(timeZone, local)).toISOString();
}

/** What such fields show of an instant. */
export function fieldsOf(timeZone: string, instant: number): { date: string; time: string } {
  const local = new Date(instant + zoneOffset(timeZone, instant)).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 16) };
}
