import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calendar } from '../model.ts';
import { neededBetween } from './calendar.ts';
import { instantOfLocal, zoneOffset } from './zone.ts';

const at = (text: string) => Date.parse(text);
const iso = (stretches: readonly (readonly [number, number])[]) =>
  stretches.map(([from, to]) => `${new Date(from).toISOString()}/${new Date(to).toISOString()}`);

describe('when care is needed', () => {
  const theatre: Calendar = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' };

  it('is said in the establishment’s own time', () => {
    // 2 August 2024 is a Friday, Paris is two hours ahead.
    expect(iso(neededBetween(theatre, 'Europe/Paris', at('2024-08-02T05:00:00Z'), at('2024-08-05T07:00:00Z')))).toEqual(
      ['2024-08-02T06:00:00.000Z/2024-08-02T16:00:00.000Z', '2024-08-05T06:00:00.000Z/2024-08-05T07:00:00.000Z'],
    );
  });

  it('goes on past midnight, and joins what touches', () => {
    const night: Calendar = { days: ['sat'], from: '20:00', to: '07:00' };
    expect(iso(neededBetween(night, 'Europe/Paris', at('2024-08-03T00:00:00Z'), at('2024-08-05T00:00:00Z')))).toEqual([
      '2024-08-03T18:00:00.000Z/2024-08-04T05:00:00.000Z',
    ]);
    const whole: Calendar = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' };
    expect(neededBetween(whole, 'Europe/Paris', 1e12, 1e12 + 5e8)).toEqual([[1e12, 1e12 + 5e8]]);
  });

  it('keeps its hours when the clocks change', () => {
    const sunday: Calendar = { days: ['sun'], from: '08:00', to: '18:00' };
    // Summer time ends on 27 October 2024 at 03:00.
    expect(iso(neededBetween(sunday, 'Europe/Paris', at('2024-10-26T00:00:00Z'), at('2024-10-28T00:00:00Z')))).toEqual([
      '2024-10-27T07:00:00.000Z/2024-10-27T17:00:00.000Z',
    ]);
  });
});

describe('local time', () => {
  it('goes there and back, wherever and whenever the local time exists', () => {
    const zones = ['Europe/Paris', 'Indian/Reunion', 'America/Cayenne', 'Pacific/Noumea', 'Australia/Lord_Howe'];
    const instants = fc.integer({ min: at('2015-01-01T00:00:00Z') / 1000, max: at('2035-01-01T00:00:00Z') / 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, seconds) => {
        const instant = seconds * 1000;
        const local = instant + zoneOffset(zone, instant);
        const back = instantOfLocal(zone, local);
        // Where clocks went back, the same local time comes twice, an hour or half an hour apart: the first is meant.
        expect(back + zoneOffset(zone, back)).toBe(local);
        expect(back).toBeLessThanOrEqual(instant);
        expect(instant - back).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 2000 },
    );
  });

  it('goes on through the hour that summer skips', () => {
    expect(new Date(instantOfLocal('Europe/Paris', Date.UTC(2024, 2, 31, 2, 30))).toISOString()).toBe(
      '2024-03-31T01:30:00.000Z',
    );
  });
});
