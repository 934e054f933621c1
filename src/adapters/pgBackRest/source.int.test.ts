import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accept, type Result } from '../../journal/result.ts';
import { SourceGround } from '../files/ground.ts';
import { Cluster, postgres } from '../fixtures/cluster.ts';
import { installed } from '../fixtures/service.ts';
import { PgBackRestSource } from './source.ts';

const tool = installed('/usr/bin/pgbackrest');
const work = { signal: new AbortController().signal, progress: () => undefined };
const passphrase = async () => accept('canary-19d2 a passphrase nobody may see');

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

/**
 * pgBackRest backs up PostgreSQL clusters and nothing else: the tree of the contract suite cannot be laid. Its promises that make
 * sense of a cluster are kept here, on a real one.
 */
describe.skipIf(tool === undefined || postgres === undefined)(
  'pgBackRest (apt-get install pgbackrest postgresql-15)',
  () => {
    const ground = new SourceGround();
    const folder = mkdtempSync(join(tmpdir(), 'reflexe-pgbackrest-test-'));
    const repository = join(folder, 'repository');
    const cluster = new Cluster(folder);
    const source = new PgBackRestSource({ repository, stanza: 'ehr', passphrase });
    let between = '';

    beforeAll(async () => {
      chmodSync(folder, 0o755);
      cluster.own(folder);
      const theirs = join(folder, 'pgbackrest.conf');
      for (const name of ['repository', 'lock', 'log', 'spool']) cluster.own(join(folder, name));
      cluster.create([
        'archive_mode = on',
        `archive_command = 'pgbackrest --config=${theirs} --stanza=ehr archive-push %p'`,
      ]);
      await cluster.start();
      const paths = ['lock', 'log', 'spool'].map((name) => `${name}-path=${join(folder, name)}`);
      const cipher = ['repo1-cipher-type=aes-256-cbc', `repo1-cipher-pass=${value(await passphrase())}`];
      const global = [
        '[global]',
        `repo1-path=${repository}`,
        'repo1-retention-full=9',
        'start-fast=y',
        ...paths,
        ...cipher,
      ];
      const stanza = [
        '[ehr]',
        `pg1-path=${cluster.data}`,
        `pg1-socket-path=${cluster.sockets}`,
        `pg1-port=${cluster.port}`,
      ];
      writeFileSync(theirs, [...global, ...stanza, ''].join('\n'));
      const theirsDo = (...verb: string[]) =>
        cluster.run('pgbackrest', [`--config=${theirs}`, '--stanza=ehr', ...verb]);
      theirsDo('stanza-create');
      theirsDo('backup', '--type=full');
      cluster.ask("create table entered (what text); insert into entered values ('before the night')");
      theirsDo('backup', '--type=incr');
      cluster.ask("insert into entered values ('first')");
      between =
        cluster.ask(
          'select pg_sleep(0.05)::text || to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\') || pg_sleep(0.05)::text',
        )[0] ?? '';
      cluster.ask("insert into entered values ('second')");
      cluster.ask("insert into entered values ('third')");
      cluster.ask('select pg_switch_wal()');
      theirsDo('check');
      cluster.stop();
      const { uid } = cluster.account;
      // The hub may read it, as a member of its group would; here it is root without root's powers.
      if (uid !== undefined) spawnSync('chown', ['-R', '0:0', repository]);
    }, 120_000);

    afterAll(() => {
      ground.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    test('names its backups, each with its time and the last moment that can be asked for', async () => {
      const before = await ground.fingerprint(repository);
      const listed = value(await source.snapshots(work));
      expect(listed).toHaveLength(2);
      expect(listed.map(({ time }) => time)).toEqual(listed.map(({ time }) => time).toSorted());
      for (const { time, until, bytes } of listed) {
        expect(until !== undefined && time < between && between < until, `${time} ${between} ${until}`).toBe(true);
        expect(bytes).toBeGreaterThan(10_000_000);
      }
      expect(await ground.fingerprint(repository), 'nothing was written there').toBe(before);
    });

    test('brought to a moment between two entries, it has the first and not the second; the night alone has neither', async () => {
      const before = await ground.fingerprint(repository);
      const night = value(await source.snapshots(work))[1]?.id ?? '';
      for (const [asked, rows] of [
        [night, ['before the night']],
        [`${night}@${between}`, ['before the night', 'first']],
      ] as const) {
        const into = await ground.into();
        expect(value(await source.restore(asked, into, work))).toMatchObject({ problems: [], unverified: 0 });
        const restored = await Cluster.ofRestored(folder, into);
        expect(restored.ask('select what from entered'), asked).toEqual(rows);
        restored.ask("insert into entered values ('goes on')");
        expect(restored.ask('show archive_mode')).toEqual(['off']);
        restored.stop();
      }
      expect(await ground.fingerprint(repository), 'nothing was written there').toBe(before);
    });

    test('refuses a moment before the night was whole, one after the archive, and what is none', async () => {
      const night = value(await source.snapshots(work))[1]?.id ?? '';
      for (const moment of ['2019-01-01T00:00:00Z', '2099-01-01T00:00:00Z', 'yesterday'])
        expect(await source.restore(`${night}@${moment}`, await ground.into(), work)).toMatchObject({
          ok: false,
          refusal: { code: 'snapshot-unknown' },
        });
      for (const id of ['20190101-000000F', '../20190101-000000F'])
        expect(await source.restore(id, await ground.into(), work)).toMatchObject({
          refusal: { code: 'snapshot-unknown' },
        });
    });

    test('tells what stands in a folder, with the same key for the same bytes, and gives back one part alone', async () => {
      const [full, night] = value(await source.snapshots(work)).map(({ id }) => id);
      const [first, second] = [
        value(await source.entries(full ?? '', 'global', work)),
        value(await source.entries(night ?? '', 'global', work)),
      ];
      const keyOf = ({ entries }: typeof first, wanted: string) => entries.find(({ name }) => name === wanted)?.content;
      expect(keyOf(first, '1262')).toBe(keyOf(second, '1262'));
      expect(keyOf(first, 'pg_control')).not.toBe(keyOf(second, 'pg_control'));
      const into = await ground.into();
      expect(value(await source.restore(night ?? '', into, work, 'global/pg_control'))).toMatchObject({
        files: 1,
        bytes: 8192,
      });
      expect(readdirSync(into)).toEqual(['global']);
      expect(readdirSync(join(into, 'global'))).toEqual(['pg_control']);
      for (const part of ['absent', '../etc'])
        expect(await source.restore(night ?? '', into, work, part)).toMatchObject({
          refusal: { code: 'path-unknown' },
        });
    });

    test('a wrong passphrase, none, another stanza, another folder and a stop are told apart', async () => {
      const other = (more: object) =>
        new PgBackRestSource({ repository, stanza: 'ehr', passphrase, ...more }).snapshots(work);
      expect(await other({ passphrase: async () => accept('another') })).toMatchObject({
        refusal: { code: 'backup-wrong-password' },
      });
      expect(await new PgBackRestSource({ repository, stanza: 'ehr' }).snapshots(work)).toMatchObject({
        refusal: { code: 'backup-wrong-password' },
      });
      for (const elsewhere of [{ stanza: 'absent' }, { repository: join(folder, 'not-mounted') }])
        expect(await other(elsewhere)).toMatchObject({ refusal: { code: 'backup-unreachable', retryable: true } });
      expect(await source.restore('x', folder, { ...work, signal: AbortSignal.abort() })).toMatchObject({
        refusal: { code: 'interrupted', retryable: true },
      });
    });

    test('damaged in one file of the second night: that one is told, the first comes back whole', async () => {
      const [full = '', night = ''] = value(await source.snapshots(work)).map(({ id }) => id);
      const file = join(repository, 'backup/ehr', night, 'pg_data/global/pg_control.gz');
      expect(existsSync(file)).toBe(true);
      const content = readFileSync(file);
      content[40] = (content[40] ?? 0) ^ 1;
      writeFileSync(file, content);
      expect(await source.restore(night, await ground.into(), work)).toMatchObject({
        refusal: { code: 'backup-damaged' },
      });
      expect(await source.restore(full, await ground.into(), work)).toMatchObject({
        ok: true,
        value: { problems: [] },
      });
    });
  },
);
