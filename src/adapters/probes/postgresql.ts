import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Client, type QueryArrayConfig } from 'pg';
import { z } from 'zod';
import type { Secrets } from '../../detect/ports.ts';
import { accept, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';
import { limitReceived } from '../tcp/connection.ts';

/** Time a question may take, on a service that has just come back. */
const ANSWER_MILLISECONDS = 15_000;
/** Each question yields one value. */
const ANSWER_BYTES = 1024 * 1024;
/** A server that does not answer our goodbye is left without it. */
const GOODBYE_MILLISECONDS = 500;

export const PostgresqlQuestions = z.strictObject({
  kind: z.literal('postgresql'),
  database: z.string(),
  user: z.string(),
  /** Name of the secret. */
  secret: z.string(),
  /** Read-only queries that yield one row with one column: a count, or a digest the database computes. Never content. */
  questions: z
    .array(z.strictObject({ name: z.string(), sql: z.string(), rule: z.enum(['atLeast', 'equal']).default('atLeast') }))
    .min(1),
});

export class PostgresqlProbe implements ClinicalProbe {
  readonly #asked: z.infer<typeof PostgresqlQuestions>;
  readonly #secrets: Secrets;

  constructor(asked: z.infer<typeof PostgresqlQuestions>, secrets: Secrets) {
    this.#asked = asked;
    this.#secrets = secrets;
  }

  async ask(address: string, signal: AbortSignal) {
    const [host, port] = address.split(':');
    const { database, user, secret, questions } = this.#asked;
    const password = await this.#secrets.read(secret);
    if (!password.ok) return password;
    const silent = (kept: string) =>
      refuse('probe-no-answer', 'The database did not answer the clinical questions.', {
        where: address,
        expected: 'one value for each question',
        kept,
        retryable: true,
      });
    if (signal.aborted) return silent('stopped');
    const client = new Client({
      host: host ?? '',
      port: Number(port),
      database,
      user,
      password: password.value,
      connectionTimeoutMillis: ANSWER_MILLISECONDS,
      query_timeout: ANSWER_MILLISECONDS,
      options: '-c default_transaction_read_only=on',
    });
    // The client keeps its socket to itself; it is needed to stop at once, and to bound what is read.
    const { connection } = client as unknown as { connection: { stream: Socket } };
    const stop = () => connection.stream.destroy();
    const unlimited = limitReceived(() => connection.stream, ANSWER_BYTES);
    signal.addEventListener('abort', stop, { once: true });
    // A connection lost between two questions is told by the next question.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const facts: KnownFact[] = [];
      for (const { name, sql, rule } of questions) {
        // The extended protocol takes one statement only: nothing can follow the question behind a semicolon.
        const question: QueryArrayConfig & { queryMode: 'extended' } = {
          text: sql,
          rowMode: 'array',
          queryMode: 'extended',
        };
        const { rows } = await client.query<unknown[]>(question);
        const [answer] = rows[0] ?? [];
        // A digest of what is no longer there is null: the fact is missing from the answer, and agrees with nothing known.
        if (answer === null) continue;
        const value = plain(answer);
        if (value === undefined) return silent(`${name}: no value`);
        facts.push({ name, value, rule });
      }
      return accept(facts);
    } catch (error) {
      return silent(codeOf(error));
    } finally {
      unlimited();
      signal.removeEventListener('abort', stop);
      const goodbye = client.end().catch(() => undefined);
      await Promise.race([goodbye, setTimeout(GOODBYE_MILLISECONDS, undefined, { ref: false })]);
      connection.stream.destroy();
    }
  }
}

/** PostgreSQL gives counts (bigint) as text; undefined where there is no value, which is never taken for none. */
function plain(value: unknown): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const number = Number(value);
  return /^-?\d+$/.test(value) && Number.isSafeInteger(number) ? number : value;
}

/** A code such as `57P03` or `ECONNREFUSED`; messages may quote data and are not repeated. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable answer';
