import { type IncomingHttpHeaders, Agent as PlainAgent, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { type Refusal, Refused, refuse } from '../../../journal/result.ts';
import type { RestServer } from './address.ts';

/** Nothing else is ever asked of a server: it cannot be written through here. */
export type Asked = 'GET' | 'HEAD';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Wanted {
  headers?: { [name: string]: string };
  /** More than this is not taken. */
  bytesMax: number;
  /** Where the body goes if it fits. */
  room?: Buffer | undefined;
}

/** Without a word for so long, an attempt is given up: a disk that starts to turn takes some ten seconds. */
const silenceMilliseconds = 30_000;
/** Reading twice does no harm: what may pass is asked again, later each time. */
const triesMax = 4;
const pauseMilliseconds = 400;
/** As many as a thread reads at once, and one for what it looks up meanwhile. */
const connectionsMax = 3;

/** Asks one server, its connections kept open. Throws `Refused` where it does not answer, or not to us. */
export class Asking {
  readonly #server: RestServer;
  readonly #agent: PlainAgent;
  readonly #signal: AbortSignal | undefined;

  constructor(server: RestServer, signal?: AbortSignal) {
    this.#server = server;
    this.#signal = signal;
    const settings = { keepAlive: true, maxSockets: connectionsMax };
    this.#agent = server.url.startsWith('https:')
      ? new SecureAgent({ ...settings, ...(server.authority === undefined ? {} : { ca: server.authority }) })
      : new PlainAgent(settings);
  }

  async ask(method: Asked, path: string, wanted: Wanted): Promise<Answer> {
    for (let tried = 1; ; tried += 1) {
      const answer = await this.#once(method, path, wanted).catch((error: unknown) => codeOf(error));
      if (typeof answer !== 'string') {
        if (answer.status === 401 || answer.status === 403) throw new Refused(this.#notToUs(answer.status));
        const passing = answer.status === 429 || answer.status >= 500;
        if (!passing || (tried >= triesMax && answer.status === 500)) return answer;
      }
      const said = typeof answer === 'string' ? answer : `it answers ${answer.status}`;
      if (tried >= triesMax || isCertificate(said) || this.#signal?.aborted) throw new Refused(this.#noAnswer(said));
      await setTimeout(pauseMilliseconds * tried, undefined, {
        ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      }).catch(() => undefined);
    }
  }

  #once(method: Asked, path: string, { headers, bytesMax, room }: Wanted): Promise<Answer> {
    const { url, user, password } = this.#server;
    const credentials = user === '' ? {} : { auth: `${user}:${password}` };
    const send = url.startsWith('https:') ? secureRequest : request;
    return new Promise((resolve, reject) => {
      const asked = send(
        new URL(path, url),
        {
          method,
          agent: this.#agent,
          timeout: silenceMilliseconds,
          ...credentials,
          ...(headers === undefined ? {} : { headers }),
          ...(this.#signal === undefined ? {} : { signal: this.#signal }),
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          const body = new Body(room, bytesMax);
          // The page of an error says nothing that is not in its number.
          const wantsBody = status < 300;
          answer.on('data', (part: Buffer) => {
            if (wantsBody && !body.take(part)) asked.destroy(new Error('it sends more than was asked for'));
          });
          answer.once('end', () => resolve({ status, headers: answer.headers, body: body.whole() }));
          answer.once('error', reject);
        },
      );
      asked.once('timeout', () => asked.destroy(new Error(`no word for ${silenceMilliseconds / 1000} s`)));
      asked.once('error', reject);
      asked.end();
    });
  }

  /** Retryable, unless the certificate is not to be trusted. */
  #noAnswer(said: string): Refusal {
    const where = `rest:${this.#server.url}`;
    if (isCertificate(said))
      return refuse('backup-unreachable', 'The server of this repository cannot be told from an impostor.', {
        where,
        expected: 'a certificate of its name, signed by the authority of this source',
        kept: said,
        cure: 'Name the file of the authority that signed it, or have the certificate renewed.',
      }).refusal;
    return refuse('backup-unreachable', 'The server of this repository does not answer.', {
      where,
      expected: 'a server that speaks restic’s REST protocol',
      kept: said,
      cure: 'Check its address, and that it runs.',
      retryable: true,
    }).refusal;
  }

  #notToUs(status: number): Refusal {
    return refuse('backup-access-refused', 'The server of this repository refuses this user.', {
      where: `rest:${this.#server.url}`,
      expected: 'the name of a user in the address, and that user’s password',
      kept: `it answers ${status}; nothing was read`,
      cure: 'Check the user in the address, and the secret that goes with it.',
    }).refusal;
  }
}

class Body {
  readonly #room: Buffer | undefined;
  readonly #bytesMax: number;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(room: Buffer | undefined, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#room = room !== undefined && room.length >= bytesMax ? room : undefined;
  }

  /** False where there is more than may come. */
  take(part: Buffer): boolean {
    if (this.#length + part.length > this.#bytesMax) return false;
    if (this.#room === undefined) this.#parts.push(part);
    else part.copy(this.#room, this.#length);
    this.#length += part.length;
    return true;
  }

  whole(): Buffer {
    return this.#room?.subarray(0, this.#length) ?? Buffer.concat(this.#parts, this.#length);
  }
}

/** OpenSSL's words for a certificate that does not hold, and for what speaks no TLS at all. */
const isCertificate = (said: string): boolean => /CERT|SIGNATURE|ALTNAME|ISSUER|WRONG_VERSION|EPROTO/.test(said);

const codeOf = (error: unknown): string =>
  error instanceof Error
    ? 'code' in error && error.code !== undefined
      ? String(error.code)
      : error.message
    : 'failed';
