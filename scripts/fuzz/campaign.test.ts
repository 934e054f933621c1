import { join } from 'node:path';
import { expect, test } from 'vitest';
import { branchesOf } from './branches.ts';
import { campaign } from './campaign.ts';
import { randomFrom } from './random.ts';

const root = join(import.meta.dirname, 'fixtures');
const order = (file: string, seconds: number) => ({
  root,
  file: join(root, file),
  seed: 1,
  seconds,
  crashesMax: 1,
  corpus: [],
});

test('coverage leads to a fault behind conditions that random bytes do not pass', async () => {
  const { crashes, done } = await campaign(order('breaks.fuzz.ts', 50));
  expect(crashes.map(({ kind, message }) => [kind, message.includes('broken on purpose')])).toEqual([['thrown', true]]);
  const input = new TextDecoder().decode(crashes[0]?.input);
  expect(input).toMatch(/^UPS[^|]*\|battery\|.*low/s);
  const { ran, total } = branchesOf(done?.ran ?? new Map());
  expect(ran).toBeGreaterThanOrEqual(6);
  expect(total).toBeGreaterThanOrEqual(ran);
}, 60_000);

test('a fault thrown later, from a promise, is a crash with its input', async () => {
  const { crashes } = await campaign(order('async.fuzz.ts', 50));
  expect(crashes[0]?.message).toContain('broken on purpose, later');
  expect(crashes[0]?.input.length).toBeGreaterThan(6);
}, 60_000);

test('an input that never returns is found, kept, and does not hang the run', async () => {
  const { crashes, done } = await campaign(order('hangs.fuzz.ts', 60), 2);
  expect(done).toBeUndefined();
  expect(crashes.map(({ kind }) => kind)).toEqual(['hang']);
  expect(crashes[0]?.input).toContain(0);
}, 60_000);

test('the same seed makes the same choices', () => {
  const choices = () => {
    const random = randomFrom(42, 'target');
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(choices()).toEqual(choices());
  expect(new Set(choices()).size).toBeGreaterThan(10);
});
