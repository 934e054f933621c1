import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../journal/result.ts';
import { SourceGround } from '../files/ground.ts';
import { Cluster, postgres } from '../fixtures/cluster.ts';
import { Crc32c } from './crc32c.ts';
import { BaseBackupSource } from './source.ts';

const work = { signal: new AbortController().signal, progress: () => undefined };

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

test('CRC-32C as RFC 3720 gives it', () => {
  expect(new Crc32c().update(Buffer.alloc(32)).hex()).toBe('aa36918a');
  expect(new Crc32c().update(Buffer.alloc(16, 0xff)).update(Buffer.alloc(16, 0xff)).hex()).toBe('43aba862');
});

/**
 * pg_basebackup backs up PostgreSQL clusters and nothing else: the tree of the contract suite cannot be laid. Its promises that make
 * sense of a cluster are kept here, on a real one.
 */
describe.skipIf(postgres === undefined)('pg_basebackup and its archive (apt-get install postgresql-15)', () => {
  const ground = new SourceGround();
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-base-test-'));
  const [nights, archive] = [join(folder, 'nights'), join(folder, 'archive')];
  const cluster = new Cluster(folder);
  const source = new BaseBackupSource({ folder: nights, archive });
  /** Plain with its log; tar with a log of its own; tar whose log is in the archive alone, under SHA-256. */
  const ways = [
    ['--format=plain'],
    ['--format=tar', '--gzip'],
    ['--format=tar', '--wal-method=none', '--manifest-checksums=SHA256'],
  ];
  const names: string[] = [];
  let between = '';

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    cluster.own(folder);
    for (const place of [nights, archive]) cluster.own(place);
    cluster.create(['archive_mode = on', `archive_command = 'gzip -c %p > ${archive}/%f.gz'`]);
    await cluster.start();
    cluster.ask('create table entered (what text)');
    for (const [index, way] of ways.entries()) {
      const now = cluster.ask(`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24MISS')`)[0] ?? '';
      names.push(`${now}Z`);
      const where = [...cluster.reached, '-D', join(nights, `${now}Z`)];
      cluster.run('/usr/lib/postgresql/15/bin/pg_basebackup', [...where, '--checkpoint=fast', ...way]);
      cluster.ask(`insert into entered values ('night ${index}'); select pg_sleep(1.1)`);
    }
    cluster.ask("insert into entered values ('first')");
    between =
      cluster.ask(
        `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || pg_sleep(0.05)::text`,
      )[0] ?? '';
    cluster.ask("insert into entered values ('second')");
    cluster.ask("insert into entered values ('third')");
    cluster.ask('select pg_switch_wal()');
    cluster.stop();
    const { uid } = cluster.account;
    if (uid !== undefined) spawnSync('chown', ['-R', '0:0', nights, archive]);
  }, 120_000);

  afterAll(() => {
    ground.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('names its nights, each with its time and the last moment that can be asked for', async () => {
    const listed = value(await source.snapshots(work));
    expect(listed.map(({ id }) => id)).toEqual(names);
    for (const { time, until } of listed)
      expect(until !== undefined && time < between && between < until, `${time} ${between} ${until}`).toBe(true);
    const alone = value(await new BaseBackupSource({ folder: nights }).snapshots(work));
    expect(alone.map(({ until }) => until)).toEqual([undefined, undefined, undefined]);
  });

  test.each([0, 1, 2])(
    'brought to a moment between two entries, it has the first and not the second: way %i',
    async (way) => {
      const before = [await ground.fingerprint(nights), await ground.fingerprint(archive)];
      const earlier = Array.from({ length: way }, (_, index) => `night ${index}`);
      const all = Array.from({ length: ways.length }, (_, index) => `night ${index}`);
      for (const [asked, rows] of [
        [names[way] ?? '', earlier],
        [`${names[way]}@${between}`, [...all, 'first']],
      ] as const) {
        const into = await ground.into();
        expect(value(await source.restore(asked, into, work))).toMatchObject({ problems: [] });
        const restored = await Cluster.ofRestored(folder, into);
        expect(restored.ask('select what from entered'), asked).toEqual(rows);
        restored.ask("insert into entered values ('goes on')");
        restored.stop();
      }
      expect([await ground.fingerprint(nights), await ground.fingerprint(archive)]).toEqual(before);
    },
  );

  test('tells what stands in a folder, and gives back one part alone, from a tar too', async () => {
    const [plain = '', tar = '', sha = ''] = names;
    expect(value(await source.entries(plain, '')).entries).toContainEqual(
      expect.objectContaining({ name: 'global', kind: 'folder' }),
    );
    const contentIn = async (night: string) =>
      value(await source.entries(night, 'global')).entries.find(({ name }) => name === 'pg_control')?.content;
    expect(await contentIn(plain)).toBeNull();
    expect(await contentIn(sha)).toMatch(/^SHA256 /);
    const into = await ground.into();
    expect(value(await source.restore(tar, into, work, 'global/pg_control'))).toMatchObject({ files: 1, bytes: 8192 });
    expect(await ground.read(into)).toHaveProperty(['global/pg_control']);
    expect(readdirSync(into)).toEqual(['global']);
    for (const part of ['absent', '../etc', 'global/absent'])
      expect(await source.restore(tar, into, work, part)).toMatchObject({ refusal: { code: 'path-unknown' } });
  });

  test('refuses what it cannot reach, and says what is not there', async () => {
    const [night = ''] = names;
    for (const asked of [
      `${night}@2019-01-01T00:00:00Z`,
      `${night}@2099-01-01T00:00:00Z`,
      `${night}@noon`,
      '2019-01-01T00',
      '../x',
    ])
      expect(await source.restore(asked, await ground.into(), work)).toMatchObject({
        refusal: { code: 'snapshot-unknown' },
      });
    const elsewhere = new BaseBackupSource({ folder: join(folder, 'not-mounted'), archive });
    expect(await elsewhere.snapshots(work)).toMatchObject({ refusal: { code: 'backup-unreachable', retryable: true } });
    const stopped = { ...work, signal: AbortSignal.abort() };
    expect(await source.restore(night, await ground.into(), stopped)).toMatchObject({
      refusal: { code: 'interrupted' },
    });
  });

  test('damaged in one file, one segment or its manifest: that one is told, the others come back whole', async () => {
    const [plain = '', tar = '', sha = ''] = names;
    const change = (path: string, at: number) => {
      const content = readFileSync(path);
      content[at] = (content[at] ?? 0) ^ 1;
      writeFileSync(path, content);
    };
    change(join(nights, plain, 'global/pg_control'), 100);
    expect(await source.restore(plain, await ground.into(), work)).toMatchObject({
      refusal: { code: 'backup-damaged', kept: 'global/pg_control is not what its checksum says' },
    });
    expect(await source.restore(tar, await ground.into(), work)).toMatchObject({ ok: true });
    writeFileSync(join(nights, plain, 'global/pg_control'), '');
    change(join(nights, sha, 'backup_manifest'), 200);
    expect(await source.restore(sha, await ground.into(), work)).toMatchObject({ refusal: { code: 'backup-damaged' } });
    expect(value(await source.snapshots(work)).map(({ damaged }) => damaged === true)).toEqual([false, false, true]);
    // A segment between the base and the moment that is lost: the night itself still comes back.
    const segments = readdirSync(archive)
      .filter((name) => /^[0-9A-F]{24}\.gz$/.test(name))
      .toSorted();
    rmSync(join(archive, segments.at(-2) ?? ''));
    expect(await source.restore(`${tar}@${between}`, await ground.into(), work)).toMatchObject({
      refusal: { code: 'backup-damaged' },
    });
    expect(await source.restore(tar, await ground.into(), work)).toMatchObject({ ok: true });
  });
});
