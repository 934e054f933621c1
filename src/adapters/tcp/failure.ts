import type { CheckCode } from '../../detect/codes.ts';
import { unanswered } from '../../detect/conditions.ts';
import type { Finding } from '../../detect/observation.ts';

/** Stable codes for the ways a connection fails (errno(3), Node's TLS and OpenSSL verification errors). */
const codes: { [error: string]: CheckCode } = {
  ECONNREFUSED: 'tcp-refused',
  ECONNRESET: 'tcp-reset',
  EPIPE: 'tcp-reset',
  ETIMEDOUT: 'tcp-timeout',
  EHOSTUNREACH: 'host-unreachable',
  ENETUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  EPROTO: 'tls-failed',
};

/** Only the system's own code is told: messages from outside may quote what must not leave. */
export function networkFailure(error: unknown): Finding {
  const system = systemCode(error);
  return unanswered('fail', codes[system] ?? (system.startsWith('ERR_SSL') ? 'tls-failed' : 'network-failed'), system);
}

export function systemCode(error: unknown): string {
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
