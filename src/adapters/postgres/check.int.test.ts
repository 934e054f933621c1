import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretsHolding, tryCheck } from '../fixtures/checking.ts';
import {
  freePort,
  installed,
  type RunningService,
  serviceAccount,
  startService,
  type TemporaryFolder,
  temporaryFolder,
} from '../fixtures/service.ts';

const initdb = installed(
  '/usr/lib/postgresql/15/bin/initdb',
  '/usr/lib/postgresql/16/bin/initdb',
  '/usr/lib/postgresql/17/bin/initdb',
);
const PASSWORD = 'le-mot-de-passe-du-lecteur';

describe('postgresql check on a real server', { concurrent: false }, () => {
  let folder: TemporaryFolder;
  let service: RunningService | undefined;
  let port = 0;

  beforeAll(async () => {
    if (initdb === undefined) return;
    const account = serviceAccount('postgres');
    folder = await temporaryFolder(account);
    const data = join(folder.path, 'data');
    const password = join(folder.path, 'password');
    await writeFile(password, PASSWORD, { mode: 0o644 });
    const made = spawnSync(
      initdb,
      ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', `--pwfile=${password}`, '-N', '-E', 'UTF8', '--locale=C'],
      { ...account, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(made.stderr);
    port = await freePort();
    const settings = [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder.path}`,
      '-c',
      'fsync=off',
    ];
    service = await startService({
      ...{
        command: initdb.replace('initdb', 'postgres'),
        args: ['-D', data, '-p', String(port), ...settings],
        ...account,
        ending: 'SIGINT',
      },
      ready: async () => (await as((client) => client.query('SELECT 1')).catch(() => undefined)) !== undefined,
    });
    await as((client) =>
      client.query('CREATE TABLE patient AS SELECT n AS id, $$Dupont$$ AS name FROM generate_series(1, 1200) n'),
    );
  });

  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  async function as<Value>(work: (client: Client) => Promise<Value>): Promise<Value> {
    const client = new Client({ host: '127.0.0.1', port, user: 'owner', password: PASSWORD, database: 'postgres' });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const queries = {
    patients: 'SELECT count(*) FROM patient',
    names: 'SELECT name FROM patient LIMIT 1',
    write: "INSERT INTO patient VALUES (0, 'x')",
    two: 'SELECT 1; COMMIT; DROP TABLE patient',
    wrong: 'SELECT * FROM nowhere',
    long: 'SELECT pg_sleep(60)',
  };
  const ask = (more: object, password = PASSWORD) =>
    tryCheck(
      { kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', user: 'owner', secret: 'reader', ...more },
      { edge: { secrets: secretsHolding({ reader: password }) }, queries },
    );

  test('lets us in and answers; a count is held against what is expected', async (context) => {
    if (initdb === undefined) return context.skip('initdb of PostgreSQL is not installed');
    expect(await ask({})).toMatchObject({ verdict: 'pass', code: 'ok', measured: { value: 1, rows: 1 } });
    expect(await ask({ query: 'patients', expect: { atLeast: 1200 } })).toMatchObject({
      verdict: 'pass',
      measured: { value: 1200 },
    });
    expect(await ask({ query: 'patients', expect: { atLeast: 5000 } })).toMatchObject({
      ...{ verdict: 'fail', code: 'sql-count' },
      failedConditions: [{ condition: 'atLeast', expected: 'at least 5000', observed: '1200' }],
    });
    expect(await ask({ query: 'patients', warn: { atLeast: 5000 } })).toMatchObject({
      verdict: 'warn',
      code: 'sql-count',
    });
  });

  test('writes nothing, runs one statement only, repeats no content', async (context) => {
    if (initdb === undefined) return context.skip('initdb of PostgreSQL is not installed');
    expect(await ask({ query: 'write' })).toMatchObject({
      verdict: 'fail',
      code: 'sql-read-only',
      detail: 'SQLSTATE 25006',
    });
    expect(await ask({ query: 'two' })).toMatchObject({ verdict: 'fail', code: 'sql-query-invalid' });
    expect((await as((client) => client.query('SELECT count(*)::int AS n FROM patient'))).rows).toEqual([{ n: 1200 }]);
    const named = await ask({ query: 'names' });
    expect(named).toMatchObject({ verdict: 'pass', measured: { value: null } });
    expect(JSON.stringify(named)).not.toContain('Dupont');
    expect(await ask({ query: 'wrong' })).toMatchObject({ verdict: 'fail', code: 'sql-query-invalid' });
  });

  test('a wrong password tells nothing of the database, and is not repeated', async (context) => {
    if (initdb === undefined) return context.skip('initdb of PostgreSQL is not installed');
    const refused = await ask({}, 'un-autre-mot-de-passe');
    expect(refused).toMatchObject({ verdict: 'noAnswer', code: 'sql-not-let-in', detail: 'SQLSTATE 28P01' });
    expect(JSON.stringify(refused)).not.toContain('un-autre-mot-de-passe');
    expect(await ask({ secret: 'absent' })).toMatchObject({ verdict: 'noAnswer', code: 'secret-missing' });
    expect(await ask({ database: 'ehr' })).toMatchObject({ verdict: 'fail', code: 'sql-no-database' });
  });

  test('a query that does not end is ended, on the server too', async (context) => {
    if (initdb === undefined) return context.skip('initdb of PostgreSQL is not installed');
    expect(await ask({ query: 'long', timeout: '500ms' })).toMatchObject({ verdict: 'fail' });
    const running =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()";
    await expect.poll(() => as(async (client) => (await client.query(running)).rows[0].n), { timeout: 10_000 }).toBe(0);
  });

  test('stopped, then started again', async (context) => {
    if (initdb === undefined || service === undefined) return context.skip('initdb of PostgreSQL is not installed');
    await service[Symbol.asyncDispose]();
    expect(await ask({})).toMatchObject({ verdict: 'fail', code: 'tcp-refused' });
  });
});
