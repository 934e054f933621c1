import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Client, type ClientConfig, type QueryArrayConfig } from 'pg';
import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import type { CheckCode } from '../../detect/codes.ts';
import { atLeast, atMost, type Condition, judge, unanswered } from '../../detect/conditions.ts';
import type { Finding } from '../../detect/observation.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { openTls, unable } from '../http/access.ts';
import { limitReceived } from '../tcp/connection.ts';
import { networkFailure, systemCode } from '../tcp/failure.ts';
import { Host, Milliseconds, Port, Tls } from '../tcp/settings.ts';

/** A server that does not close the connection within that time has answered all the same. */
const GOODBYE_MILLISECONDS = 200;
/** A check asks for a number. */
const ANSWER_BYTES = 4 * 1024 * 1024;

const Limits = z.strictObject({
  /** Of the first column of the first row. */
  atLeast: z.number().optional(),
  millisecondsMax: Milliseconds.optional(),
});
type Limits = z.output<typeof Limits>;

/** A database that lets a client in and answers a read-only query. */
export const postgresqlCheck = checkKind({
  kind: 'postgresql',
  settings: {
    host: Host,
    port: Port.default(5432),
    database: z.string().min(1).max(63),
    user: z.string().min(1).max(63),
    /** Name of the password. */
    secret: z.string().min(1).optional(),
    tls: Tls.optional(),
    /** Name of an entry under `queries`; without one, `SELECT 1`. */
    query: z.string().optional(),
    expect: Limits.prefault({}),
    warn: Limits.prefault({}),
  },
  agree: ({ query }, { queries }) =>
    query === undefined || Object.hasOwn(queries, query)
      ? []
      : [
          {
            field: 'query',
            message: `no query is called "${query}"; there is: ${Object.keys(queries).join(', ') || 'none'}`,
          },
        ],
  ask({ secret, tls, query, expect, warn, ...where }, edge: CheckEdge, { named, timeoutMilliseconds }) {
    const sql = query === undefined ? 'SELECT 1' : (named.queries[query] ?? '');
    return async (signal) => {
      const password = secret === undefined ? undefined : await edge.secrets.read(secret);
      if (password?.ok === false) return unable(password);
      const trust = tls === undefined ? undefined : await openTls(tls, edge);
      if (trust?.ok === false) return unable(trust);
      const from = edge.clock.monotonic();
      const asked = await askOnce(
        {
          ...where,
          ...(password === undefined ? {} : { password: password.value }),
          ...(trust === undefined
            ? {}
            : {
                ssl: {
                  rejectUnauthorized: trust.value.verify,
                  ...(trust.value.ca === undefined ? {} : { ca: trust.value.ca }),
                },
              }),
          application_name: 'reflexe-check',
          // Ours ends first: the server's is for a query that goes on without us.
          statement_timeout: 2 * timeoutMilliseconds,
          // Whatever the configured query says, it cannot write.
          options: '-c default_transaction_read_only=on',
        },
        sql,
        signal,
      );
      if ('verdict' in asked) return asked;
      const answerMilliseconds = Math.round(edge.clock.monotonic() - from);
      const value = numberOf(asked.value);
      const held = (limits: Limits): Condition[] => [
        ...atLeast('atLeast', limits.atLeast, value, 'sql-count'),
        ...atMost('millisecondsMax', limits.millisecondsMax, answerMilliseconds, 'slow'),
      ];
      return judge({ value, rows: asked.rows, answerMilliseconds }, { expect: held(expect), warn: held(warn) });
    };
  },
});

async function askOnce(
  config: ClientConfig,
  sql: string,
  signal: AbortSignal,
): Promise<{ value: unknown; rows: number } | Finding> {
  const client = new Client(config);
  // The client keeps its socket to itself; it is needed to stop at once, and to bound what is read.
  const { connection } = client as unknown as { connection: { stream: Socket } };
  const stop = () => connection.stream.destroy();
  const unlimited = limitReceived(() => connection.stream, ANSWER_BYTES);
  signal.addEventListener('abort', stop, { once: true });
  // A connection that breaks between two answers is told by the answer that does not come.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The extended protocol takes one statement only: nothing can follow the query behind a semicolon.
    const asked: QueryArrayConfig & { queryMode: 'extended' } = { text: sql, rowMode: 'array', queryMode: 'extended' };
    const { rows } = await client.query<unknown[]>(asked);
    return { value: rows[0]?.[0], rows: rows.length };
  } catch (error) {
    return failure(error);
  } finally {
    unlimited();
    signal.removeEventListener('abort', stop);
    const goodbye = client.end().catch(() => undefined);
    await Promise.race([goodbye, setTimeout(GOODBYE_MILLISECONDS, undefined, { ref: false })]);
    connection.stream.destroy();
  }
}

/** Classes of SQLSTATE (PostgreSQL, appendix A). */
const classes: { [sqlClass: string]: CheckCode } = {
  '25': 'sql-read-only',
  '3D': 'sql-no-database',
  '42': 'sql-query-invalid',
  '53': 'sql-no-resources',
  '57': 'sql-not-ready',
};

/** The state is told; the message, which may quote data, is not. */
function failure(error: unknown): Finding {
  const state = systemCode(error);
  if (!/^(?=.*\d)[0-9A-Z]{5}$/.test(state)) return networkFailure(error);
  // The name and password are ours: a server that refuses them works, and nothing more is known of it.
  if (state.startsWith('28')) return unanswered('noAnswer', 'sql-not-let-in', `SQLSTATE ${state}`);
  return unanswered('fail', classes[state.slice(0, 2)] ?? 'sql-failed', `SQLSTATE ${state}`);
}

/** PostgreSQL gives counts (bigint) as text; what is no number is not told: it may be about a patient. */
function numberOf(value: unknown): number | null {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
