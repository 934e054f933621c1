import { z } from 'zod';

const Named = z.object({ name: z.string(), why: z.string() });

/** What became of a run of tests; nothing that did not run is ever among the passed. */
export const Tally = z.object({ passed: z.number(), failed: z.array(Named), skipped: z.array(Named) });
export type Tally = z.infer<typeof Tally>;

export const nothing = (): Tally => ({ passed: 0, failed: [], skipped: [] });

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.flatMap(({ failed }) => failed),
  skipped: tallies.flatMap(({ skipped }) => skipped),
});

/**
 * Where everything should be installed, only data that is not part of the project may be missing; and a test of a contract
 * may say that it is `not applicable:` to one implementation, and why.
 */
export const excused = (why: string): boolean => /\bno data\b|^not applicable: /i.test(why);

/** 0 when nothing failed and, in continuous integration, nothing was left out for want of a program. */
export function exitStatusOf({ failed, skipped }: Tally, inIntegration: boolean): 0 | 1 {
  return failed.length > 0 || (inIntegration && skipped.some(({ why }) => !excused(why))) ? 1 : 0;
}

/** The names of what failed and of what was not run, then the one line that sums up everything. */
export function summary({ passed, failed, skipped }: Tally): string {
  const list = (title: string, named: Tally['failed']) =>
    named.length === 0 ? [] : ['', title, ...named.map(({ name, why }) => `  ${name}: ${why.split('\n')[0]}`)];
  const total = `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
  return [...list('Not run, and why:', skipped), ...list('Failed:', failed), '', total].join('\n');
}
