import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClinicalProbe } from './ports.ts';

/** A value no refusal may ever contain; subjects that take a secret give it this one. */
export const PLANTED_SECRET = 'hunter2-planted-secret';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A restored service may hold anything, also what an intruder left in it. Resolves to its `host:port`. */
function peer(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

/** What every clinical probe promises of services that do not answer, or answer anything: a refusal, soon, that quotes nothing. */
export function clinicalProbeContract(kind: string, make: () => ClinicalProbe): void {
  describe(`${kind}: contract of a clinical probe`, () => {
    const refusalOf = async (address: string, signal = new AbortController().signal) => {
      const asked = await make().ask(address, signal);
      if (asked.ok) throw new Error(`it answered ${JSON.stringify(asked.value)}`);
      expect(asked.refusal).toMatchObject({ code: 'probe-no-answer', where: address, retryable: true });
      expect(asked.refusal.expected).toBeTruthy();
      expect(JSON.stringify(asked.refusal)).not.toContain(PLANTED_SECRET);
      return asked.refusal;
    };

    it('nobody listens: refused, and may be asked again', async () => {
      const address = await peer(() => undefined);
      await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
      await refusalOf(address);
    });

    it('stopped while a service says nothing: ends at once, and lets it go', async () => {
      const stop = new AbortController();
      const closed = Promise.withResolvers<void>();
      const address = await peer((socket) => {
        socket.resume().once('close', () => closed.resolve());
        stop.abort();
      });
      await refusalOf(address, stop.signal);
      await closed.promise;
    });

    it('already stopped: asks nothing', async () => {
      let isAsked = false;
      const address = await peer(() => {
        isAsked = true;
      });
      await refusalOf(address, AbortSignal.abort());
      expect(isAsked).toBe(false);
    });

    it('a service that closes, or answers nonsense, be it without end: never a fact', async () => {
      const nonsense = Buffer.from(`\x00\xff${PLANTED_SECRET}\r\n\x0b\x1c\r`.repeat(500), 'latin1');
      const flood = (socket: Socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(nonsense));
        };
        socket.on('drain', more);
        more();
      };
      for (const behaviour of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.end(nonsense), flood])
        await refusalOf(await peer(behaviour));
    });
  });
}
