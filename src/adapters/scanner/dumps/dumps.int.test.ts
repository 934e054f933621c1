import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  freePort,
  installed,
  type RunningService,
  serviceAccount,
  startService,
  type TemporaryFolder,
  temporaryFolder,
} from '../../fixtures/service.ts';
import { ContentExaminer } from '../examine.ts';

const initdb = installed(
  '/usr/lib/postgresql/15/bin/initdb',
  '/usr/lib/postgresql/16/bin/initdb',
  '/usr/lib/postgresql/17/bin/initdb',
);
const why = 'PostgreSQL is not installed: apt-get install postgresql';

async function rowsOf(content: Buffer) {
  const examiner = new ContentExaminer(() => [], content.length);
  await examiner.window(content, 0);
  const { rows, notExamined } = examiner.end();
  return { rows: Object.fromEntries(rows.map(({ table, rows: count }) => [table, count])), notExamined };
}

describe('rows of what pg_dump writes', { concurrent: false }, () => {
  let folder: TemporaryFolder;
  let service: RunningService | undefined;
  let port = 0;
  const account = () => serviceAccount('postgres');

  beforeAll(async () => {
    if (initdb === undefined) return;
    folder = await temporaryFolder(account());
    const data = join(folder.path, 'data');
    const made = spawnSync(initdb, ['-D', data, '-U', 'owner', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'], {
      ...account(),
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(made.stderr);
    port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder.path}`, 'fsync=off'];
    service = await startService({
      command: join(dirname(initdb), 'postgres'),
      args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      ...account(),
      ending: 'SIGINT',
      ready: async () => (await query('SELECT 1').catch(() => undefined)) !== undefined,
    });
    await query(`
      CREATE TABLE patients AS SELECT n AS id, 'O''Brien \\ ; (line' || chr(10) || 'INSERT INTO x VALUES (1);' AS name
        FROM generate_series(1, 1200) n;
      CREATE TABLE "odd name" (id integer, "values" text);
      INSERT INTO "odd name" VALUES (1, E'tab\\tback\\\\slash'), (2, NULL), (3, '\\.');
      CREATE TABLE empty (id integer);
      SELECT lo_from_bytea(0, decode(repeat('00ff', 5000), 'hex'));`);
  }, 60_000);

  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  async function query(sql: string): Promise<unknown> {
    const client = new Client({ host: '127.0.0.1', port, user: 'owner', database: 'postgres' });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }

  function dump(...args: string[]): Buffer {
    const base = ['-h', '127.0.0.1', '-p', String(port), '-U', 'owner', ...args, 'postgres'];
    const made = spawnSync(join(dirname(initdb ?? ''), 'pg_dump'), base, { ...account(), maxBuffer: 64 * 1024 * 1024 });
    if (made.status !== 0) throw new Error(made.stderr.toString());
    return made.stdout;
  }

  const full = { 'public.patients': 1200, 'public."odd name"': 3, 'public.empty': 0 };

  test.each([
    ['with COPY', []],
    ['with INSERT', ['--inserts']],
    ['with columns named', ['--column-inserts']],
    ['with 100 rows an INSERT', ['--inserts', '--rows-per-insert=100']],
  ])('in SQL, %s, packed or not, however it is cut in pieces', async (_how, args) => {
    if (initdb === undefined) return;
    const made = dump(...args);
    expect(await rowsOf(made)).toEqual({ rows: full, notExamined: [] });
    expect(await rowsOf(zstdCompressSync(made))).toEqual({ rows: full, notExamined: [] });
    for (const length of [7, 401, 65_536]) {
      const examiner = new ContentExaminer(() => [], made.length + 1);
      for (let at = 0; at < made.length; at += length) await examiner.window(made.subarray(at, at + length), 0);
      expect(Object.fromEntries(examiner.end().rows.map(({ table, rows }) => [table, rows]))).toEqual(full);
    }
  });

  test.each([
    ['compressed', []],
    ['not compressed', ['-Z0']],
    ['with INSERT', ['--inserts']],
  ])('in its custom format, %s, and what is emptied', async (_how, args) => {
    if (initdb === undefined) return;
    const named = { 'public.patients': 1200, 'public.odd name': 3, 'public.empty': 0 };
    const made = dump('-Fc', ...args);
    expect(await rowsOf(made)).toEqual({ rows: named, notExamined: [] });
    await query('BEGIN; CREATE TABLE kept AS TABLE patients; DELETE FROM patients; COMMIT');
    try {
      expect((await rowsOf(dump('-Fc', ...args))).rows).toEqual({
        ...named,
        'public.patients': 0,
        'public.kept': 1200,
      });
    } finally {
      await query('INSERT INTO patients TABLE kept; DROP TABLE kept');
    }
    const { rows, notExamined } = await rowsOf(made.subarray(0, made.length / 2));
    expect(notExamined).toEqual([expect.stringContaining('are not all counted')]);
    expect(Object.keys(rows).length).toBeLessThan(3);
  });

  test('in its directory and tar formats, table by table', async () => {
    if (initdb === undefined) return;
    const directory = join(folder.path, 'directory');
    dump('-Fd', '-f', directory);
    const packed = readdirSync(directory).filter((name) => /^\d+\.dat\.gz$/.test(name));
    const files = packed.map((name) => readFileSync(join(directory, name)));
    const counts = await Promise.all(files.map(async (file) => (await rowsOf(file)).rows['its table']));
    expect(counts.toSorted()).toEqual([0, 1200, 3]);
    const plain = await Promise.all(files.map(async (file) => (await rowsOf(gunzipSync(file))).rows['its table']));
    expect(plain).toEqual(counts);
    expect(await rowsOf(readFileSync(join(directory, 'toc.dat')))).toEqual({ rows: {}, notExamined: [] });
    const { rows } = await rowsOf(dump('-Ft'));
    const tables = Object.entries(rows).filter(([table]) => /^\d+\.dat: its table$/.test(table));
    expect(tables.map(([, count]) => count).toSorted()).toEqual([0, 1200, 3]);
  });

  test.skipIf(initdb !== undefined)(`skipped: ${why}`, () => {});
});
