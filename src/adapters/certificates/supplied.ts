import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { namesIn } from './folder.ts';

/** Certificates made elsewhere: by the hospital's own authority, or a public one. */
export interface SuppliedPaths {
  /** The certificate, followed by those between it and its authority (PEM). */
  certificate: string;
  /** Its private key (PEM, without a passphrase), closed to others. */
  key: string;
}

export interface Supplied {
  key: string;
  chain: string;
  names: string[];
  expiresAt: number;
}

const bytesMax = 256 * 1024;
const othersMayRead = 0o077;
const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/g;

/** Reads and checks supplied certificates, or refuses with the one thing to correct. `wanted`: the name people use. */
export async function readSupplied(
  paths: SuppliedPaths,
  wanted: string | undefined,
  now: number,
): Promise<Result<Supplied>> {
  const chainText = await fileText(paths.certificate);
  if (!chainText.ok) return chainText;
  const keyText = await fileText(paths.key, othersMayRead);
  if (!keyText.ok) return keyText;

  const chain: X509Certificate[] = [];
  for (const one of chainText.value.match(pem) ?? []) {
    try {
      chain.push(new X509Certificate(one));
    } catch {
      return wrong(paths.certificate, 'only readable X.509 certificates in PEM');
    }
  }
  const [own, ...others] = chain;
  if (own === undefined) return wrong(paths.certificate, 'a certificate in PEM');
  if (own.ca) return wrong(paths.certificate, 'the hub’s own certificate first, then those that vouch for it');

  try {
    if (!own.checkPrivateKey(createPrivateKey(keyText.value))) return wrong(paths.key, 'the key of this certificate');
  } catch {
    return wrong(paths.key, 'a private key in PEM, without a passphrase');
  }
  const broken = chain.findIndex((one, at) => {
    const next = chain[at + 1];
    return next !== undefined && !(one.checkIssued(next) && one.verify(next.publicKey));
  });
  if (broken !== -1) {
    return wrong(
      paths.certificate,
      `each certificate signed by the next one: number ${broken + 1} is not by number ${broken + 2}`,
    );
  }
  const late = [own, ...others].find((one) => one.validToDate.getTime() <= now || one.validFromDate.getTime() > now);
  if (late !== undefined) {
    const from = late.validFromDate.toISOString();
    return wrong(
      paths.certificate,
      `certificates valid today: one is valid from ${from} to ${late.validToDate.toISOString()}`,
    );
  }
  if (wanted !== undefined && (isIP(wanted) === 0 ? own.checkHost(wanted) : own.checkIP(wanted)) === undefined) {
    return wrong(
      paths.certificate,
      `a certificate for ${wanted}: this one is for ${namesIn(own).join(', ') || 'no name'}`,
    );
  }
  const usages = own.keyUsage;
  if (usages !== undefined && usages.length > 0 && !usages.includes('1.3.6.1.5.5.7.3.1')) {
    return wrong(paths.certificate, 'a certificate to serve (extended key usage serverAuth)');
  }
  return accept({
    key: keyText.value,
    chain: chain.map((one) => one.toString()).join(''),
    names: namesIn(own),
    expiresAt: Math.min(...chain.map((one) => one.validToDate.getTime())),
  });
}

async function fileText(path: string, forbiddenMode = 0): Promise<Result<string>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return wrong(path, 'a file this account may read');
  if (found.size > bytesMax) return wrong(path, `a file of at most ${bytesMax} bytes`);
  if ((found.mode & forbiddenMode) !== 0) return wrong(path, `mode 0600: chmod 600 ${path}`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? wrong(path, 'a file this account may read') : accept(text);
}

const wrong = (where: string, expected: string) =>
  refuse('supplied-certificate-refused', 'The certificate supplied for this hub cannot be shown.', {
    where,
    expected,
    kept: 'Nothing was changed; a hub that runs goes on with the one it has.',
    cure: 'Correct the file, or take the lines out of transport.yaml: Reflexe then makes its own certificate.',
  });
