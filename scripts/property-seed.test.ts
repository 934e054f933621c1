import process from 'node:process';
import { readConfigureGlobal } from 'fast-check';
import { expect, test } from 'vitest';

test('property tests take the seed of the run', () => {
  const seed = process.env.REFLEXE_SEED;
  expect(readConfigureGlobal().seed).toBe(seed === undefined ? undefined : Number(seed));
});
