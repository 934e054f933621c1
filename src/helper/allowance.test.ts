import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

test('a burst, then one for each share of a second, never more than the burst again', () => {
  const allowance = new Allowance(3, 2, 1000);
  const take = (now: number, times: number) => Array.from({ length: times }, () => allowance.take(now));
  expect(take(1000, 4)).toEqual([true, true, true, false]);
  expect(take(1499, 1)).toEqual([false]);
  expect(take(1500, 2)).toEqual([true, false]);
  expect(take(3_600_000, 4)).toEqual([true, true, true, false]);
});

test('a clock that goes back gives nothing', () => {
  const allowance = new Allowance(1, 1, 5000);
  expect([allowance.take(5000), allowance.take(1000), allowance.take(5500), allowance.take(6000)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
