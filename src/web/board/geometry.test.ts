import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Band } from '../../map/care.ts';
import { ahead, labelPlace, labelShare, place, stretch, ticks } from './geometry.ts';

const minute = 60_000;
const noon = Date.parse('2024-08-03T12:00:00Z');
const axis = { from: noon - 120 * minute, to: noon + 120 * minute };
const at = (minutes: number) => new Date(noon + minutes * minute).toISOString();

const band = (change: Partial<Band>): Band => ({
  careFunction: 'h:prescription',
  name: { fr: 'Prescription' },
  tier: 1,
  weight: 1,
  supply: 'lost',
  state: 'held',
  segments: [],
  wards: [],
  wardsInState: [],
  lostAt: at(-30),
  holdUntil: at(30),
  runsOutFirst: 'forms',
  forecast: { kind: 'range', p50: at(45), p90: at(75), basis: 'measured' },
  targetAt: at(60),
  intolerableAt: null,
  gapAhead: { low: 15, high: 45 },
  gapsAhead: [
    { from: at(30), to: at(45), certain: true },
    { from: at(45), to: at(75), certain: false },
  ],
  roots: [],
  degradedMode: null,
  reviewAt: null,
  patients: null,
  horizon: null,
  ...change,
});
const minutesOf = (fraction: number) => Math.round(fraction * 240 - 120);

describe('what lies ahead of a band', () => {
  it('draws the hold, then each stretch of gap, then the return and its target', () => {
    const drawn = ahead(band({}), noon, axis);
    expect(minutesOf(drawn.hold?.end ?? 0)).toBe(30);
    expect(drawn.gaps.map(({ start, end, certain }) => [minutesOf(start), minutesOf(end), certain])).toEqual([
      [30, 45, true],
      [45, 75, false],
    ]);
    expect([minutesOf(drawn.range?.start ?? 0), minutesOf(drawn.range?.end ?? 0)]).toEqual([45, 75]);
    expect(minutesOf(drawn.target ?? 0)).toBe(60);
  });
  it('draws a gap that has begun from the now line on, not as if it had been foreseen', () => {
    const drawn = ahead(band({ state: 'gap', gapsAhead: [{ from: at(-10), to: at(45), certain: true }] }), noon, axis);
    expect(minutesOf(drawn.gaps[0]?.start ?? 0)).toBe(0);
  });
  it('draws a gap without an end where no forecast may be made', () => {
    const waiting = { forecast: { kind: 'waiting', for: 'containment' }, gapAhead: null } as const;
    const drawn = ahead(band({ ...waiting, gapsAhead: [{ from: at(30), to: null, certain: false }] }), noon, axis);
    expect(drawn.gaps).toEqual([{ start: expect.closeTo(0.625), end: 1, certain: false, endless: true }]);
    expect(drawn.range).toBeNull();
  });
  it('draws a return that is late from the now line on; one that nobody awaits any more, not at all', () => {
    const returning = (p50: number, p90: number) =>
      ahead(band({ forecast: { kind: 'range', p50: at(p50), p90: at(p90), basis: 'signed' } }), noon, axis);
    const late = returning(-20, 40);
    expect([late.overdue, minutesOf(late.range?.start ?? 0), minutesOf(late.range?.end ?? 0)]).toEqual([
      'likely',
      0,
      40,
    ]);
    expect(returning(-40, -20)).toMatchObject({ overdue: 'latest', range: null });
    expect(returning(10, 40).overdue).toBeNull();
  });
});

describe('the minutes of a gap', () => {
  const share = labelShare('au plus 2 h');
  const gapped = (from: number, to: number, change: Partial<Band> = {}) => {
    const gapsAhead = [{ from: at(from), to: at(to), certain: true }];
    return labelPlace(ahead(band({ forecast: null, holdUntil: null, gapsAhead, ...change }), noon, axis), 0.5, share);
  };
  it('stand after it, else before it, else on it, else only in the words of the band', () => {
    expect(gapped(10, 30)).toMatchObject({ side: 'after' });
    expect(gapped(60, 110)).toMatchObject({ side: 'before', at: 0.75 });
    expect(gapped(5, 120)).toMatchObject({ side: 'on' });
    expect(gapped(30, 60, { holdUntil: at(30), forecast: null })).toMatchObject({ side: 'after' });
    expect(gapped(90, 110, { holdUntil: at(85) })).toBeNull();
  });
  it('never cover what has happened, nor the hold', () => {
    const minute = fc.integer({ min: 0, max: 119 });
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 200 }), minute, (from, length, held) => {
        const hold = Math.min(held, from);
        const label = gapped(from, from + length, { holdUntil: at(hold) });
        if (label === null) return;
        const start = label.at - (label.side === 'before' ? share : 0);
        expect(start).toBeGreaterThanOrEqual(Math.max(0.5, (hold + 120) / 240) - 1e-9);
      }),
    );
  });
});

describe('the axis', () => {
  it('keeps every stretch inside itself, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }), (from, to) => {
        const drawn = stretch(noon + from * minute, noon + to * minute, axis);
        if (drawn === null) return;
        expect(drawn.start).toBeGreaterThanOrEqual(0);
        expect(drawn.end).toBeLessThanOrEqual(1);
        expect(drawn.end).toBeGreaterThan(drawn.start);
      }),
    );
  });
  it('marks round local hours, also where the zone is not a whole hour from UTC', () => {
    const found = ticks(axis, 600, () => 330, 90);
    expect(found.length).toBeGreaterThan(1);
    for (const mark of found) expect(new Date(mark + 330 * minute).getUTCMinutes()).toBe(0);
  });
  it('marks quarters of a minute where a drill lives in minutes', () => {
    const marks = ticks({ from: noon - 2 * minute, to: noon + minute }, 1200, () => 120, 90);
    expect(marks).toHaveLength(13);
    expect(marks.every((mark) => mark % 15_000 === 0)).toBe(true);
  });
  it('places the present between its ends', () => {
    expect(place(noon, axis)).toBe(0.5);
  });
});
