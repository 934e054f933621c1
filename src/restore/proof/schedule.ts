import { instantOfLocal, zoneOffset } from '../../map/gap/zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The last instant, at or before `now`, at which a clock on the wall showed this time (HH:MM), and the day of the week it was (0: Sunday). */
export function lastAt(time: string, timeZone: string, now: number): { at: number; weekday: number } {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const local = now + zoneOffset(timeZone, now);
  const today = Math.floor(local / DAY) * DAY;
  for (let day = today; ; day -= DAY) {
    const wall = day + (hours * 60 + minutes) * 60_000;
    const at = instantOfLocal(timeZone, wall);
    if (at <= now) return { at, weekday: new Date(day).getUTCDay() };
  }
}

/** The next such instant after `now`: a day has 23 to 25 hours. */
export function nextAt(time: string, timeZone: string, now: number): number {
  for (let later = now + HOUR; ; later += HOUR) {
    const { at } = lastAt(time, timeZone, later);
    if (at > now) return at;
  }
}
