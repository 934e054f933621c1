import pg from 'pg';
import { readPassword, type Settings } from './settings.ts';

/** How PostgreSQL's values become ours: dates stay text, instants ISO 8601 UTC, decimals numbers. */
const parsers: { [oid: number]: (text: string) => string | number } = {
  1082: (date) => date,
  1184: (instant) => new Date(instant).toISOString(),
  1700: Number,
  20: Number,
};

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => parsers[oid] ?? pg.types.getTypeParser(oid, format),
};

const QUERY_MILLISECONDS_MAX = 15_000;

function connection(settings: Settings): pg.ClientConfig {
  return {
    host: settings.database.host,
    port: settings.database.port,
    database: settings.database.name,
    user: settings.database.user,
    password: () => readPassword(settings),
    types,
    // HL7 gives local times without a zone: they are the hospital's.
    options: '-c timezone=Europe/Paris',
    connectionTimeoutMillis: 3_000,
    query_timeout: QUERY_MILLISECONDS_MAX,
  };
}

/**
 * Short-lived connections, few of them: a session opened while the database was well must not hide for long that it no
 * longer opens new ones.
 */
export function openPool(settings: Settings): pg.Pool {
  const pool = new pg.Pool({ ...connection(settings), max: 8, idleTimeoutMillis: 2_000, maxLifetimeSeconds: 5 });
  // An idle session cut by the server: the next query opens another and reports what it meets.
  pool.on('error', () => {});
  return pool;
}

/** A connection of its own for one question: what a clinician signing in now would meet. */
export async function askAfresh(settings: Settings, sql: string): Promise<{ [column: string]: unknown }[]> {
  const client = new pg.Client(connection(settings));
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** All of `work` or nothing; resolves once PostgreSQL has committed to disk. */
export async function transaction<Value>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const value = await work(client);
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
