import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';
import { dicomLibrary } from '../dicom/library.ts';

const ANSWER_MILLISECONDS = 15_000;

export const DicomQuestions = z.strictObject({
  kind: z.literal('dicom'),
  calling: z.string().max(16).default('REFLEXE'),
  called: z.string().max(16),
});

/** Asks an image archive, as a modality does, how many studies it answers for (C-FIND, study root, DICOM PS3.4 §C.6.2). */
export class DicomProbe implements ClinicalProbe {
  readonly #asked: z.infer<typeof DicomQuestions>;

  constructor(asked: z.infer<typeof DicomQuestions>) {
    this.#asked = asked;
  }

  async ask(address: string, signal: AbortSignal): Promise<Result<KnownFact[]>> {
    const dimse = await dicomLibrary();
    const [host, port] = address.split(':');
    const { promise, resolve } = Promise.withResolvers<Result<KnownFact[]>>();
    const silent = (why: string) =>
      resolve(
        refuse('probe-no-answer', 'The image archive did not answer the query.', {
          where: address,
          kept: why,
          retryable: true,
        }),
      );
    const client = new dimse.Client();
    const query = dimse.requests.CFindRequest.createStudyFindRequest({ StudyInstanceUID: '' });
    const studies = new Set<string>();
    query.on(
      'response',
      (response: {
        getStatus(): number;
        hasDataset(): boolean;
        getDataset(): { getElement(name: string): unknown };
      }) => {
        if (response.getStatus() === dimse.constants.Status.Pending && response.hasDataset())
          studies.add(String(response.getDataset().getElement('StudyInstanceUID')));
        if (response.getStatus() === dimse.constants.Status.Success)
          resolve(accept([{ name: 'studies', value: studies.size, rule: 'atLeast' }]));
      },
    );
    client.addRequest(query);
    client.on('networkError', (error: Error) => silent('code' in error ? String(error.code) : error.name));
    client.on('associationRejected', () => silent('association rejected'));
    client.on('closed', () => silent('connection closed'));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
    limit.addEventListener('abort', () => silent('no answer in time'), { once: true });
    client.send(host ?? '', Number(port), this.#asked.calling, this.#asked.called, {
      connectTimeout: ANSWER_MILLISECONDS,
      associationTimeout: ANSWER_MILLISECONDS,
      pduTimeout: ANSWER_MILLISECONDS,
    });
    return promise;
  }
}
