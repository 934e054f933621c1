import { constants, randomBytes } from 'node:crypto';
import type { SecureContextOptions, Server, TlsOptions } from 'node:tls';
import type { DoorCertificates } from './ports.ts';

/** Mozilla's "intermediate" list (5.7) without finite-field DH: forward secrecy and authenticated encryption only. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** What changes with the certificates: given again to `setSecureContext`, which opens no new port and cuts nobody. */
export function contextOf(certificates: DoorCertificates): SecureContextOptions {
  const { key, chain, siteAuthority } = certificates.shown();
  return {
    key,
    cert: chain,
    // Also the list a browser reads: with no certificate of ours in its store it shows none and asks nothing.
    ca: siteAuthority,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers,
    // Clients choose among these: a phone without AES in its processor prefers ChaCha20.
    honorCipherOrder: false,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
  };
}

export function listenerOptions(certificates: DoorCertificates, handshakeMilliseconds: number): TlsOptions {
  return {
    ...contextOf(certificates),
    // HTTP/1.1 only; whoever insists on another protocol gets an alert and nothing else (ALPACA).
    ALPNProtocols: ['http/1.1'],
    // A certificate is optional at the handshake; what it is worth is decided per request (tls/sites.ts).
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMilliseconds,
  };
}

/** Past connections cannot be read with the ticket key of today: it is replaced, and only costs a whole handshake. */
export function rotateTickets(server: Server, everyMilliseconds: number): () => void {
  const rotate = () => server.setTicketKeys(randomBytes(48));
  rotate();
  const timer = setInterval(rotate, everyMilliseconds).unref();
  return () => clearInterval(timer);
}
