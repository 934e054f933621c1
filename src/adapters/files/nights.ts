import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One night's folder. `id` stays its own while rsnapshot's rotation gives its folder other names. */
export interface NightFolder {
  id: string;
  name: string;
  time: string;
  timeFrom?: 'day' | 'folder';
}

/**
 * Names by their time, after a word or not: `2026-03-01T02:00:00Z`, `2026-03-01_02-00`, `2026-03-01-020000`, `20260301-0200`,
 * `20260301020000`, `ehr-2026-03-01`. UTC where no offset is said.
 */
const DATED =
  /^(?:[^\d.][^/]*?[-_. ])?(\d{4})(-\d\d-|_\d\d_|\.\d\d\.|\d\d)(\d\d)(?:(T|--|[-_. ]|)(\d\d)(?:[:hH.-]?(\d\d)(?:[:m.-]?(\d\d))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** rsnapshot.conf(5), `retain`: a name of one's own and a number, 0 the newest. */
const ROTATED = /^[a-z][a-z0-9_-]*\.\d{1,5}$/i;

/** The nights of a folder, oldest first. Other names are none: `latest`, `lost+found`, `2026-03-01.partial`. */
export async function nightsIn(folder: string): Promise<NightFolder[]> {
  const nights: NightFolder[] = [];
  const taken = new Set<string>();
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted(byNumber)) {
    if (!entry.isDirectory()) continue;
    const dated = dateIn(entry.name);
    if (dated !== undefined) nights.push({ id: entry.name, name: entry.name, ...dated });
    else if (ROTATED.test(entry.name)) {
      // rsnapshot touches the folder when a copy is done, and rotation renames it.
      const time = (await lstat(join(folder, entry.name))).mtime.toISOString();
      const id = taken.has(time) ? `${time} ${entry.name}` : time;
      taken.add(time);
      nights.push({ id, name: entry.name, time, timeFrom: 'folder' });
    }
  }
  return nights.toSorted((one, other) => one.time.localeCompare(other.time));
}

const byNumber = (one: { name: string }, other: { name: string }): number =>
  one.name.localeCompare(other.name, 'en', { numeric: true });

/** A name that says the day alone stands for its last second: read earlier, a night made after an intrusion would pass for one before it. */
export function dateIn(name: string): { time: string; timeFrom?: 'day' } | undefined {
  const [, year, between = '', dayOfMonth, then, hours, minutes, seconds = '00', zone = 'Z'] = DATED.exec(name) ?? [];
  // Digits that go on are a time where all of them do: `20260301` and `0200`, at least.
  if (then === '' && (between.length > 2 || minutes === undefined)) return undefined;
  const month = between.replaceAll(/\D/g, '');
  const day = `${year}-${month}-${dayOfMonth}`;
  const midnight = new Date(`${day}T00:00:00Z`);
  // `2026-02-31` is no day, whatever Date makes of it.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  if (hours === undefined) return { time: `${day}T23:59:59.000Z`, timeFrom: 'day' };
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const time = new Date(`${day}T${hours}:${minutes ?? '00'}:${seconds}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : { time: time.toISOString() };
}
