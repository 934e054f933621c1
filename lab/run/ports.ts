import { createServer } from 'node:net';

/** Asks the system for free loopback ports, all held at once so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (address === null || typeof address === 'string') reject(new Error('a TCP port was expected'));
            else resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  return ports;
}

const ATTEMPTS_MAX = 3;

/** Starts something on free ports; another program may take one in between, then others are tried. */
export async function onFreePorts<Value>(count: number, start: (ports: number[]) => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePorts(count));
    } catch (error) {
      const taken = error instanceof Error && /in use|EADDRINUSE|could not (bind|create any TCP)/i.test(error.message);
      if (!taken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
