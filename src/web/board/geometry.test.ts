import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Band } from '../../map/care.ts';
import { ahead, place, stretch, ticks } from './geometry.ts';

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
  roots: [],
  degradedMode: null,
  reviewAt: null,
  patients: null,
  horizon: null,
  ...change,
});
const minutesOf = (fraction: number) => Math.round(fraction * 240 - 120);

describe('what lies ahead of a band', () => {
  it('draws the hold, then the gap that is sure, then the gap that is possible', () => {
    const drawn = ahead(band({}), noon, axis);
    expect(minutesOf(drawn.hold?.end ?? 0)).toBe(30);
    expect([minutesOf(drawn.sureGap?.start ?? 0), minutesOf(drawn.sureGap?.end ?? 0)]).toEqual([30, 45]);
    expect([minutesOf(drawn.possibleGap?.start ?? 0), minutesOf(drawn.possibleGap?.end ?? 0)]).toEqual([45, 75]);
    expect(minutesOf(drawn.target ?? 0)).toBe(60);
  });
  it('draws no gap where the hold outlasts the latest return', () => {
    const drawn = ahead(band({ holdUntil: at(100), gapAhead: { low: 0, high: 0 } }), noon, axis);
    expect([drawn.sureGap, drawn.possibleGap]).toEqual([null, null]);
    expect(drawn.range).not.toBeNull();
  });
  it('calls no gap sure where a ward has not spoken, or where care may come back in time', () => {
    const unsaid = ahead(band({ state: 'toConfirm', holdUntil: null }), noon, axis);
    expect([
      unsaid.sureGap,
      minutesOf(unsaid.possibleGap?.start ?? 0),
      minutesOf(unsaid.possibleGap?.end ?? 0),
    ]).toEqual([null, 0, 75]);
    const inTime = ahead(band({ holdUntil: at(60), gapAhead: { low: 0, high: 15 } }), noon, axis);
    expect([inTime.sureGap, minutesOf(inTime.possibleGap?.start ?? 0)]).toEqual([null, 60]);
  });
  it('draws a gap without an end where no forecast may be made', () => {
    const drawn = ahead(band({ forecast: { kind: 'waiting', for: 'containment' }, gapAhead: null }), noon, axis);
    expect(drawn.endless).toBe(true);
    expect([minutesOf(drawn.possibleGap?.start ?? 0), drawn.possibleGap?.end]).toEqual([30, 1]);
    expect(drawn.range).toBeNull();
  });
  it('never draws a gap on a function that is served or diverted', () => {
    for (const state of ['served', 'diverted', 'catchingUp', 'unknown'] as const) {
      const drawn = ahead(band({ state }), noon, axis);
      expect([drawn.sureGap, drawn.possibleGap, drawn.hold]).toEqual([null, null, null]);
    }
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
