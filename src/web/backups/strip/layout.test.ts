import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NightView } from '../../../restore/nights/views.ts';
import { cellAt, fittingPeriod, freshOf, spanOf, stripOf, ticksOf } from './layout.ts';
import { lossAtMost, stateOf } from './nightState.ts';

const DAY = 86_400_000;
const dayOf = (instant: number) => Math.floor(instant / DAY);
const night = (day: number, more: Partial<NightView> = {}): NightView => ({
  snapshot: `n${day}`,
  time: new Date(day * DAY + 7_200_000).toISOString(),
  verdict: 'clean',
  signs: [],
  files: 100,
  bytes: 1000,
  change: { added: 1, changed: 2, removed: 0, bytesNew: 50 },
  notExamined: 0,
  suspect: false,
  proved: false,
  ...more,
});
const now = 20_000 * DAY + 40_000_000;

describe('the strip of nights', () => {
  test('gives each day its place, and shows the days without a night', () => {
    const strip = stripOf([night(19_997), night(19_998), night(20_000)], { from: 19_996, to: 20_000 }, dayOf);
    expect(strip.cells.map(({ left }) => Math.round(left * 100))).toEqual([20, 40, 80]);
    expect(strip.missing.map((at) => Math.round(at * 100))).toEqual([70]);
    expect(strip.older).toBe(0);
  });
  test('shares a day between its nights, and counts those before it begins', () => {
    const strip = stripOf(
      [night(19_000), night(20_000), night(20_000, { snapshot: 'again' })],
      { from: 19_999, to: 20_000 },
      dayOf,
    );
    expect(strip.cells.map(({ left, width }) => [left, width])).toEqual([
      [0.5, 0.25],
      [0.75, 0.25],
    ]);
    expect(strip.older).toBe(1);
  });
  test('draws an emptied night low but visible, and what is new of it', () => {
    const strip = stripOf(
      [
        night(19_999),
        night(20_000, { bytes: 0, files: 0, change: { added: 0, changed: 0, removed: 100, bytesNew: 0 } }),
      ],
      { from: 19_999, to: 20_000 },
      dayOf,
    );
    expect(strip.cells.map(({ height }) => height)).toEqual([1, 0.08]);
    expect(freshOf(night(1, { change: { added: 60, changed: 0, removed: 0, bytesNew: 1 } }))).toBe(0.6);
    expect(freshOf(night(1, { change: null }))).toBeNull();
  });
  test('puts a night dated in the future on the last day, whatever it claims', () => {
    const span = spanOf([{ nights: [night(30_000)] }], 'all', now, dayOf);
    expect(span.to).toBe(20_000);
    expect(stripOf([night(30_000)], span, dayOf).cells[0]?.left).toBeCloseTo(6 / 7);
  });
  test('holds whatever nights there are: each once, none outside', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 19_900, max: 20_100 }), { maxLength: 60 }), (days) => {
        const nights = days.toSorted((a, b) => a - b).map((day, index) => night(day, { snapshot: `n${index}` }));
        const span = spanOf([{ nights }], 30, now, dayOf);
        const { cells, older, missing } = stripOf(nights, span, dayOf);
        expect(cells.length + older).toBe(nights.length);
        for (const { left, width } of cells) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(cells.map(({ left }) => left)).toEqual(cells.map(({ left }) => left).toSorted((a, b) => a - b));
        for (const at of missing) expect(cells.some(({ left, width }) => at > left && at < left + width)).toBe(false);
      }),
    );
  });
  test('begins with the period that shows most nights', () => {
    expect(fittingPeriod([{ nights: [night(19_999)] }], now, dayOf)).toBe(30);
    expect(fittingPeriod([{ nights: [night(19_930), night(19_999), night(19_931)] }], now, dayOf)).toBe(90);
    expect(fittingPeriod([{ nights: [night(12_000)] }], now, dayOf)).toBe('all');
    expect(fittingPeriod([], now, dayOf)).toBe(30);
  });
  test('finds the night under a finger, or the nearest', () => {
    const { cells } = stripOf([night(19_996), night(20_000)], { from: 19_996, to: 20_000 }, dayOf);
    expect(cellAt(cells, 0.45)?.night.snapshot).toBe('n19996');
    expect(cellAt(cells, 0.99)?.night.snapshot).toBe('n20000');
    expect(cellAt([], 0.5)).toBeUndefined();
  });
  test('dates few days, the last always', () => {
    expect(ticksOf({ from: 1, to: 30 }, 5)).toEqual([6, 12, 18, 24, 30]);
    expect(ticksOf({ from: 1, to: 3 }, 5)).toEqual([1, 2, 3]);
  });
});

describe('a night', () => {
  test('is told by the worst of what is known of it', () => {
    expect(stateOf(night(1))).toBe('clear');
    expect(stateOf(night(1, { suspect: true }))).toBe('suspect');
    expect(stateOf(night(1, { suspect: true, verdict: 'dirty' }))).toBe('sign');
    expect(stateOf(night(1, { suspect: true, verdict: 'damaged' }))).toBe('damaged');
    expect(stateOf(night(1, { verdict: 'unknown' }))).toBe('unknown');
  });
  test('loses at most the changes of those after it; unknown where one was not compared', () => {
    const nights = [night(1), night(2), night(3)];
    expect(lossAtMost(nights, 'n1')).toEqual({ added: 2, changed: 4, removed: 0 });
    expect(lossAtMost(nights, 'n3')).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(lossAtMost([night(1), night(2, { change: null })], 'n1')).toBeNull();
  });
});
