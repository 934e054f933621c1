import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { onFreePorts } from '../run/ports.ts';
import { runTool, startService } from '../run/programs.ts';
import { makeFolder, type Run } from '../run/run.ts';
import { type SecretName, secretPath } from '../run/secrets.ts';
import { Fatal, until } from '../run/waiting.ts';

const BINARIES = '/usr/lib/postgresql/15/bin';
export const DATABASE_NAME = 'ehr';

export interface Database {
  host: '127.0.0.1';
  port: number;
  name: string;
  /** PostgreSQL's data directory: what is backed up, attacked and restored. */
  dataFolder: string;
}

/** Settings that stay with the data, hence with every restored copy of it. Where it listens is told at each start instead. */
const SETTINGS = `
# Smaller than the data: reads come from the disk, as they do in a hospital whose database outgrew its memory.
shared_buffers = 4MB
max_connections = 60
max_wal_size = 256MB
min_wal_size = 16MB
password_encryption = scram-sha-256
timezone = 'Europe/Paris'
log_timezone = 'Europe/Paris'
`;

/** Passwords everywhere, from the machine itself and from private networks (a clean room has one of its own). */
const HOST_RULES = `
local   all          all                  scram-sha-256
host    all          all  127.0.0.1/32    scram-sha-256
host    all          all  10.0.0.0/8      scram-sha-256
host    all          all  ::1/128         scram-sha-256
host    replication  all  127.0.0.1/32    scram-sha-256
`;

export async function startDatabase(run: Run): Promise<Database> {
  const dataFolder = makeFolder(run, 'database', 'services');
  const sockets = makeFolder(run, 'run/postgresql', 'services');
  const command = (name: string) => {
    const path = join(BINARIES, name);
    if (!existsSync(path)) throw new Error(`${path} is missing: install the package postgresql-15`);
    return path;
  };
  await runTool(run, {
    what: 'initdb',
    command: command('initdb'),
    args: [
      ...['--pgdata', dataFolder, '--username=postgres', `--pwfile=${secretPath(run, 'database-superuser')}`],
      ...['--auth=scram-sha-256', '--data-checksums', '--encoding=UTF8', '--locale=C.UTF-8', '--wal-segsize=4'],
      // The data is loaded and flushed right after; an unflushed empty cluster is of no use to anyone.
      '--no-sync',
    ],
    as: 'services',
  });
  writeFileSync(join(dataFolder, 'postgresql.conf'), SETTINGS, { flag: 'a' });
  writeFileSync(join(dataFolder, 'pg_hba.conf'), HOST_RULES);
  return onFreePorts(1, async ([port = 0]) => {
    const service = await startService(run, {
      what: 'postgresql',
      command: command('postgres'),
      args: ['-D', dataFolder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', sockets],
      as: 'services',
      endsOn: 'SIGQUIT',
    });
    const database: Database = { host: '127.0.0.1', port, name: DATABASE_NAME, dataFolder };
    await until(
      'PostgreSQL answers',
      20,
      async () => {
        const ended = service.ended();
        if (ended) throw new Fatal(ended);
        await query(run, { ...database, name: 'postgres' }, 'select 1');
        return true;
      },
      run.signal,
    );
    return database;
  });
}

const SECRET_OF: { [user: string]: SecretName } = {
  postgres: 'database-superuser',
  ehr_application: 'database-application',
  reflexe_reader: 'database-reader',
  backup: 'database-backup',
};

export const passwordOf = (run: Pick<Run, 'folder'>, user: string): string =>
  readFileSync(secretPath(run, SECRET_OF[user] ?? 'database-superuser'), 'utf8');

/** One question over a connection of its own. */
export async function query(
  run: Pick<Run, 'folder'>,
  database: { host: string; port: number; name: string },
  sql: string,
  user: 'postgres' | 'reflexe_reader' = 'postgres',
): Promise<{ [column: string]: unknown }[]> {
  const client = new Client({
    host: database.host,
    port: database.port,
    database: database.name,
    user,
    password: passwordOf(run, user),
    connectionTimeoutMillis: 5_000,
    query_timeout: 20_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
