import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { type AppOptions, buildApp } from './app.ts';
import { isLoopback } from './connections.ts';
import { declaredRoutes, type RouteRight } from './declare.ts';
import { redirectServer } from './tls/redirect.ts';

export interface ServerOptions extends AppOptions {
  /** 0: any free one. */
  port: number;
  /** Another port, usually 80, where plain HTTP is led to HTTPS; only with TLS. */
  redirectPort?: number | undefined;
}

export interface RunningServer {
  address: { host: string; port: number; url: string; redirectPort?: number };
  /** Everything it answers to, and who may ask. */
  routes: readonly RouteRight[];
  close(): Promise<void>;
}

/** Starts listening, or refuses: `port-taken`, `tls-needed`, `route-undeclared`, `view-undeclared`. */
export async function startServer(options: ServerOptions): Promise<Result<RunningServer>> {
  const { host, port, tls, redirectPort } = options;
  const addresses = await addressesOf(host);
  if (addresses.length === 0) return addressUnknown(host);
  if (tls === undefined && !addresses.every(isLoopback)) return tlsNeeded(host);
  let app: FastifyInstance | undefined;
  const others: Server[] = [];
  let asked = port;
  const closeAll = async () => {
    for (const other of others) if (other.listening) other.close();
    await app?.close();
  };
  try {
    app = await buildApp(options);
    const [first = host, ...rest] = addresses;
    await app.listen({ host: first, port });
    const boundPort = portOf(app.server) ?? port;
    // `localhost` is two addresses: every connection goes through the one server, and its bounds.
    for (const address of rest) others.push(await alsoOn(address, boundPort, app));
    if (tls !== undefined && redirectPort !== undefined) {
      asked = redirectPort;
      const redirecting = redirectServer(() => ({ names: tls.names, port: boundPort }));
      others.push(redirecting);
      await listening(redirecting, redirectPort, first);
    }
    const shown = tls?.names[0] ?? (isLoopback(first) || ['0.0.0.0', '::'].includes(host) ? 'localhost' : host);
    const name = shown.includes(':') ? `[${shown}]` : shown;
    const url = options.publicUrl ?? `${tls === undefined ? 'http' : 'https'}://${name}:${boundPort}`;
    const redirectBound = redirectPort === undefined ? undefined : portOf(others.at(-1));
    return accept({
      address: { host, port: boundPort, url, ...(redirectBound === undefined ? {} : { redirectPort: redirectBound }) },
      routes: declaredRoutes(app),
      close: closeAll,
    });
  } catch (error) {
    await closeAll();
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    const why = listenRefusal(error, host, asked);
    if (why) return why;
    throw error;
  }
}

/** The addresses a name stands for, the first one decisive; none where nobody knows it. */
async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = [...new Set(found.map(({ address }) => address))];
  return host === 'localhost' ? addresses : addresses.slice(0, 1);
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function alsoOn(address: string, port: number, app: FastifyInstance): Promise<Server> {
  // Never read before the server's own listeners are there, as with its own connections.
  const server = createServer({ noDelay: true }, (socket) => void app.server.emit('connection', socket));
  server.maxConnections = app.server.maxConnections;
  // `::1` may be named and yet not be there: the first address serves.
  await listening(server, port, address).catch(() => undefined);
  return server;
}

function portOf(server: { address(): ReturnType<Server['address']> } | undefined): number | undefined {
  const bound = server?.address();
  return typeof bound === 'object' && bound ? bound.port : undefined;
}

const tlsNeeded = (host: string) =>
  refuse('tls-needed', 'On an address others can reach, Reflexe speaks TLS only, and it was given no certificate.', {
    where: host,
    expected: 'localhost, or a certificate',
    kept: 'Nothing was opened.',
  });

function listenRefusal(error: unknown, host: string, port: number): Result<never> | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return refuse('port-taken', `Port ${port} is taken by another program.`, {
      where: `${host}:${port}`,
      expected: 'a free port',
      kept: 'Nothing was changed; the other program was not disturbed.',
      cure: `If it is Reflexe already running, open http://localhost:${port}. Otherwise end that program, or start with --port and another number.`,
    });
  }
  if (code === 'EACCES') {
    return refuse('port-not-allowed', `This account may not open port ${port}.`, {
      where: `${host}:${port}`,
      expected: 'a port of 1024 or more, without special rights',
      cure: 'Start with --port and a higher number; a proxy may serve it under 443.',
    });
  }
  return code === 'EADDRNOTAVAIL' ? addressUnknown(host) : undefined;
}

const addressUnknown = (host: string) =>
  refuse('address-unknown', `This machine has no address "${host}".`, {
    where: host,
    expected: 'an address of this machine, localhost for itself alone, 0.0.0.0 for all of them',
  });
