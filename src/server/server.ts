import type { FastifyInstance } from 'fastify';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { type AppOptions, buildApp } from './app.ts';

export interface ServerOptions extends AppOptions {
  /** 0: any free one. */
  port: number;
}

export interface RunningServer {
  address: { host: string; port: number; url: string };
  close(): Promise<void>;
}

/** Starts listening, or refuses: `port-taken`, `route-undeclared`, `view-undeclared`. */
export async function startServer(options: ServerOptions): Promise<Result<RunningServer>> {
  const { host, port } = options;
  let app: FastifyInstance | undefined;
  try {
    app = await buildApp(options);
    await app.listen({ host, port });
    const bound = app.server.address();
    const boundPort = typeof bound === 'object' && bound ? bound.port : port;
    const shown = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host;
    const url = options.publicUrl ?? `http://${shown}:${boundPort}`;
    const running = app;
    return accept({ address: { host, port: boundPort, url }, close: () => running.close() });
  } catch (error) {
    await app?.close();
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    const why = listenRefusal(error, host, port);
    if (why) return why;
    throw error;
  }
}

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
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return refuse('address-unknown', `This machine has no address "${host}".`, {
      where: host,
      expected: 'an address of this machine, localhost for itself alone, 0.0.0.0 for all of them',
    });
  }
  return undefined;
}
