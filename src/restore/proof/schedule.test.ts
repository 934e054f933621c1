import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDay } from '../../map/gap/zone.ts';
import { lastAt, nextAt } from './schedule.ts';

const paris = 'Europe/Paris';
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString();

test('the hour is the wall’s, in winter as in summer', () => {
  expect(lastAt('03:00', paris, at('2026-01-05T08:00:00Z'))).toEqual({ at: at('2026-01-05T02:00:00Z'), weekday: 1 });
  expect(lastAt('03:00', paris, at('2026-07-05T08:00:00Z'))).toEqual({ at: at('2026-07-05T01:00:00Z'), weekday: 0 });
  expect(lastAt('03:00', paris, at('2026-01-05T01:59:59Z'))).toEqual({ at: at('2026-01-04T02:00:00Z'), weekday: 0 });
  expect(lastAt('03:00', paris, at('2026-01-05T02:00:00Z')).at).toBe(at('2026-01-05T02:00:00Z'));
});

test('the hour that the change to summer skips comes once, and so does the one that the change to winter repeats', () => {
  // 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00.
  expect(iso(nextAt('02:30', paris, at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T01:30:00.000Z');
  expect(iso(nextAt('02:30', paris, at('2026-03-29T01:30:00Z')))).toBe('2026-03-30T00:30:00.000Z');
  expect(iso(nextAt('02:30', paris, at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00.000Z');
  expect(iso(nextAt('02:30', paris, at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00.000Z');
});

test('whatever the hour and the moment: one a day, the last at or before it, the next after it', () => {
  const first = at('2026-01-01T00:00:00Z');
  fc.assert(
    fc.property(
      fc.nat(23),
      fc.nat(59),
      fc.nat(370 * 1440),
      fc.constantFrom(paris, 'America/Cayenne', 'Indian/Reunion', 'Pacific/Noumea', 'America/Miquelon'),
      (hour, minute, minutes, timeZone) => {
        const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const now = first + minutes * 60_000;
        const last = lastAt(time, timeZone, now);
        const next = nextAt(time, timeZone, now);
        expect(last.at).toBeLessThanOrEqual(now);
        expect(next).toBeGreaterThan(now);
        expect(lastAt(time, timeZone, next - 1).at).toBe(last.at);
        const days = (at(localDay(timeZone, next)) - at(localDay(timeZone, last.at))) / 86_400_000;
        expect(days).toBe(1);
      },
    ),
  );
});
