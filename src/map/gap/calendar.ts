import type { Calendar } from '../model.ts';
import { instantOfLocal, zoneOffset } from './zone.ts';

/** Stretches of time, in order, `to` exclusive, ms. */
export type Stretches = readonly (readonly [from: number, to: number])[];

const day = 86_400_000;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const minutes = (hour: string): number => {
  const [hours = 0, rest = 0] = hour.split(':').map(Number);
  return hours * 60 + rest;
};

/** When a care function is needed between two instants, in the establishment's time zone; 20:00–07:00 ends the next day. */
export function neededBetween(calendar: Calendar, timeZone: string, from: number, to: number): Stretches {
  if (calendar === 'always') return [[from, to]];
  const opens = minutes(calendar.from);
  const closes = minutes(calendar.to);
  const length = closes > opens ? closes - opens : closes - opens + 24 * 60;
  const first = Math.floor((from + zoneOffset(timeZone, from)) / day) * day - day;
  const found: [number, number][] = [];
  for (let midnight = first; midnight < to + 2 * day; midnight += day) {
    const weekday = weekdays[new Date(midnight).getUTCDay()];
    if (weekday === undefined || !calendar.days.includes(weekday)) continue;
    const start = Math.max(from, instantOfLocal(timeZone, midnight + opens * 60_000));
    const end = Math.min(to, instantOfLocal(timeZone, midnight + (opens + length) * 60_000));
    const last = found.at(-1);
    if (end <= start) continue;
    if (last !== undefined && last[1] >= start) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}
