import { readFileSync } from 'node:fs';
import process from 'node:process';
import { expect } from 'vitest';

/**
 * Gives every property test of a run the seed that `npm test` printed: REFLEXE_SEED=<seed> npm test runs the same again.
 * Loads fast-check only for the test files that name it.
 */
const seed = process.env.REFLEXE_SEED;
const { testPath } = expect.getState();
if (seed !== undefined && testPath !== undefined && readFileSync(testPath, 'utf8').includes('fast-check')) {
  const { configureGlobal, readConfigureGlobal } = await import('fast-check');
  configureGlobal({ ...readConfigureGlobal(), seed: Number(seed) });
}
