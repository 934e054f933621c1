import type { Socket } from 'node:net';
import { limitReceived, type TlsOptions } from '../tcp/connection.ts';
import { dicomLibrary } from './library.ts';

/** The answer to an echo is some hundred bytes (DICOM PS3.8, PDUs of association and release included). */
const ANSWER_BYTES = 1024 * 1024;

export interface DicomPeer {
  host: string;
  port: number;
  callingAeTitle: string;
  calledAeTitle: string;
  tls?: TlsOptions | undefined;
}

/** `status` is the C-ECHO response's (0 is success; null where it bears none, which PS3.7 forbids); `rejected`: the association was, and by this reason (DICOM PS3.8, table 9-21). */
export type EchoAnswer = { status: number | null } | { rejected: string };

/** Verification service (DICOM PS3.7, section 9.1.5). Rejects with the system's error. */
export async function echo(peer: DicomPeer, signal: AbortSignal): Promise<EchoAnswer> {
  signal.throwIfAborted();
  const dimse = await dicomLibrary();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const client = new dimse.Client();
    const request = new dimse.requests.CEchoRequest();
    let answer: EchoAnswer | undefined;
    let failure: unknown;
    request.on('response', (response: { getStatus(): unknown }) => {
      const status = response.getStatus();
      answer = { status: typeof status === 'number' && Number.isInteger(status) ? status : null };
    });
    client.addRequest(request);
    client.on('associationRejected', ({ source, reason }: { source: number; reason: number }) => {
      answer = { rejected: `source ${source}, reason ${reason}` };
    });
    client.on('closed', () => {
      signal.removeEventListener('abort', stop);
      unlimited();
      if (answer !== undefined) resolve(answer);
      else reject(failure ?? Object.assign(new Error('closed before an answer'), { code: 'ECONNRESET' }));
    });
    const { tls } = peer;
    client.send(peer.host, peer.port, peer.callingAeTitle, peer.calledAeTitle, {
      ...(tls === undefined
        ? {}
        : { securityOptions: { rejectUnauthorized: tls.verify, ...(tls.ca === undefined ? {} : { ca: tls.ca }) } }),
    });
    // The library keeps its socket to itself; it is needed to learn the system's error and to stop at once.
    const { socket } = (client as unknown as { network: { socket: Socket } }).network;
    const unlimited = limitReceived(() => socket, ANSWER_BYTES);
    socket.on('error', (error) => {
      failure = error;
    });
    client.on('networkError', (error: Error) => {
      failure ??= error;
      socket.destroy();
    });
    const stop = () => socket.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
  });
}
