import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { accept, type Refusal, Refused, type Result, refuse } from '../../journal/result.ts';
import type { DoorCertificates, SiteIdentity } from './ports.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The site or box whose certificate this connection showed; a refusal where it showed none, or there is no TLS here. */
    site: Result<SiteIdentity>;
  }
}

const siteUriForm = /^URI:reflexe:(site|box):([a-z0-9][a-z0-9-]{0,62})$/;

/** Who a certificate of our authority names; undefined: no site nor box. */
export function identityIn(certificate: X509Certificate): SiteIdentity | undefined {
  const found = (certificate.subjectAltName ?? '').split(', ').flatMap((one) => {
    const [, role, id] = siteUriForm.exec(one) ?? [];
    return (role === 'site' || role === 'box') && id !== undefined ? [{ role, id } as const] : [];
  });
  // Two identities are none: nobody should have to choose.
  return found.length === 1 ? found[0] : undefined;
}

interface Presented {
  certificate: X509Certificate;
  /** As OpenSSL checked it against the authority at the handshake; a resumed session keeps its verdict. */
  handshakeError: string | undefined;
  isLogged: boolean;
}

/**
 * Gives each request the site or box at the other end. Nobody is asked for a certificate by a dialogue: a browser without one of
 * our authority shows none. But who shows one that does not stand is answered with why, and nothing else, on every route.
 * Dates and revocation are looked at on each request: a connection may outlive both.
 */
export function identifySites(app: FastifyInstance, certificates: DoorCertificates | undefined, log: Logger): void {
  app.decorateRequest('site');
  const presented = new WeakMap<Socket, Presented | null>();

  app.addHook('onRequest', async (request) => {
    const { socket } = request.raw;
    if (certificates === undefined || !(socket instanceof TLSSocket)) {
      request.site = siteUnknown;
      return;
    }
    let shown = presented.get(socket);
    if (shown === undefined) {
      shown = presentedBy(socket);
      presented.set(socket, shown);
    }
    if (shown === null) {
      request.site = siteUnknown;
      return;
    }
    const verdict = verdictOn(shown, certificates, Date.now());
    if (!verdict.ok) {
      if (!shown.isLogged) {
        const { fingerprint256: fingerprint, serialNumber: serial } = shown.certificate;
        log.warn({ code: verdict.refusal.code, fingerprint, serial, why: shown.handshakeError }, 'certificate refused');
        shown.isLogged = true;
      }
      throw new Refused(verdict.refusal);
    }
    request.site = verdict;
  });
}

function presentedBy(socket: TLSSocket): Presented | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const error: unknown = socket.authorizationError;
  const handshakeError = socket.authorized ? undefined : String(error ?? 'not verified');
  return { certificate, handshakeError, isLogged: false };
}

function verdictOn(shown: Presented, certificates: DoorCertificates, now: number): Result<SiteIdentity> {
  const { certificate, handshakeError } = shown;
  if (now > certificate.validToDate.getTime()) return certificateRefused('certificate-expired', 'has expired');
  if (now < certificate.validFromDate.getTime()) return certificateRefused('certificate-expired', 'is not valid yet');
  if (handshakeError !== undefined)
    return certificateRefused('certificate-unknown', 'is not of this hospital’s authority');
  if (certificates.isRevoked(certificate.serialNumber)) return certificateRefused('certificate-revoked', 'was revoked');
  const identity = identityIn(certificate);
  return identity === undefined
    ? certificateRefused('certificate-unknown', 'names neither a site nor a box')
    : accept(identity);
}

const certificateRefused = (code: string, what: string) =>
  refuse(code, `The certificate this machine shows ${what}.`, {
    where: 'the client certificate',
    expected: 'a valid certificate of a site or a box, issued by this hub’s authority',
    kept: 'Nothing was answered and nothing was changed.',
    cure: 'Check the clocks of both machines, then issue a new one on the hub: reflexe certificates issue.',
  });

const siteUnknown: { ok: false; refusal: Refusal } = refuse(
  'site-unknown',
  'Only a site or a box of this hospital may ask this, by its certificate.',
  { expected: 'mutual TLS with a certificate of this hub’s authority', kept: 'Nothing was changed.' },
);

/** The site at the other end, if of one of these kinds; otherwise throws the refusal to answer with. */
export function siteOf(request: FastifyRequest, roles: readonly SiteIdentity['role'][]): SiteIdentity {
  const { site } = request;
  if (!site.ok) throw new Refused(site.refusal);
  if (!roles.includes(site.value.role)) {
    throw new Refused(
      refuse('not-allowed', 'This is not for this kind of machine.', {
        expected: roles.join(' or '),
        kept: 'Nothing was changed.',
      }).refusal,
    );
  }
  return site.value;
}
