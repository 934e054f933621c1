import type { FastifyInstance } from 'fastify';
import { accept } from '../journal/result.ts';
import { answer, declare } from './declare.ts';
import type { DoorCertificates } from './tls/ports.ts';
import { siteOf } from './tls/sites.ts';

/** What only a door with TLS has: its authority to install, and a greeting by which a site tries its own certificate. */
export function transportRoutes(app: FastifyInstance, certificates: DoorCertificates): void {
  declare(app, {
    method: 'GET',
    url: '/api/authority.pem',
    act: 'authority.see',
    handler(_request, reply) {
      const { authority } = certificates;
      if (authority === null) return reply.callNotFound();
      return reply
        .header('content-type', 'application/x-pem-file')
        .header('content-disposition', 'attachment; filename="reflexe-authority.pem"')
        .send(authority.certificate);
    },
  });
  declare(app, {
    method: 'GET',
    url: '/api/sites/self',
    act: 'site.greet',
    handler: (request, reply) => answer(reply, accept(siteOf(request, ['site', 'box']))),
  });
}
