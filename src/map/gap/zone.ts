const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** Offsets change at whole quarters of an hour UTC, everywhere; asking the runtime each time costs more than the rest. */
const quarterMs = 15 * 60_000;
const offsetsKept = 20_000;
const offsets = new Map<string, number>();

/** Milliseconds that local time is ahead of UTC at an instant. */
export function zoneOffset(timeZone: string, instant: number): number {
  const quarter = Math.floor(instant / quarterMs);
  const key = `${quarter} ${timeZone}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= offsetsKept) offsets.clear();
  const fresh = offsetAt(timeZone, quarter * quarterMs);
  offsets.set(key, fresh);
  return fresh;
}

function offsetAt(timeZone: string, instant: number): number {
  const part: { [type: string]: number } = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant of a local time, given as if it were UTC (`Date.UTC` of what the clock on the wall shows). A time that the
 * change to summer skips counts on from before it; one that comes twice is the first.
 */
export function instantOfLocal(timeZone: string, local: number): number {
  const before = zoneOffset(timeZone, local - 86_400_000);
  const guess = local - before;
  if (zoneOffset(timeZone, guess) === before) return guess;
  const other = local - zoneOffset(timeZone, guess);
  return zoneOffset(timeZone, other) === zoneOffset(timeZone, guess) ? other : guess;
}

/** The day on the wall's calendar at an instant: YYYY-MM-DD. */
export const localDay = (timeZone: string, instant: number): string =>
  new Date(instant + zoneOffset(timeZone, instant)).toISOString().slice(0, 10);
