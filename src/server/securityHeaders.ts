import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { hostNameOf, loopbackNames } from './origin.ts';

/** No inline script nor style: the interface sets styles through the DOM, which the policy does not restrain. */
const contentPolicy = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'font', 'connect', 'worker', 'manifest'].map((what) => `${what}-src 'self'`),
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

/** The same on every answer, so written once. */
export function declarePolicy(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => void reply.header('content-security-policy', contentPolicy));
}

export const securityHeaders: FastifyHelmetOptions = {
  // By `declarePolicy`.
  contentSecurityPolicy: false,
  crossOriginEmbedderPolicy: { policy: 'require-corp' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  frameguard: { action: 'deny' },
  // By `demandTls`, where it holds.
  hsts: false,
};

const yearSeconds = 31_536_000;

/**
 * Who came once over TLS is not led to plain HTTP again (HSTS). Not for this machine's own names: the promise would hold for every
 * program on every port of it. Nor for subdomains, which are the hospital's, not ours.
 */
export function demandTls(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!loopbackNames.includes(hostNameOf(request)))
      reply.header('strict-transport-security', `max-age=${yearSeconds}`);
  });
}
