import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused, refuse } from '../journal/result.ts';
import type { ServerLimits } from './limits.ts';

/**
 * What two readers of one request could read in two ways is refused (request smuggling, CWE-444): whoever stands in front of us must
 * not have judged another request than the one we answer. Node's parser refuses what HTTP itself forbids (lengths, chunks, line
 * ends); here is what it lets through.
 */
export function refuseAmbiguous(app: FastifyInstance, limits: ServerLimits): void {
  const inFlight = new WeakMap<Socket, number>();

  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    const asked = (inFlight.get(raw.socket) ?? 0) + 1;
    inFlight.set(raw.socket, asked);
    reply.raw.once('close', () => inFlight.set(raw.socket, Math.max(0, (inFlight.get(raw.socket) ?? 1) - 1)));
    const why = ambiguity(request, limits);
    const isFlood = asked > limits.requestsInFlightPerConnection;
    if (why === undefined && !isFlood) return;
    // Nothing that follows on this connection is read: where one request ends is what is in doubt.
    reply.header('connection', 'close');
    if (why === undefined) throw new Refused(tooManyAtOnce);
    throw new Refused(why);
  });
}

/** One value each, or none: sent twice, a proxy may obey one and we the other. */
const single = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'if-match',
  'last-event-id',
  'origin',
  'sec-fetch-site',
  'transfer-encoding',
  'x-reflexe',
]);

function ambiguity({ raw }: FastifyRequest, limits: ServerLimits) {
  const { rawHeaders, headers } = raw;
  // `GET http://other/…` names a second host; `OPTIONS *` and `CONNECT host:port` are for proxies.
  if (!(raw.url ?? '').startsWith('/')) return ambiguous('request target', 'a path, beginning with /');
  // HTTP/0.9 has no headers: what stands after its line is another request to some, headers to others.
  if (raw.httpVersionMajor !== 1) return ambiguous('version', 'HTTP/1.1 or HTTP/1.0');
  if (rawHeaders.length / 2 > limits.headers) return tooManyHeaders(limits.headers);
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (single.has(name) && seen.has(name)) return ambiguous(name, 'this header once');
    // Some proxies and gateways read `_` as `-`.
    if (name.includes('_') && single.has(name.replaceAll('_', '-'))) return ambiguous(name, 'dashes in this name');
    seen.add(name);
  }
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(headers.host ?? ''))
    return ambiguous('host', 'one host name or address');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') return bodyEncoded;
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked')
    return ambiguous('transfer-encoding', 'chunked alone');
  return undefined;
}

const ambiguous = (where: string, expected: string) =>
  refuse('request-ambiguous', 'This request can be read in more than one way.', {
    where,
    expected,
    kept: 'Nothing was changed; the connection is closed.',
    cure: 'Behind a proxy, check that it passes requests on as HTTP/1.1 and does not repeat headers.',
  }).refusal;

const tooManyHeaders = (max: number) =>
  refuse('header-too-large', 'The request has too many headers.', { expected: `at most ${max}` }).refusal;

/** A few kilobytes can unfold into gigabytes; no act of ours is long enough to be worth compressing. */
const bodyEncoded = refuse('body-encoded', 'Compressed requests are not read.', {
  where: 'content-encoding',
  expected: 'the body as it is, without content-encoding',
  kept: 'Nothing was changed.',
}).refusal;

const tooManyAtOnce = refuse('too-many-requests', 'Too many requests at once on one connection.', {
  kept: 'What was asked before goes on.',
  cure: 'Wait for an answer before asking again.',
  retryable: true,
}).refusal;
