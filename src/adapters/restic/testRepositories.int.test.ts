import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/service.ts';
import { openRepository } from './repository/open.ts';
import { verify } from './verifying/verify.ts';

const archives = fileURLToPath(
  new URL('../../../../shared/data/restic-testrepos/cmd/restic/testdata/', import.meta.url),
);

/** restic's own test repositories, and what its `check --read-data` says of them. */
const verdicts: { readonly [archive: string]: boolean } = {
  'small-repo': true,
  'repo-mixed': true,
  'repo-obsolete-index': true,
  'repo-unreferenced-data': true,
  'repo-duplicates': true,
  'repo-same-timestamps': true,
  'repo-restore-permissions-test': true,
  'copy-unstable-json': true,
  'repo-data-missing': false,
  'repo-index-missing': false,
  'repo-index-missing-blob': false,
  'repo-unused-data-missing': false,
};

for (const [archive, sound] of Object.entries(verdicts))
  test(`${archive} is ${sound ? 'sound' : 'damaged'}, as restic says`, async (context) => {
    const path = join(archives, `${archive}.tar.gz`);
    if (!existsSync(path)) return context.skip('skipped: no data');
    await using place = await temporaryFolder();
    expect(spawnSync('tar', ['-xzf', path, '-C', place.path]).status).toBe(0);
    const opened = await openRepository(join(place.path, 'repo'), 'geheim');
    if (!opened.ok) throw new Error(opened.refusal.message);
    const seen = await verify(opened.value, { signal: new AbortController().signal, progress: () => undefined });
    expect(seen.ok, JSON.stringify(seen.problems)).toBe(sound);
  });
