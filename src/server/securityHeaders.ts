import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { hostNameOf, loopbackNames } from './origin.ts';

const self = ["'self'"];

export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    // No inline script nor style: the interface sets styles through the DOM, which the policy does not restrain.
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: self,
      styleSrc: self,
      imgSrc: self,
      fontSrc: self,
      connectSrc: self,
      workerSrc: self,
      manifestSrc: self,
      formAction: self,
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
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
