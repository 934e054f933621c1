import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { guardConnections } from '../connections.ts';
import type { ServerLimits } from '../limits.ts';
import { contextOf, listenerOptions, rotateTickets } from './context.ts';
import type { DoorCertificates } from './ports.ts';
import { redirectServer } from './redirect.ts';

export interface ListenerParts {
  limits: ServerLimits;
  /** Undefined on loopback, where there is no TLS. */
  certificates: DoorCertificates | undefined;
  /** A proxy on this machine brings everyone by the same address. */
  isBehindProxy: boolean;
}

/** The server every request comes through, with all its bounds, before it listens. */
export function makeListener(handler: RequestListener, parts: ListenerParts): Server {
  const { limits, certificates } = parts;
  const bounds = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMilliseconds),
    keepAliveTimeout: limits.keepAliveMilliseconds,
  };
  const server =
    certificates === undefined
      ? createServer(bounds, handler)
      : createSecureServer({ ...bounds, ...listenerOptions(certificates, limits.handshakeMilliseconds) }, handler);
  server.setTimeout(limits.idleSocketMilliseconds);
  // Dropped beyond this many pairs, silently: we refuse long before, aloud (requests.ts).
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  guardConnections(server, parts, certificates === undefined ? undefined : plainAnswer(server, certificates));
  if (certificates !== undefined && server instanceof SecureServer) keepCurrent(server, certificates, limits);
  return server;
}

/** Who types the address without `https://` is led to it: on this very port, HTTP gets the way and nothing else. */
function plainAnswer(server: Server, certificates: DoorCertificates): (socket: Socket) => void {
  const redirecting = redirectServer(() => {
    const bound = server.address();
    return { names: certificates.names, port: typeof bound === 'object' && bound ? bound.port : 443 };
  });
  return (socket) => void redirecting.emit('connection', socket);
}

function keepCurrent(server: SecureServer, certificates: DoorCertificates, limits: ServerLimits): void {
  // There is nobody to answer in HTTP before the handshake is over: an answer would wait for it, and the connection with it.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  const stops = [
    certificates.onChange(() => server.setSecureContext(contextOf(certificates))),
    rotateTickets(server, limits.ticketMilliseconds),
  ];
  server.on('close', () => {
    for (const stop of stops) stop();
  });
}
