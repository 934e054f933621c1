import { createConnection, type Socket } from 'node:net';
import { frame, Unframer } from '../application/hl7/framing.ts';

export interface Acknowledgement {
  /** MSA-1. */
  code: string;
  /** MSA-2: the message it answers. */
  controlId: string;
  /** The ERR segment, where there is one. */
  reason: string | undefined;
}

const ANSWER_MILLISECONDS_MAX = 5_000;

/** One MLLP connection; one message at a time, each waiting for its acknowledgement. */
export class MllpClient {
  readonly #socket: Socket;
  readonly #unframer = new Unframer();
  #answered: ((answer: Acknowledgement) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      for (const answer of this.#unframer.push(chunk)) this.#answered?.(readAcknowledgement(answer.toString('utf8')));
    });
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('timeout', () => socket.destroy(new Error('no acknowledgement in time')));
    socket.on('close', () => this.#failed?.(new Error('the connection was closed before an acknowledgement')));
  }

  static connect(host: string, port: number): Promise<MllpClient> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port });
      const tooLate = () => socket.destroy(new Error('no answer in time'));
      socket.setTimeout(ANSWER_MILLISECONDS_MAX, tooLate);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.off('timeout', tooLate);
        socket.setTimeout(0);
        resolve(new MllpClient(socket));
      });
    });
  }

  send(text: string): Promise<Acknowledgement> {
    return new Promise<Acknowledgement>((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.setTimeout(ANSWER_MILLISECONDS_MAX);
      this.#socket.write(frame(Buffer.from(text, 'utf8')), (error) => {
        if (error) reject(error);
      });
    }).finally(() => {
      this.#socket.setTimeout(0);
      this.#answered = undefined;
      this.#failed = undefined;
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function readAcknowledgement(text: string): Acknowledgement {
  const segments = text.split('\r');
  const msa = segments.find((one) => one.startsWith('MSA'))?.split('|');
  return {
    code: msa?.[1] ?? '',
    controlId: msa?.[2] ?? '',
    reason: segments.find((one) => one.startsWith('ERR')),
  };
}
