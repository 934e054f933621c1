import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', '**/dist/**', 'scripts/gates/fixtures/**'];
const integration = ['{src,lab,scripts,bench,bin}/**/*.int.test.ts'];
const browser = ['{src,lab,scripts}/**/*.browser.test.{ts,tsx}'];

const setupFiles = ['scripts/property-seed.ts'];

/** One project per kind of test: `vitest run --project unit`, or `vitest run <file>` whatever its kind. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,lab,scripts,bench,bin}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...integration, ...browser],
          setupFiles,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'int',
          include: integration,
          exclude: never,
          setupFiles,
          // Real services on two cores: more at once would only make them wait for one another.
          maxWorkers: 2,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          exclude: never,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
