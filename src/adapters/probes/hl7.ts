import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';
import { framed, unframed } from '../hl7/frame.ts';
import { connect, readUntil } from '../tcp/connection.ts';

const ANSWER_MILLISECONDS = 15_000;
/** One patient at most is asked for: an answer is some kilobytes. */
const ANSWER_BYTES = 1024 * 1024;

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
        expected: 'a count of patients for each query',
        kept,
        retryable: true,
      });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
    try {
      const socket = await connect({ host: host ?? '', port: Number(port) }, limit);
      try {
        const facts: KnownFact[] = [];
        for (const { name, parameters } of this.#asked.counts) {
          const { acknowledged, hits } = await this.#count(socket, parameters);
          if (acknowledged !== 'AA' || hits === undefined)
            return silent(`${name}: ${acknowledged ?? 'no acknowledgement'}`);
          facts.push({ name, value: hits, rule: 'atLeast' });
        }
        return accept(facts);
      } finally {
        socket.destroy();
      }
    } catch (error) {
      return silent(error instanceof Error ? ('code' in error ? String(error.code) : error.name) : 'unreadable answer');
    }
  }

  /** What MSA-1 of the answer to our question says, and the hits of QAK-4; each undefined where it is not said. */
  async #count(socket: Socket, parameters: string): Promise<{ acknowledged?: string; hits?: number }> {
    const id = randomUUID().slice(0, 20);
    const answered = readUntil(socket, unframed, ANSWER_BYTES);
    socket.write(framed(this.#query(id, parameters)));
    const segments = (await answered).split(/\r\n?|\n/);
    // The separator is whatever follows MSH (HL7 v2.5, section 2.5.4).
    const separator = segments[0]?.startsWith('MSH') === true ? segments[0].charAt(3) : '|';
    const fieldsOf = (name: string) =>
      segments.find((one) => one.startsWith(`${name}${separator}`))?.split(separator) ?? [];
    const [, acknowledged, of] = fieldsOf('MSA');
    const [, , , , hits = ''] = fieldsOf('QAK');
    return {
      ...(acknowledged === undefined || of !== id ? {} : { acknowledged }),
      ...(/^\d{1,9}$/.test(hits) ? { hits: Number(hits) } : {}),
    };
  }

  #query(id: string, parameters: string): string {
    const { application, facility } = this.#asked.receiving;
    const now = new Date().toISOString().replace(/[-:T]|\..*$/g, '');
    return [
      `MSH|^~\\&|REFLEXE|REFLEXE|${application}|${facility}|${now}+0000||QBP^Q22^QBP_Q21|${id}|P|2.5|||||FRA|UNICODE UTF-8`,
      `QPD|IHE PDQ Query|${id}|${parameters}`,
      'RCP|I|1^RD',
      '',
    ].join('\r');
  }
}
