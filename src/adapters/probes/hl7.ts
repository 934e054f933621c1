import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';

const ANSWER_MILLISECONDS = 15_000;

export const Hl7Questions = z.strictObject({
  kind: z.literal('hl7'),
  receiving: z.strictObject({ application: z.string(), facility: z.string() }),
  /** Patient demographics queries (IHE ITI-21, `QBP^Q22`); how many patients answer each is a fact. Parameters as in QPD-3. */
  counts: z.array(z.strictObject({ name: z.string(), parameters: z.string().regex(/^@PID[^|\r\n]*$/) })).min(1),
});

/** Asks through HL7 v2, as a ward system does. One patient is asked for (RCP-2), the total is read (QAK-4): no identity is kept. */
export class Hl7Probe implements ClinicalProbe {
  readonly #asked: z.infer<typeof Hl7Questions>;

  constructor(asked: z.infer<typeof Hl7Questions>) {
    this.#asked = asked;
  }

  async ask(address: string, signal: AbortSignal): Promise<Result<KnownFact[]>> {
    const [host, port] = address.split(':');
    const silent = (kept: string) =>
      refuse('probe-no-answer', 'The HL7 interface did not answer the query.', {
        where: address,
        kept,
        retryable: true,
      });
    // Loaded when something is first asked: an idle hub does without them.
    const [{ Hl7Message: Message }, { Hl7Client }] = await Promise.all([
      import('@medplum/core'),
      import('@medplum/hl7'),
    ]);
    const client = new Hl7Client({ host: host ?? '', port: Number(port), connectTimeout: ANSWER_MILLISECONDS });
    const stop = () => void client.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      const facts: KnownFact[] = [];
      for (const { name, parameters } of this.#asked.counts) {
        const answer = await client.sendAndWait(Message.parse(this.#query(parameters)), {
          timeoutMs: ANSWER_MILLISECONDS,
        });
        const acknowledged = answer.getSegment('MSA')?.getField(1)?.toString();
        const hits = Number(answer.getSegment('QAK')?.getField(4)?.toString() ?? Number.NaN);
        if (acknowledged !== 'AA' || !Number.isInteger(hits))
          return silent(`${name}: ${acknowledged ?? 'no acknowledgement'}`);
        facts.push({ name, value: hits, rule: 'atLeast' });
      }
      return accept(facts);
    } catch (error) {
      return silent(error instanceof Error ? ('code' in error ? String(error.code) : error.name) : 'unreadable answer');
    } finally {
      signal.removeEventListener('abort', stop);
      await client.close().catch(() => undefined);
    }
  }

  #query(parameters: string): string {
    const { application, facility } = this.#asked.receiving;
    const id = randomUUID().slice(0, 20);
    const now = new Date().toISOString().replace(/[-:T]|\..*$/g, '');
    return [
      `MSH|^~\\&|REFLEXE|REFLEXE|${application}|${facility}|${now}+0000||QBP^Q22^QBP_Q21|${id}|P|2.5|||||FRA|UNICODE UTF-8`,
      `QPD|IHE PDQ Query|${id}|${parameters}`,
      'RCP|I|1^RD',
    ].join('\r');
  }
}
