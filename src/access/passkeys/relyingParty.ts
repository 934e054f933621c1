import { accept, type Result, refuse } from '../../journal/result.ts';

/**
 * Under which name passkeys are made, and from which origins they are used. Only data: another machine that serves the
 * same name with a copy of the same store takes the same passkeys.
 */
export interface RelyingParty {
  /** A DNS name, never an address: browsers refuse those. */
  id: string;
  name: string;
  origins: readonly string[];
}

export interface Served {
  /** Where people reach the hub: `https://reflexe.hopital.example`, or the loopback address it listens on. */
  url: string;
  /** A name above it, shared with other machines: `hopital.example`. The host itself where none is given. */
  passkeyDomain?: string | undefined;
  /** Other origins under that name: the box's own, where it has one. */
  otherOrigins?: readonly string[] | undefined;
}

/** Refuses where browsers would: an address instead of a name, no TLS, a domain that is not above the host. */
export function relyingPartyOf({ url, passkeyDomain, otherOrigins = [] }: Served): Result<RelyingParty> {
  const { protocol, hostname, origin } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (/^[\d.]+$|^\[/.test(hostname))
    return unavailable(hostname, 'a DNS name: browsers make no passkey for an address');
  if (protocol !== 'https:' && !isLocal) return unavailable(url, 'https, or localhost');
  const id = passkeyDomain ?? hostname;
  const isAbove = id === hostname || (hostname.endsWith(`.${id}`) && id.includes('.'));
  if (!isAbove) return unavailable(id, `${hostname}, or a domain above it`);
  return accept({ id, name: 'Reflexe', origins: [origin, ...otherOrigins] });
}

const unavailable = (where: string, expected: string) =>
  refuse('passkeys-unavailable', 'Passkeys cannot be used at this address.', {
    where,
    expected,
    kept: 'Your passkeys; they work where Reflexe is served under their name.',
    cure: 'Open Reflexe by the name of the establishment (or by localhost on its machine), or sign in by password and code.',
  });
