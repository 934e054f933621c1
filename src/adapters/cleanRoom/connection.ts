import { createConnection, type Socket } from 'node:net';
import type { z } from 'zod';
import { answerBytesMax, Reply, type Request } from '../../helper/protocol.ts';
import type { RefusalShape } from '../../journal/refusalShape.ts';
import { accept, type Refusal, type Result, refuse } from '../../journal/result.ts';

type Asked = Request extends infer Each ? (Each extends { id: number } ? Omit<Each, 'id'> : never) : never;

/** One connection to the helper, made when first needed and made again after it was lost. Calls may overlap. */
export class HelperConnection {
  readonly #path: string;
  readonly #unreachable: (because: string) => Result<never>;
  #socket: Promise<Socket> | undefined;
  #lastId = 0;
  readonly #waiting = new Map<number, (reply: Result<unknown>) => void>();

  constructor(path: string, unreachable: (because: string) => Result<never>) {
    this.#path = path;
    this.#unreachable = unreachable;
  }

  /** The helper's answer, whatever its shape; refused as retryable when the helper is lost before it answers. */
  async ask(asked: Asked): Promise<Result<unknown>> {
    let socket: Socket;
    try {
      this.#socket ??= this.#connect();
      socket = await this.#socket;
    } catch (error) {
      this.#socket = undefined;
      return this.#unreachable(error instanceof Error ? error.message : String(error));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      // While a call waits the process stays; an idle connection keeps nothing alive.
      socket.ref();
      socket.write(`${JSON.stringify({ id, ...asked })}\n`);
    });
  }

  async close(): Promise<void> {
    const socket = await this.#socket?.catch(() => undefined);
    this.#socket = undefined;
    socket?.destroy();
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path);
      let text = '';
      socket.setEncoding('utf8');
      socket.once('connect', () => resolve(socket));
      socket.on('error', reject);
      socket.on('data', (part) => {
        text += part;
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          this.#hear(text.slice(0, end));
          text = text.slice(end + 1);
        }
        if (text.length > answerBytesMax) socket.destroy();
        if (this.#waiting.size === 0) socket.unref();
      });
      socket.once('close', () => {
        this.#socket = undefined;
        for (const [id, answer] of this.#waiting) {
          this.#waiting.delete(id);
          answer(helperLost);
        }
      });
    });
  }

  #hear(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      json = undefined;
    }
    const reply = Reply.safeParse(json);
    if (!reply.success) return;
    if (reply.data.id === null) {
      // Of no one call: the connection itself is refused, and so is all that waits on it.
      for (const [id, answer] of this.#waiting) {
        this.#waiting.delete(id);
        if (!reply.data.ok) answer({ ok: false, refusal: withoutUndefined(reply.data.refusal) });
      }
      return;
    }
    const answer = this.#waiting.get(reply.data.id);
    this.#waiting.delete(reply.data.id);
    if (reply.data.ok) answer?.(accept(reply.data.value));
    else answer?.({ ok: false, refusal: withoutUndefined(reply.data.refusal) });
  }
}

const helperLost = refuse('helper-lost', 'The helper ended before it answered.', {
  expected: 'an answer',
  kept: 'what it had begun is recorded; its next life ends it or takes it up',
  cure: 'start the helper again, open the room again, and ask again',
  retryable: true,
});

/** zod's optional fields may hold `undefined`; a Refusal's may only be absent. */
function withoutUndefined({ code, message, retryable, ...more }: z.infer<typeof RefusalShape>): Refusal {
  const present: Partial<Refusal> = {};
  for (const name of ['where', 'expected', 'kept', 'cure'] as const) {
    const text = more[name];
    if (text !== undefined) present[name] = text;
  }
  return { code, message, retryable, ...present };
}
