import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface TlsOptions {
  /** Authority to trust instead of the system's, PEM. */
  ca?: string | undefined;
  verify: boolean;
  serverName?: string | undefined;
}

/**
 * A connection that ends with `signal`. Rejects with the system's error; the caller destroys the socket when done.
 * Later errors of the socket end what reads from it and are never uncaught.
 */
export function connect(
  to: { host: string; port: number; tls?: TlsOptions | undefined },
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port, tls } = to;
  signal.throwIfAborted();
  const socket: Socket | TLSSocket =
    tls === undefined
      ? connectPlain({ host, port })
      : connectTls({
          host,
          port,
          servername: tls.serverName ?? (isAddress(host) ? '' : host),
          rejectUnauthorized: tls.verify,
          ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        });
  const stop = () => socket.destroy(new Error('stopped', { cause: signal.reason }));
  signal.addEventListener('abort', stop, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', stop));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve(socket));
    socket.once('close', () => reject(Object.assign(new Error('closed before it was open'), { code: 'ECONNRESET' })));
  });
}

/** SNI takes names only (RFC 6066, section 3). */
const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

/**
 * Reads until `complete` finds its answer in what came so far. Rejects when the other side closes or fails first, or sends
 * more than `limitBytes` without one: a peer that talks without end must not fill our memory.
 */
export function readUntil<Answer>(
  socket: Socket,
  complete: (received: Buffer) => Answer | undefined,
  limitBytes: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (how: () => void) => {
      socket.off('data', take);
      socket.off('error', fail);
      socket.off('close', closed);
      how();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const closed = () => fail(Object.assign(new Error('closed before a whole answer'), { code: 'ECONNRESET' }));
    const take = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const answer = complete(received);
        if (answer !== undefined) settle(() => resolve(answer));
        else if (received.length > limitBytes)
          fail(Object.assign(new Error('too long an answer'), { code: 'ANSWER_TOO_LONG' }));
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    };
    socket.on('data', take);
    socket.once('error', fail);
    socket.once('close', closed);
  });
}

/** How often a library's own socket is looked at. */
const LOOK_MILLISECONDS = 50;

/**
 * For libraries that gather an answer of any length: ends their socket once it has brought more than `limitBytes`.
 * Returns how to stop looking.
 */
export function limitReceived(socket: () => Pick<Socket, 'bytesRead' | 'destroy'>, limitBytes: number): () => void {
  const look = setInterval(() => {
    const current = socket();
    if (current.bytesRead > limitBytes) current.destroy();
  }, LOOK_MILLISECONDS);
  return () => clearInterval(look);
}
