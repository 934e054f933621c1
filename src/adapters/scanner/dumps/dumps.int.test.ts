import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster, postgres } from '../../fixtures/cluster.ts';
import { ContentExaminer } from '../examine.ts';

async function rowsOf(content: Buffer) {
  const examiner = new ContentExaminer(() => [], content.length);
  await examiner.window(content, 0);
  const { rows, notExamined } = examiner.end();
  return { rows: Object.fromEntries(rows.map(({ table, rows: count }) => [table, count])), notExamined };
}

describe.skipIf(postgres === undefined)('rows of what pg_dump writes (apt-get install postgresql-15)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-dumps-test-'));
  const cluster = new Cluster(folder);

  beforeAll(async () => {
    cluster.own(folder);
    cluster.create(["listen_addresses = ''", 'fsync = off']);
    await cluster.start();
    cluster.ask(`
      CREATE TABLE patients AS SELECT n AS id, 'O''Brien \\ ; (line' || chr(10) || 'INSERT INTO x VALUES (1);' AS name
        FROM generate_series(1, 1200) n;
      CREATE TABLE "odd name" (id integer, "values" text);
      INSERT INTO "odd name" VALUES (1, E'tab\\tback\\\\slash'), (2, NULL), (3, '\\.');
      CREATE TABLE empty (id integer);
      SELECT lo_from_bytea(0, decode(repeat('00ff', 5000), 'hex'));`);
  }, 60_000);

  afterAll(() => {
    cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function dumped(into: string, ...args: string[]): string {
    const path = join(folder, into);
    cluster.run('pg_dump', [...cluster.reached, '-f', path, ...args, 'postgres']);
    return path;
  }
  const dump = (...args: string[]): Buffer => readFileSync(dumped('dump', ...args));

  const full = { 'public.patients': 1200, 'public."odd name"': 3, 'public.empty': 0 };

  test.each([
    ['with COPY', []],
    ['with INSERT', ['--inserts']],
    ['with columns named', ['--column-inserts']],
    ['with 100 rows an INSERT', ['--inserts', '--rows-per-insert=100']],
  ])('in SQL, %s, packed or not, however it is cut in pieces', async (_how, args) => {
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
    const named = { 'public.patients': 1200, 'public.odd name': 3, 'public.empty': 0 };
    const made = dump('-Fc', ...args);
    expect(await rowsOf(made)).toEqual({ rows: named, notExamined: [] });
    cluster.ask('BEGIN; CREATE TABLE kept AS TABLE patients; DELETE FROM patients; COMMIT');
    try {
      expect((await rowsOf(dump('-Fc', ...args))).rows).toEqual({
        ...named,
        'public.patients': 0,
        'public.kept': 1200,
      });
    } finally {
      cluster.ask('INSERT INTO patients TABLE kept; DROP TABLE kept');
    }
    const { rows, notExamined } = await rowsOf(made.subarray(0, made.length / 2));
    expect(notExamined).toEqual([expect.stringContaining('are not all counted')]);
    expect(Object.keys(rows).length).toBeLessThan(3);
  });

  test('in its directory and tar formats, table by table', async () => {
    const directory = dumped('directory', '-Fd');
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
});
