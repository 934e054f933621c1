import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../../journal/canonical.ts';
import type { Json } from '../../journal/event.ts';
import { accept, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';

const ANSWER_MILLISECONDS = 15_000;
/** A count is short and a digested page is small; more is not an answer to these questions. */
const ANSWER_BYTES = 8 * 1024 * 1024;

const common = { base: z.string().startsWith('/').default('/') };

export const FhirQuestions = z.strictObject({
  kind: z.literal('fhir'),
  ...common,
  /** Searches whose total is asked (`_summary=count`, FHIR R4 §3.1.1.5.2). */
  counts: z.array(z.string()).min(1),
  /** Searches whose entries must stay the same: only a SHA-256 of the entries' `resource` is kept. */
  digests: z.array(z.strictObject({ name: z.string(), search: z.string() })).default([]),
});

export const DicomwebQuestions = z.strictObject({
  kind: z.literal('dicomweb'),
  ...common,
  /** QIDO-RS searches (DICOM PS3.18 §10.6) whose number of answers is a fact. */
  counts: z.array(z.strictObject({ name: z.string(), search: z.string() })).min(1),
});

const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  total: z.number().optional(),
  entry: z.array(z.object({ resource: z.json() })).default([]),
});

export class FhirProbe implements ClinicalProbe {
  readonly #asked: z.infer<typeof FhirQuestions>;

  constructor(asked: z.infer<typeof FhirQuestions>) {
    this.#asked = asked;
  }

  async ask(address: string, signal: AbortSignal) {
    return answered(address, async () => {
      const facts: KnownFact[] = [];
      for (const search of this.#asked.counts) {
        const bundle = Bundle.parse(
          await this.#get(address, `${search}${search.includes('?') ? '&' : '?'}_summary=count`, signal),
        );
        facts.push({ name: search, value: bundle.total ?? Number.NaN, rule: 'atLeast' });
      }
      for (const { name, search } of this.#asked.digests) {
        const { entry } = Bundle.parse(await this.#get(address, search, signal));
        facts.push({ name, value: sha256(entry.map(({ resource }) => resource)), rule: 'equal' });
      }
      return facts;
    });
  }

  #get(address: string, search: string, signal: AbortSignal): Promise<unknown> {
    return get(`http://${address}${this.#asked.base.replace(/\/$/, '')}/${search}`, 'application/fhir+json', signal);
  }
}

export class DicomwebProbe implements ClinicalProbe {
  readonly #asked: z.infer<typeof DicomwebQuestions>;

  constructor(asked: z.infer<typeof DicomwebQuestions>) {
    this.#asked = asked;
  }

  async ask(address: string, signal: AbortSignal) {
    return answered(address, async () => {
      const facts: KnownFact[] = [];
      for (const { name, search } of this.#asked.counts) {
        const found = await get(
          `http://${address}${this.#asked.base.replace(/\/$/, '')}/${search}`,
          'application/dicom+json',
          signal,
        );
        facts.push({ name, value: z.array(z.unknown()).parse(found).length, rule: 'atLeast' });
      }
      return facts;
    });
  }
}

async function answered(address: string, ask: () => Promise<KnownFact[]>) {
  const silent = (kept: string) =>
    refuse('probe-no-answer', 'The service did not answer the clinical questions.', {
      where: address,
      expected: 'a count or a digest for each question',
      kept,
      retryable: true,
    });
  try {
    const facts = await ask();
    const hollow = facts.find((fact) => Number.isNaN(fact.value));
    return hollow === undefined ? accept(facts) : silent(`${hollow.name}: no count`);
  } catch (error) {
    return silent(
      error instanceof StatusError ? error.message : error instanceof Error ? error.name : 'unreadable answer',
    );
  }
}

class StatusError extends Error {}

async function get(url: string, accepts: string, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
  const response = await fetch(url, { headers: { accept: accepts }, signal: limit, redirect: 'error' });
  if (response.status === 204) return [];
  if (!response.ok) throw new StatusError(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Read piece by piece: a service that talks without end must not fill our memory.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES) throw new StatusError(`an answer of more than ${ANSWER_BYTES} bytes`);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const sha256 = (value: Json): string => createHash('sha256').update(canonical(value)).digest('hex');
