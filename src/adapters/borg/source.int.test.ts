import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { accept } from '../../journal/result.ts';
import { backupSourceContract } from '../../restore/backupSource.contract.ts';
import { SourceGround } from '../files/ground.ts';
import { installed } from '../fixtures/service.ts';
import { BorgSource } from './source.ts';

const borg = installed('/usr/bin/borg');
const phrase = 'canary-77c1 a passphrase nobody may see';
const passphrase = async () => accept(phrase);
const work = { signal: new AbortController().signal, progress: () => undefined };
const ground = new SourceGround();
afterAll(() => ground.remove());

const run = (on: SourceGround, args: string[], folder = on.folder) => {
  const ran = spawnSync('borg', args, {
    cwd: folder,
    env: { PATH: process.env.PATH, BORG_BASE_DIR: join(on.folder, 'theirs'), BORG_PASSPHRASE: phrase, TZ: 'UTC' },
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(`borg ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout;
};

function repositoryOf(on: SourceGround, name: string, mode = 'repokey-blake2'): string {
  const repository = join(on.folder, name);
  mkdirSync(join(on.folder, 'theirs'), { recursive: true });
  run(on, ['init', '--encryption', mode, repository]);
  return repository;
}

backupSourceContract('borg', async (nights) => {
  if (borg === undefined) return { cannot: 'borg is not installed (apt-get install borgbackup)' };
  const place = new SourceGround();
  const repository = repositoryOf(place, 'repository');
  const segments: string[][] = [];
  for (const [index, { time, tree }] of nights.entries()) {
    const folder = join(place.folder, 'srv', `night-${index}`);
    place.write(folder, tree);
    const before = new Set(readdirSync(join(repository, 'data/0')));
    run(place, ['create', '--timestamp', time.slice(0, 19), `${repository}::ehr-${index}`, '.'], folder);
    segments.push(readdirSync(join(repository, 'data/0')).filter((name) => !before.has(name)));
  }
  return {
    source: new BorgSource({ repository, passphrase }),
    elsewhere: new BorgSource({ repository: join(place.folder, 'not-mounted'), passphrase }),
    into: place.into,
    read: place.read,
    damage: async (night) => {
      const files = (segments[night] ?? []).map((name) => join(repository, 'data/0', name));
      const [largest = ''] = files.toSorted((one, other) => readFileSync(other).length - readFileSync(one).length);
      const content = readFileSync(largest);
      content[30_000] = (content[30_000] ?? 0) ^ 1;
      writeFileSync(largest, content);
    },
    fingerprint: () => place.fingerprint(repository),
    end: async () => place.remove(),
  };
});

test('a single backed-up folder becomes the top; names of all kinds come back', async (context) => {
  if (borg === undefined) return context.skip('borg is not installed');
  const repository = repositoryOf(ground, 'names', 'none');
  const folder = join(ground.folder, 'srv/{now} ehr');
  ground.write(folder, {
    'line\nbreak': Buffer.from('1'),
    '[a-z]*/re:?.txt': Buffer.from('2'),
    ' lead': Buffer.from('3'),
  });
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xe9, 0x74)]), '4');
  symlinkSync('/etc', join(folder, 'outside'));
  run(ground, ['create', '--timestamp', '2026-03-01T02:30:00', `${repository}::été 1`, folder]);
  const source = new BorgSource({ repository });
  const listed = await source.snapshots(work);
  if (!listed.ok) throw new Error(listed.refusal.message);
  const [night] = listed.value;
  expect(night).toMatchObject({ time: '2026-03-01T02:30:00.000Z', paths: [`${repository}::été 1`] });
  const id = night?.id ?? '';
  expect(await source.entries(id, '', work)).toMatchObject({
    value: {
      entries: [
        { name: ' lead', bytes: 1 },
        { name: '?t', bytes: 1 },
        { name: '[a-z]*', kind: 'folder' },
        { name: 'line\nbreak', bytes: 1 },
        { name: 'outside', kind: 'link', bytes: null },
      ],
    },
  });
  const whole = await ground.into();
  expect(await source.restore(id, whole, work)).toMatchObject({ value: { files: 4, problems: [], unverified: 0 } });
  expect(readFileSync(join(whole, '[a-z]*/re:?.txt'), 'utf8')).toBe('2');
  for (const [part, count] of Object.entries({ '[a-z]*/re:?.txt': 1, 'line\nbreak': 1, '?t': 1, '[a-z]*': 1 })) {
    const into = await ground.into();
    expect(await source.restore(id, into, work, part), part).toMatchObject({ value: { files: count, problems: [] } });
    expect(readdirSync(into)).toHaveLength(1);
  }
});

test('a wrong passphrase, a folder that is no repository and a repository of another key are told apart', async (context) => {
  if (borg === undefined) return context.skip('borg is not installed');
  const repository = repositoryOf(ground, 'closed');
  const wrong = new BorgSource({ repository, passphrase: async () => accept('another') });
  expect(await wrong.snapshots(work)).toMatchObject({ refusal: { code: 'backup-wrong-password' } });
  expect(await new BorgSource({ repository }).snapshots(work)).toMatchObject({
    refusal: { code: 'backup-wrong-password' },
  });
  expect(await new BorgSource({ repository: ground.folder, passphrase }).snapshots(work)).toMatchObject({
    refusal: { code: 'backup-unreachable', retryable: true },
  });
  const keyed = repositoryOf(ground, 'keyed', 'keyfile');
  expect(await new BorgSource({ repository: keyed, passphrase }).snapshots(work)).toMatchObject({
    refusal: { code: 'backup-wrong-password' },
  });
  const keyFile = join(ground.folder, 'exported');
  run(ground, ['key', 'export', keyed, keyFile]);
  expect(await new BorgSource({ repository: keyed, passphrase, keyFile }).snapshots(work)).toMatchObject({ ok: true });
});

test('an archive that a repair has put zeros into comes back with a problem for each file', async (context) => {
  if (borg === undefined) return context.skip('borg is not installed');
  const repository = repositoryOf(ground, 'repaired', 'none');
  const folder = join(ground.folder, 'to-repair');
  ground.write(folder, { whole: Buffer.from('1'), lost: Buffer.alloc(50_000, 'patient ') });
  run(ground, ['create', '--compression', 'none', `${repository}::a`, '.'], folder);
  const [segment = ''] = readdirSync(join(repository, 'data/0'))
    .map((name) => join(repository, 'data/0', name))
    .filter((path) => readFileSync(path).includes('patient patient'));
  const content = readFileSync(segment);
  content.fill(0x21, content.indexOf('patient ') + 500, content.indexOf('patient ') + 510);
  writeFileSync(segment, content);
  spawnSync('borg', ['check', '--repair', repository], {
    env: {
      PATH: process.env.PATH,
      BORG_BASE_DIR: join(ground.folder, 'theirs'),
      BORG_CHECK_I_KNOW_WHAT_I_AM_DOING: 'YES',
    },
  });
  const source = new BorgSource({ repository });
  const listed = await source.snapshots(work);
  const id = listed.ok ? (listed.value[0]?.id ?? '') : '';
  expect(await source.restore(id, await ground.into(), work)).toMatchObject({
    value: { files: 2, problems: [{ path: 'lost' }, {}] },
  });
});
