import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { exitStatusOf, nothing, sum, summary, Tally } from './tally.ts';

const project = join(import.meta.dirname, '..');

/** Runs vitest on one file and reads what the reporter noted. */
function tallyOf(source: string, settings = 'include: ["*.test.ts"]'): Tally {
  mkdirSync(join(project, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(project, '.cache', 'tally-'));
  try {
    writeFileSync(join(folder, 'sample.test.ts'), source);
    writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: { ${settings} } };`);
    const noted = join(folder, 'tally.json');
    const reporter = join(import.meta.dirname, 'test-reporter.ts');
    spawnSync(join(project, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--reporter', reporter], {
      env: { ...process.env, REFLEXE_TALLY: noted },
    });
    return Tally.parse(JSON.parse(readFileSync(noted, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a skipped test is counted with its reason, a failing hook fails, and nothing unrun passes', () => {
  const tally = tallyOf(`
    import { beforeAll, describe, expect, test } from 'vitest';
    test('passes', () => expect(1).toBe(1));
    test('fails', () => expect(1).toBe(2));
    test('lacks restic', (context) => context.skip('restic is not installed'));
    test.skip('put aside', () => {});
    test.todo('to be written');
    describe('a group', () => {
      beforeAll(() => { throw new Error('the service did not start'); });
      test('never ran', () => {});
    });
  `);
  expect(tally.passed).toBe(1);
  expect(tally.failed.map(({ why }) => why).join('\n')).toMatch(/toBe|to be/);
  expect(tally.failed.map(({ why }) => why)).toContain('the service did not start');
  const skipped = tally.skipped.map(({ name, why }) => [name.split(' > ').at(-1), why]);
  expect(skipped).toContainEqual(['lacks restic', 'restic is not installed']);
  expect(skipped).toContainEqual(['put aside', 'no reason given']);
  expect(skipped).toContainEqual(['to be written', 'no reason given']);
});

test('a file that cannot be loaded is a failure', () => {
  expect(tallyOf(`import './absent.ts';`).failed.length).toBe(1);
});

test('a kind of test that has no file is a failure', () => {
  const kinds = ['sample', 'browser'].map((name) => `{ test: { name: '${name}', include: ['${name}.test.ts'] } }`);
  const tally = tallyOf(`import { test } from 'vitest'; test('passes', () => {});`, `projects: [${kinds}]`);
  expect(tally.passed).toBe(1);
  expect(tally.failed).toEqual([{ name: 'browser tests', why: 'there was none to run' }]);
});

test('the last line sums everything', () => {
  const tally = sum([
    { ...nothing(), passed: 3 },
    { passed: 1, failed: [{ name: 'a', why: 'broken' }], skipped: [{ name: 'b', why: 'no data' }] },
  ]);
  expect(summary(tally).split('\n').at(-1)).toBe('4 passed, 1 failed, 1 skipped');
  expect(summary(tally)).toContain('  b: no data');
});

test('in integration a missing program fails the run, missing data does not', () => {
  const skipped = (why: string): Tally => ({ ...nothing(), passed: 1, skipped: [{ name: 'x', why }] });
  expect(exitStatusOf(skipped('restic is not installed'), true)).toBe(1);
  expect(exitStatusOf(skipped('no reason given'), true)).toBe(1);
  expect(exitStatusOf(skipped('skipped: no data'), true)).toBe(0);
  expect(exitStatusOf(skipped('not applicable: this engine keeps nothing'), true)).toBe(0);
  expect(exitStatusOf(skipped('restic is not installed'), false)).toBe(0);
  expect(exitStatusOf({ ...nothing(), failed: [{ name: 'x', why: 'y' }] }, false)).toBe(1);
});
