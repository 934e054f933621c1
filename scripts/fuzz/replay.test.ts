import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTarget, savedCrashes, targetFiles } from './target.ts';

const root = join(import.meta.dirname, '..', '..');
const targets = await Promise.all(targetFiles(root).map(async (file) => ({ file, target: await loadTarget(file) })));

describe.each(targets.map(({ file, target }) => ({ name: target.name, file, target })))('$name', ({ file, target }) => {
  test('its own seeds are read without a crash', async () => {
    const seeds = target.seeds();
    expect(seeds.length).toBeGreaterThan(0);
    for (const input of seeds) await target.run(input);
  });

  test('inputs that once broke it no longer do', async () => {
    for (const { path, input } of savedCrashes(file, target.name)) {
      await expect(Promise.resolve(input).then(target.run), relative(root, path)).resolves.toBeUndefined();
    }
  });
});

test('targets have names of their own', () => {
  expect(targets.length).toBeGreaterThan(0);
  expect(new Set(targets.map(({ target }) => target.name)).size).toBe(targets.length);
});
