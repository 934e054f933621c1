import { Client } from 'pg';
import { z } from 'zod';
import type { Secrets } from '../../detect/ports.ts';
import { accept, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';

/** Time a question may take, on a service that has just come back. */
const ANSWER_MILLISECONDS = 15_000;

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
    const client = new Client({
      host: host ?? '',
      port: Number(port),
      database,
      user,
      password: password.value,
      connectionTimeoutMillis: ANSWER_MILLISECONDS,
      query_timeout: ANSWER_MILLISECONDS,
    });
    // A connection lost between two questions is told by the next question.
    client.on('error', () => undefined);
    const stop = () => void client.end();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      await client.query('SET default_transaction_read_only = on');
      const facts: KnownFact[] = [];
      for (const { name, sql, rule } of questions) {
        const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
        facts.push({ name, value: plain(rows[0]?.[0]), rule });
      }
      return accept(facts);
    } catch (error) {
      return refuse('probe-no-answer', 'The database did not answer the clinical questions.', {
        where: address,
        kept: codeOf(error),
        retryable: true,
      });
    } finally {
      signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }
}

/** PostgreSQL gives counts (bigint) as text. */
const plain = (value: unknown): number | string => {
  const number = Number(value);
  return typeof value === 'string' && Number.isNaN(number) ? value : number;
};

/** A code such as `57P03` or `ECONNREFUSED`; messages may quote data and are not repeated. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable answer';
