import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { backupSourceContract } from '../../restore/backupSource.contract.ts';
import type { Work } from '../../restore/ports.ts';
import { SourceGround } from './ground.ts';
import { parseManifest } from './manifest.ts';
import { MemorySource } from './memory.ts';
import { dateIn } from './nights.ts';
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

test('links come back as links, never followed; what is no file is left out and told; other names are no nights', async () => {
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
    value: { files: 1, problems: [], leftOut: [{ path: 'pipe', reason: 'not a plain file' }] },
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

test('rsnapshot’s folders are nights of the moment their copy was done, whatever rotation calls them', async () => {
  const folder = join(ground.folder, 'rsnapshot');
  for (const [name, time] of Object.entries({
    'daily.0': '2026-03-03T02:31:07Z',
    'daily.1': '2026-03-02T02:30:55Z',
    'weekly.0': '2026-02-22T02:30:41Z',
  })) {
    ground.write(join(folder, name), { 'localhost/srv/ehr/a': Buffer.from(name === 'daily.0' ? 'new' : 'old') });
    utimesSync(join(folder, name), new Date(time), new Date(time));
  }
  // As rsnapshot does for what did not change.
  const shared = join(folder, 'daily.1/localhost/srv/ehr/b');
  writeFileSync(shared, 'same');
  linkSync(shared, join(folder, 'daily.0/localhost/srv/ehr/b'));
  const source = new FilesSource(folder);
  const listed = await source.snapshots();
  if (!listed.ok) throw new Error(listed.refusal.message);
  expect(listed.value.map(({ time, timeFrom, paths }) => [time, timeFrom, paths[0]])).toEqual([
    ['2026-02-22T02:30:41.000Z', 'folder', join(folder, 'weekly.0')],
    ['2026-03-02T02:30:55.000Z', 'folder', join(folder, 'daily.1')],
    ['2026-03-03T02:31:07.000Z', 'folder', join(folder, 'daily.0')],
  ]);
  const newest = listed.value[2]?.id ?? '';
  // The next night: the same copy under another name.
  renameSync(join(folder, 'daily.1'), join(folder, 'daily.2'));
  renameSync(join(folder, 'daily.0'), join(folder, 'daily.1'));
  const into = await ground.into();
  expect(await source.restore(newest, into, work, 'localhost/srv')).toMatchObject({ ok: true, value: { files: 2 } });
  expect(readFileSync(join(into, 'localhost/srv/ehr/a'), 'utf8')).toBe('new');
  expect(readFileSync(join(into, 'localhost/srv/ehr/b'), 'utf8')).toBe('same');
});

test.each<[string, string?, string?]>([
  ['2026-03-01', '2026-03-01T23:59:59.000Z', 'day'],
  ['20260301', '2026-03-01T23:59:59.000Z', 'day'],
  ['ehr-2026-03-01', '2026-03-01T23:59:59.000Z', 'day'],
  ['dossier patient 2026.03.01', '2026-03-01T23:59:59.000Z', 'day'],
  ['2026-03-01-023045', '2026-03-01T02:30:45.000Z'],
  ['2026-03-01_02-30', '2026-03-01T02:30:00.000Z'],
  ['2026-03-01_02h30', '2026-03-01T02:30:00.000Z'],
  ['backup_20260301-0230', '2026-03-01T02:30:00.000Z'],
  ['20260301023045', '2026-03-01T02:30:45.000Z'],
  ['2026-03-01T02:30:00+01:00', '2026-03-01T01:30:00.000Z'],
  ['2026-02-31'],
  ['2026-03-01.partial'],
  ['2026-03-01T25'],
  ['.2026-03-01'],
  ['20260301023'],
  ['latest'],
])('a folder called %s', (name, time, timeFrom) => {
  const said = time === undefined ? undefined : { time, ...(timeFrom === undefined ? {} : { timeFrom }) };
  expect(dateIn(name)).toEqual(said);
});

test('names that are no UTF-8 come back byte for byte, and are asked for as they are shown', async () => {
  const { folder, source } = place({ 'dossier/a': '1' });
  const odd = Buffer.concat([Buffer.from(join(folder, '2026-03-01T02', 'dossier/')), Buffer.of(0xe9, 0x74, 0xe9)]);
  writeFileSync(odd, 'latin');
  expect(await source.entries('2026-03-01T02', 'dossier', work)).toMatchObject({
    value: { entries: [{ name: '\\xe9t\\xe9', bytes: 5 }, { name: 'a' }] },
  });
  const into = await ground.into();
  expect(await source.restore('2026-03-01T02', into, work, 'dossier/\\xe9t\\xe9')).toMatchObject({
    value: { files: 1 },
  });
  expect(readdirSync(Buffer.from(join(into, 'dossier')), { encoding: 'buffer' })).toEqual([
    Buffer.of(0xe9, 0x74, 0xe9),
  ]);
});
