import { expect, test } from 'vitest';
import { shippedFiles } from './build.ts';

test('what a thread or a child runs is shipped with what starts it', () => {
  expect(shippedFiles('src/adapters/sqlite/journalStore.ts')).toContain('src/adapters/sqlite/journalWorker.ts');
  expect(shippedFiles('src/adapters/cleanRoom/startHelper.ts')).toContain('src/helper/main.ts');
});

test('nothing of the tests, the lab or the interface’s sources is shipped', () => {
  const shipped = shippedFiles('src/cli/reflexe.ts');
  expect(shipped).toContain('src/cli/start.ts');
  expect(shipped.filter((file) => /\.(test|fuzz|contract)\.ts$|^lab\/|^src\/web\//.test(file))).toEqual([]);
});
