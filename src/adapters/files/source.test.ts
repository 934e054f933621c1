import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { backupSourceContract } from '../../restore/backupSource.contract.ts';
import type { Work } from '../../restore/ports.ts';
import { SourceGround } from './ground.ts';
import { parseManifest } from './manifest.ts';
import { MemorySource } from './memory.ts';
import { FilesSource } from './source.ts';

backupSourceContract('in memory', async (nights) => {
  const ground = new SourceGround();
  const kept = nights.map((night) => ({ ...night, damaged: false }));
  return {
    source: new MemorySource(kept),
    elsewhere: new MemorySource(null),
    into: ground.into,
    read: ground.read,
    damage: async (night) => {
      for (const [index, one] of kept.entries()) one.damaged = index === night;
    },
    fingerprint: async () => JSON.stringify(kept),
    end: async () => ground.remove(),
  };
});

const nameOf = (time: string) => time.replace(/:30:00.000Z$/, '30');

backupSourceContract('nightly folders with checksums', async (nights) => {
  const ground = new SourceGround();
  const place = join(ground.folder, 'nights');
  for (const { time, tree } of nights) {
    ground.write(join(place, nameOf(time)), tree);
    const lines = Object.entries(tree).flatMap(([path, content]) =>
      content === null ? [] : [`${createHash('sha256').update(content).digest('hex')}  ./${path}\n`],
    );
    writeFileSync(join(place, `${nameOf(time)}.sha256`), lines.join(''));
  }
  return {
    source: new FilesSource(place),
    elsewhere: new FilesSource(join(ground.folder, 'not-mounted')),
    into: ground.into,
    read: ground.read,
    damage: async (night) => {
      const path = join(place, nameOf(nights[night]?.time ?? ''), 'base', '16384', '2619');
      const content = readFileSync(path);
      content[1000] = (content[1000] ?? 0) ^ 1;
      writeFileSync(path, content);
    },
    fingerprint: () => ground.fingerprint(place),
    end: async () => ground.remove(),
  };
});

const work: Work = { signal: new AbortController().signal, progress: () => undefined };
const ground = new SourceGround();
afterAll(() => ground.remove());

/** One night of a place of its own. */
function place(tree: { [path: string]: string }, manifest?: string): { folder: string; source: FilesSource } {
  const folder = join(ground.folder, `place-${readdirSync(ground.folder).length}`);
  for (const [path, content] of Object.entries(tree))
    ground.write(join(folder, '2026-03-01T02'), { [path]: Buffer.from(content) });
  if (manifest !== undefined) writeFileSync(join(folder, '2026-03-01T02.sha256'), manifest);
  return { folder, source: new FilesSource(folder) };
}

test('without a list of checksums every file comes back, and is counted as unverified', async () => {
  const { source } = place({ a: '1', 'b/c': '2' });
  expect(await source.restore('2026-03-01T02', await ground.into(), work)).toMatchObject({
    ok: true,
    value: { files: 2, problems: [], unverified: 2 },
  });
});

test('a list made by sha256sum is understood, whatever the names; a file it names that is gone makes the night damaged', async () => {
  const { folder, source } = place({ 'a b': '1', 'back\\slash': '2', 'line\nbreak': '3', plain: '4' });
  const names = readdirSync(join(folder, '2026-03-01T02'));
  const list = execFileSync('sha256sum', ['--', ...names], { cwd: join(folder, '2026-03-01T02') }).toString();
  const file = join(folder, '2026-03-01T02.sha256');
  writeFileSync(file, list);
  expect(await source.restore('2026-03-01T02', await ground.into(), work)).toMatchObject({
    ok: true,
    value: { files: 4, unverified: 0 },
  });
  writeFileSync(file, `${list}${'0'.repeat(64)}  gone\n`);
  expect(await source.restore('2026-03-01T02', await ground.into(), work)).toMatchObject({
    ok: false,
    refusal: { code: 'backup-damaged', kept: 'gone is missing' },
  });
  writeFileSync(file, 'no checksums here\n');
  expect(await source.restore('2026-03-01T02', await ground.into(), work)).toMatchObject({
    ok: false,
    refusal: { code: 'backup-damaged' },
  });
  expect(parseManifest(`${'A'.repeat(64)} *x\r\n`)?.get('x')).toBe('a'.repeat(64));
});

test('links come back as links, never followed; what is no file is a problem; other names are no nights', async () => {
  const { folder, source } = place({ a: '1' });
  const night = join(folder, '2026-03-01T02');
  symlinkSync('/etc/passwd', join(night, 'link'));
  symlinkSync('2026-03-01T02', join(folder, 'latest'));
  mkdirSync(join(folder, 'lost+found'));
  mkdirSync(join(folder, '2026-03-02T02.partial'));
  execFileSync('mkfifo', [join(night, 'pipe')]);
  const listed = await source.snapshots();
  expect(listed.ok && listed.value.map(({ id }) => id)).toEqual(['2026-03-01T02']);
  const into = await ground.into();
  expect(await source.restore('2026-03-01T02', into, work)).toMatchObject({
    ok: true,
    value: { files: 1, problems: [{ path: 'pipe', reason: 'not a plain file' }] },
  });
  expect(
    readdirSync(into, { withFileTypes: true })
      .find(({ name }) => name === 'link')
      ?.isSymbolicLink(),
  ).toBe(true);
});

test('a disk with too little room is told before anything is written', async () => {
  const { folder } = place({ a: '1' });
  const into = await ground.into();
  const refused = await new FilesSource(folder, 2 ** 60).restore('2026-03-01T02', into, work);
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'disk-full', where: into, retryable: true } });
  expect(readdirSync(into)).toEqual([]);
});
