import type { FastifyInstance } from 'fastify';
import { accept } from '../journal/result.ts';
import { answer } from './declare.ts';
import type { DoorCertificates } from './tls/ports.ts';
import { siteOf } from './tls/sites.ts';

/** What only a door with TLS has: its authority to install, and a greeting by which a site tries its own certificate. */
export function transportRoutes(app: FastifyInstance, certificates: DoorCertificates): void {
  const right = { allowed: 'public', scope: 'establishment' } as const;
  app.route({
    method: 'GET',
    url: '/api/authority.pem',
    config: { right },
    handler(_request, reply) {
      const { authority } = certificates;
      if (authority === null) return reply.callNotFound();
      return reply
        .header('content-type', 'application/x-pem-file')
        .header('content-disposition', 'attachment; filename="reflexe-authority.pem"')
        .send(authority.certificate);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/sites/self',
    config: { right },
    // Before anything else is looked at: a machine that is no site learns nothing here.
    preParsing: async (request) => void siteOf(request, ['site', 'box']),
    handler: (request, reply) => answer(reply, accept(siteOf(request, ['site', 'box']))),
  });
}
