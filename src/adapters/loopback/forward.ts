import { type AddressInfo, connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

/** A loopback TCP address that leads to a Unix socket, until disposed. Port 0: a free one. */
export async function forward(
  socketPath: string,
  port = 0,
): Promise<{ address: string; port: number } & AsyncDisposable> {
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const inside = connect({ path: socketPath, allowHalfOpen: true });
    open.add(client).add(inside);
    const ended = () => {
      open.delete(client);
      open.delete(inside);
    };
    pipeline(client, inside, ended);
    pipeline(inside, client, ended);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
