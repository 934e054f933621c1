import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { DETAIL_LENGTH, type Observation } from './observation.ts';
import type { Check } from './ports.ts';

/** A value no observation may ever contain; subjects that take a secret give it this one. */
export const PLANTED_SECRET = 'hunter2-planted-secret';

/** How a subject is made to ask one address. */
export interface NetworkSubject {
  /** A check of this kind that asks `host:port`, with that limit. */
  check(at: { host: string; port: number }, timeoutMilliseconds: number): Check;
}

const open: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A peer of our own making: what a hospital's network really holds. Resolves to its port. */
function peer(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  open.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Long enough never to be reached by a check that works. */
const PATIENT = 60_000;
/** Short, for peers that never answer. */
const BRIEF = 300;

function holdsItsTongue(observation: Observation): void {
  expect(observation.detail.length).toBeLessThanOrEqual(DETAIL_LENGTH);
  expect(observation.detail).not.toMatch(/\p{Cc}/u);
  expect(JSON.stringify(observation)).not.toContain(PLANTED_SECRET);
  expect(observation.milliseconds).toBeGreaterThanOrEqual(0);
  expect(Number.isInteger(observation.at)).toBe(true);
}

/** The contract of `Check` against peers that misbehave: every kind that talks over the network passes it. */
export function networkCheckContract(kind: string, subject: NetworkSubject): void {
  const host = '127.0.0.1';

  describe(`${kind}: contract of a check`, () => {
    test('nobody listens: an observation, not an error', async () => {
      const port = await peer(() => undefined);
      await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
      const observation = await subject.check({ host, port }, PATIENT).run(new AbortController().signal);
      holdsItsTongue(observation);
      expect(['fail', 'noAnswer']).toContain(observation.verdict);
      expect(observation.code).toBe('tcp-refused');
    });

    test('a peer that accepts and says nothing: answered within the limit, and let go', async () => {
      const closed = Promise.withResolvers<void>();
      const port = await peer((socket) => socket.resume().once('close', () => closed.resolve()));
      const observation = await subject.check({ host, port }, BRIEF).run(new AbortController().signal);
      holdsItsTongue(observation);
      // A port that opens is all that TCP asks for.
      expect(observation.code).toBe(kind === 'tcp' ? 'ok' : 'timeout');
      await closed.promise;
    });

    test('stopped while it waits: ends at once, leaving nothing open', async () => {
      const stop = new AbortController();
      const closed = Promise.withResolvers<void>();
      const port = await peer((socket) => {
        socket.resume().once('close', () => closed.resolve());
        stop.abort();
      });
      const observation = await subject.check({ host, port }, PATIENT).run(stop.signal);
      holdsItsTongue(observation);
      if (kind !== 'tcp') expect(observation).toMatchObject({ verdict: 'noAnswer', code: 'stopped' });
      await closed.promise;
    });

    test('already stopped: asks nothing', async () => {
      let asked = false;
      const port = await peer(() => {
        asked = true;
      });
      const observation = await subject.check({ host, port }, PATIENT).run(AbortSignal.abort());
      expect(observation).toMatchObject({ verdict: 'noAnswer', code: 'stopped' });
      expect(asked).toBe(false);
    });

    test('a peer that closes, or answers nonsense without end: never a pass', async () => {
      const nonsense = Buffer.from(`\x00\xff${PLANTED_SECRET}\r\n\x0b\x1c\r`.repeat(500), 'latin1');
      const flood = (socket: Socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(nonsense));
        };
        socket.on('drain', more);
        more();
      };
      for (const behaviour of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.end(nonsense), flood]) {
        const port = await peer(behaviour);
        const observation = await subject.check({ host, port }, 5000).run(new AbortController().signal);
        holdsItsTongue(observation);
        if (kind !== 'tcp') expect(observation.verdict).not.toBe('pass');
      }
    });
  });
}
