import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisClock, bytes, clock, clockRange, minutesLong, minutesRange, moment, secondsLong, when } from './format.ts';
import type { Reading } from './language.ts';

const fr: Reading = { language: 'fr', timeZone: 'Europe/Paris' };
const en: Reading = { language: 'en', timeZone: 'Europe/Paris' };
const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const at = '2024-08-03T13:05:00Z';

describe('times, as people write them', () => {
  it('uses the establishment’s clock, summer and winter', () => {
    expect([spaced(clock(at, fr)), clock(at, en)]).toEqual(['15 h 05', '15:05']);
    expect(spaced(clock('2024-01-03T13:05:00Z', fr))).toBe('14 h 05');
    expect(spaced(clock('2024-08-02T22:00:00Z', fr))).toBe('0 h 00');
  });
  it('leaves the minutes of a whole hour out of the axis', () => {
    expect([spaced(axisClock('2024-08-03T13:00:00Z', fr)), axisClock('2024-08-03T13:00:00Z', en)]).toEqual([
      '15 h',
      '15:00',
    ]);
  });
  it('adds the day where it is another one, and the year where that differs too', () => {
    expect(spaced(moment(at, '2024-08-03T20:00:00Z', fr))).toBe('15 h 05');
    expect(spaced(moment(at, '2024-08-05T20:00:00Z', fr))).toBe('3 août, 15 h 05');
    expect(spaced(moment(at, '2025-08-05T20:00:00Z', en))).toBe('3 Aug 2024, 15:05');
    // Past midnight in Paris, still the day before in UTC.
    expect(spaced(moment('2024-08-03T21:30:00Z', '2024-08-03T22:30:00Z', fr))).toBe('3 août, 23 h 30');
  });
  it('chooses the preposition that the day asks for', () => {
    expect(spaced(when('until', at, at, fr))).toBe('jusqu’à 15 h 05');
    expect(spaced(when('until', at, '2024-08-02T20:00:00Z', fr))).toBe('jusqu’au 3 août à 15 h 05');
    expect(spaced(when('since', at, '2024-08-04T20:00:00Z', fr))).toBe('depuis le 3 août à 15 h 05');
    expect(spaced(when('at', at, '2024-08-04T20:00:00Z', en))).toBe('on 3 Aug at 15:05');
  });
});

describe('ranges of times', () => {
  it('says the day once where both ends share it', () => {
    const range = (from: string, to: string) => spaced(clockRange(from, to, at, fr));
    expect(range('2024-08-03T13:10:00Z', '2024-08-03T13:40:00Z')).toBe('15 h 10 – 15 h 40');
    expect(range('2024-08-04T05:00:00Z', '2024-08-04T11:00:00Z')).toBe('4 août, 7 h 00 – 13 h 00');
    expect(range('2024-08-03T19:00:00Z', '2024-08-04T06:00:00Z')).toBe('21 h 00 – 4 août, 8 h 00');
    expect(range(at, at)).toBe('15 h 05');
  });
});

describe('lengths', () => {
  it('reads as it is said', () => {
    expect([0, 35, 60, 80, 60 * 47, 60 * 52].map((minutes) => spaced(minutesLong(minutes, 'fr')))).toEqual([
      '0 min',
      '35 min',
      '1 h',
      '1 h 20',
      '47 h',
      '2 j 4 h',
    ]);
    expect(spaced(minutesLong(80, 'en'))).toBe('1 h 20 min');
    expect([12, 200, 4800].map((seconds) => spaced(secondsLong(seconds, 'fr')))).toEqual([
      '12 s',
      '3 min 20 s',
      '1 h 20',
    ]);
  });
  it('says a range once where both ends agree', () => {
    expect(spaced(minutesRange(5, 35, 'fr'))).toBe('5–35 min');
    expect(spaced(minutesRange(25, 65, 'fr'))).toBe('25 min – 1 h 05');
    expect(spaced(minutesRange(20, 20, 'en'))).toBe('20 min');
    expect(spaced(minutesRange(0, 104, 'fr'))).toBe('au plus 1 h 44');
  });
  it('never breaks between a figure and its unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (minutes) => {
        expect(minutesLong(minutes, 'fr')).not.toContain(' ');
        expect(minutesLong(minutes, 'en')).not.toContain(' ');
      }),
    );
  });
});

describe('sizes', () => {
  it('uses the units of each language', () => {
    expect([spaced(bytes(1_240_000_000, 'fr')), spaced(bytes(1_240_000_000, 'en')), spaced(bytes(999, 'fr'))]).toEqual([
      '1,2 Go',
      '1.2 GB',
      '999 o',
    ]);
  });
});
