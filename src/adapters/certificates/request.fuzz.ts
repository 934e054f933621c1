import { X509Certificate } from 'node:crypto';
import { createAuthority, issueForRequest, newRequest } from './sign.ts';

const now = Date.parse('2026-11-22T03:00:00Z');
const site = { role: 'site', id: 'north' } as const;
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;

async function open() {
  const authority = await createAuthority('CHU', { names: ['hopital.example'], networks: ['10.0.0.0/8'] }, now);
  return authority;
}
let opened: ReturnType<typeof open> | undefined;
/** Recorded: a request as a site makes one (PKCS #10, EC key on P-256). */
const { request } = await newRequest(site);
const der = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ''), 'base64');

/** What another site sends to be certified: DER in PEM, or any text. Whatever is issued says what we say, for this site alone. */
export const fuzz = {
  name: 'certificate requests',
  seeds: (): Uint8Array[] => [Buffer.concat([Buffer.of(0), der]), Buffer.concat([Buffer.of(1), Buffer.from(request)])],
  async run(input: Uint8Array): Promise<void> {
    opened ??= open();
    const rest = input.subarray(1);
    const text = (input[0] ?? 0) % 2 === 0 ? pem(rest) : Buffer.from(rest).toString('latin1');
    const issued = await issueForRequest(await opened, site, text, now);
    if (!issued.ok) return;
    const certificate = new X509Certificate(issued.value);
    if (certificate.ca || certificate.subjectAltName !== 'URI:reflexe:site:north')
      throw new Error(`issued for something else: ${certificate.subjectAltName}`);
  },
};
