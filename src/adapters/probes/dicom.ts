import type { Socket } from 'node:net';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { ClinicalProbe, KnownFact } from '../../restore/ports.ts';
import { dicomLibrary } from '../dicom/library.ts';
import { limitReceived } from '../tcp/connection.ts';

const ANSWER_MILLISECONDS = 15_000;
/** A study's answer is some hundred bytes: an archive of a hundred thousand studies. */
const ANSWER_BYTES = 64 * 1024 * 1024;

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
    const silent = (why: string) =>
      refuse('probe-no-answer', 'The image archive did not answer the query.', {
        where: address,
        expected: 'an answer to C-FIND at study level',
        kept: why,
        retryable: true,
      });
    try {
      const studies = await this.#find(address, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLISECONDS)]));
      return accept([{ name: 'studies', value: studies, rule: 'atLeast' }]);
    } catch (error) {
      return silent(
        error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'unreadable answer',
      );
    }
  }

  async #find(address: string, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const dimse = await dicomLibrary();
    signal.throwIfAborted();
    const [host, port] = address.split(':');
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const client = new dimse.Client();
    const query = dimse.requests.CFindRequest.createStudyFindRequest({ StudyInstanceUID: '' });
    const studies = new Set<string>();
    query.on('response', (response: FindResponse) => {
      try {
        if (response.getStatus() === dimse.constants.Status.Pending && response.hasDataset())
          studies.add(String(response.getDataset().getElement('StudyInstanceUID')));
        if (response.getStatus() === dimse.constants.Status.Success) resolve(studies.size);
      } catch (error) {
        reject(error);
      }
    });
    client.addRequest(query);
    client.on('networkError', (error: Error) => reject(error));
    client.on('associationRejected', () => reject(new Error('association rejected')));
    client.on('closed', () => reject(new Error('connection closed')));
    client.send(host ?? '', Number(port), this.#asked.calling, this.#asked.called, {
      connectTimeout: ANSWER_MILLISECONDS,
      associationTimeout: ANSWER_MILLISECONDS,
      pduTimeout: ANSWER_MILLISECONDS,
    });
    // The library keeps its socket to itself; it is needed to stop at once, and not to listen without end.
    const { socket } = (client as unknown as { network: { socket: Socket } }).network;
    const unlimited = limitReceived(() => socket, ANSWER_BYTES);
    socket.on('error', reject);
    const stop = () => reject(new Error('no answer in time'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      unlimited();
      socket.destroy();
    }
  }
}

interface FindResponse {
  getStatus(): number;
  hasDataset(): boolean;
  getDataset(): { getElement(name: string): unknown };
}
