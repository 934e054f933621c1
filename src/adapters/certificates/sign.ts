import { createHash, randomBytes, type webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { SiteIdentity } from '../../server/tls/ports.ts';
import { nameConstraints, nameConstraintsOid } from './nameConstraints.ts';

/** ECDSA on P-256 with SHA-256: read by every browser, phone and TLS library a hospital has. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
/** Workstations whose clock is late still take what was just issued. */
const backdatedMilliseconds = day;

export const validity = {
  /** Installing it on every ward PC is work: once for the life of the machines. */
  authorityMilliseconds: 10 * 365 * day,
  /** Short, because the hub renews it by itself; long enough for a box that waits a season in a cupboard. */
  hubMilliseconds: 90 * day,
  /** Renewed by a person, once a year, at the yearly exercise. */
  siteMilliseconds: 397 * day,
  /** The hub's is renewed when less than this is left: a month of failures does not stop the door. */
  renewBeforeMilliseconds: 30 * day,
} as const;

/** A private key (PKCS #8, PEM) and the certificate that goes with it (PEM). */
export interface Issued {
  key: string;
  certificate: string;
}

/** The authority while it signs: its own certificate, and its key. */
export type Signer = Issued;

/** The library is loaded when something is issued: rarely, and it would weigh on an idle hub. */
async function library() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

/** Positive and of 128 bits (RFC 5280, 4.1.2.2): the first byte is neither zero nor above 0x7f. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function pemOf(privateKey: webcrypto.CryptoKey): Promise<string> {
  const { PemConverter } = await library();
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`;
}

/** SHA-256 of the certificate, as browsers and openssl show it. */
export const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256;

/** Cuts what would break a distinguished name or fill a dialogue. */
const named = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N} .'-]/gu, ' ')
    .slice(0, 50)
    .trim();

export async function createAuthority(
  establishment: string,
  permitted: { names: readonly string[]; networks: readonly string[] },
  now: number,
): Promise<Issued> {
  const x509 = await library();
  const keys = await newKeys();
  // Two hospitals of one group, or a second authority after the first: told apart in a browser's list.
  const mark = createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 6);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [`Reflexe ${named(establishment)} ${mark}`] }, { O: [named(establishment)] }],
    notBefore: new Date(now - backdatedMilliseconds),
    notAfter: new Date(now + validity.authorityMilliseconds),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(nameConstraintsOid, true, nameConstraints(permitted.names, permitted.networks)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await pemOf(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
}

/** The hub's own: for its names and addresses, to serve only. */
export async function issueHub(signer: Signer, names: readonly string[], now: number): Promise<Issued> {
  const x509 = await library();
  const keys = await newKeys();
  const alternatives = names.map((name) => ({
    type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
    value: name,
  }));
  const certificate = await issue(signer, {
    publicKey: keys.publicKey,
    subject: [{ CN: [(names[0] ?? 'reflexe').slice(0, 64)] }],
    notBefore: now - backdatedMilliseconds,
    notAfter: now + validity.hubMilliseconds,
    usage: x509.ExtendedKeyUsage.serverAuth,
    alternatives,
  });
  return { key: await pemOf(keys.privateKey), certificate };
}

/** What a client certificate says of its holder: `reflexe:site:north`. */
export const siteUri = ({ role, id }: SiteIdentity): string => `reflexe:${role}:${id}`;

/** A key, and the request for a certificate that goes with it (PKCS #10, PEM): made where the key will be used. */
export async function newRequest(site: SiteIdentity): Promise<{ key: string; request: string }> {
  const x509 = await library();
  const keys = await newKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(site),
    keys,
    signingAlgorithm: algorithm,
  });
  return { key: await pemOf(keys.privateKey), request: `${request.toString('pem')}\n` };
}

// With a space: a common name that looks like a host would fall under the authority's name constraints.
const subjectOf = ({ role, id }: SiteIdentity) => [{ CN: [`Reflexe ${role} ${id}`] }, { OU: [role] }];

/** A certificate to ask with, for a site or a box; of its request only the key is taken, the rest is ours to say. */
export async function issueForRequest(
  signer: Signer,
  site: SiteIdentity,
  request: string,
  now: number,
): Promise<Result<string>> {
  const { Pkcs10CertificateRequest } = await library();
  try {
    const asked = new Pkcs10CertificateRequest(request);
    if (!(await asked.verify())) return requestRefused('a request signed by the key it names');
    const key = await asked.publicKey.export();
    const { name } = key.algorithm;
    const curve = 'namedCurve' in key.algorithm ? key.algorithm.namedCurve : undefined;
    if (name !== 'ECDSA' || (curve !== 'P-256' && curve !== 'P-384'))
      return requestRefused('an EC key on P-256 or P-384');
    return accept(await siteCertificate(signer, site, key, now));
  } catch {
    return requestRefused('a PKCS #10 request in PEM');
  }
}

const requestRefused = (expected: string) =>
  refuse('certificate-request-refused', 'This request for a certificate cannot be granted.', {
    expected,
    kept: 'Nothing was issued.',
    cure: 'Make one with: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr -subj /CN=site',
  });

async function siteCertificate(
  signer: Signer,
  site: SiteIdentity,
  publicKey: webcrypto.CryptoKey,
  now: number,
): Promise<string> {
  const x509 = await library();
  return issue(signer, {
    publicKey,
    subject: subjectOf(site),
    notBefore: now - backdatedMilliseconds,
    notAfter: now + validity.siteMilliseconds,
    usage: x509.ExtendedKeyUsage.clientAuth,
    alternatives: [{ type: 'url' as const, value: siteUri(site) }],
  });
}

interface Wanted {
  publicKey: webcrypto.CryptoKey;
  subject: { [type: string]: string[] }[];
  notBefore: number;
  notAfter: number;
  usage: string;
  alternatives: { type: 'dns' | 'ip' | 'url'; value: string }[];
}

async function issue(signer: Signer, wanted: Wanted): Promise<string> {
  const x509 = await library();
  const authority = new x509.X509Certificate(signer.certificate);
  const pkcs8 = x509.PemConverter.decodeFirst(signer.key);
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: wanted.subject,
    issuer: authority.subject,
    // Never longer than who vouches for it.
    notBefore: new Date(wanted.notBefore),
    notAfter: new Date(Math.min(wanted.notAfter, authority.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: wanted.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([wanted.usage]),
      new x509.SubjectAlternativeNameExtension(wanted.alternatives),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(wanted.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}
