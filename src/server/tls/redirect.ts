import { createServer, type RequestListener, type Server } from 'node:http';
import { serverLimits } from '../limits.ts';

/**
 * What plain HTTP gets on an address other than loopback: the way to HTTPS, never data. The name asked for is kept where it is one
 * of ours, and the path without its query, which might hold what should not have been sent in clear.
 */
export function redirection(target: { names: readonly string[]; port: number }): RequestListener {
  const [first = 'localhost'] = target.names;
  return (request, response) => {
    const asked = /^\[?([\w.:-]+?)\]?(?::\d{1,5})?$/.exec(request.headers.host ?? '')?.[1]?.toLowerCase() ?? '';
    const name = target.names.includes(asked) ? asked : first;
    const shown = name.includes(':') ? `[${name}]` : name;
    const port = target.port === 443 ? '' : `:${target.port}`;
    const [path = '/'] = (request.url ?? '/').split(/[?#]/, 1);
    const place = path.startsWith('/') ? path : '/';
    response.writeHead(308, { location: `https://${shown}${port}${place}`, 'content-length': 0, connection: 'close' });
    response.end();
  };
}

/** A listener for it: on a port of its own, or fed with the connections that speak HTTP where TLS was expected. */
export function redirectServer(target: () => { names: readonly string[]; port: number }): Server {
  const server = createServer(
    {
      maxHeaderSize: serverLimits.headerBytes,
      headersTimeout: serverLimits.headersMilliseconds,
      requestTimeout: serverLimits.headersMilliseconds,
      connectionsCheckingInterval: serverLimits.headersMilliseconds / 2,
      keepAlive: false,
    },
    (request, response) => redirection(target())(request, response),
  );
  server.setTimeout(serverLimits.headersMilliseconds);
  server.maxConnections = serverLimits.redirectConnections;
  return server;
}
