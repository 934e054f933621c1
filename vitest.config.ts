import { join } from 'node:path';
import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { MixedSequencer } from './scripts/test-order.ts';

// Many tests start the product from its sources: what Node compiled of them is kept, which halves each of those starts.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache', 'compiled');

const never = ['**/node_modules/**', '**/dist/**', 'scripts/gates/fixtures/**'];
const integration = ['{src,lab,scripts,bench,bin}/**/*.int.test.ts'];
const browser = ['{src,lab,scripts}/**/*.browser.test.{ts,tsx}'];

/** Of the domain, which holds no state between two calls (ARCHITECTURE, rule 1): these need no process of their own each. */
const rooms = ['src/{journal,access,map,detect,activate,restore,care,inform,prepare,federate,words}/**/*.test.ts'];

const setupFiles = ['scripts/property-seed.ts'];
/** One more than the cores of the smallest machine: a third of the time of these tests is waiting for services and browsers. */
const maxWorkers = 3;

/** One project per kind of test: `vitest run --project unit`, or `vitest run <file>` whatever its kind. */
export default defineConfig({
  test: {
    sequence: { sequencer: MixedSequencer },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,lab,scripts,bench,bin}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...integration, ...browser, ...rooms],
          setupFiles,
          maxWorkers,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'rooms',
          include: rooms,
          exclude: [...never, ...integration],
          setupFiles,
          maxWorkers,
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'int',
          include: integration,
          exclude: never,
          setupFiles,
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['scenarios/**/*.test.ts'],
          exclude: never,
          setupFiles,
          maxWorkers,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          exclude: never,
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
