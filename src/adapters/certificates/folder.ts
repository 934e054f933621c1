import { X509Certificate } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isIP } from 'node:net';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { accept, type Refusal, Refused, type Result, refuse } from '../../journal/result.ts';
import type { SiteIdentity } from '../../server/tls/ports.ts';
import { identityIn } from '../../server/tls/sites.ts';

/**
 * What the hub keeps of certificates, under `certificates/` of its data folder:
 * `authority.json` and `hub.json` (certificate, and its key sealed), `authority.pem` (to install on workstations),
 * `issued/SERIAL.pem` and `revoked/SERIAL.json`, one file each, so that the command line and a running hub never overwrite
 * one another. Every file is replaced whole and flushed before it is named.
 */
const Sealed = z.object({ certificate: z.string(), sealedKey: z.base64() });
const AuthorityFile = Sealed.extend({ names: z.array(z.string()), networks: z.array(z.string()) });
const Revocation = z.object({ at: z.iso.datetime(), reason: z.string().max(500) });

export type SealedKey = z.infer<typeof Sealed>;
export type AuthorityRecord = z.infer<typeof AuthorityFile>;

export interface IssuedRecord {
  /** Upper-case hex, as Node and browsers show it. */
  serial: string;
  for: SiteIdentity | 'hub';
  names: string[];
  notBefore: string;
  notAfter: string;
  fingerprint: string;
  revoked: z.infer<typeof Revocation> | null;
}

/** A group of hospitals has some tens of sites; a certificate a day for thirty years. */
const issuedMax = 10_000;
const serialFile = /^([0-9A-F]{2,40})\.(pem|json)$/;

export class CertificateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  authority(): AuthorityRecord | undefined {
    return this.#read('authority.json', AuthorityFile);
  }

  hub(): SealedKey | undefined {
    return this.#read('hub.json', Sealed);
  }

  /** A new authority: what the former one vouched for is not ours any more. */
  keepAuthority(record: AuthorityRecord): void {
    this.#write('authority.json', JSON.stringify(record));
    this.#write('authority.pem', record.certificate);
  }

  keepHub(record: SealedKey): void {
    this.#write('hub.json', JSON.stringify(record));
  }

  keepIssued(certificate: string): void {
    const { serialNumber } = new X509Certificate(certificate);
    this.#write(join('issued', `${serialNumber}.pem`), certificate);
  }

  /** For good: a revocation is never taken back; a new certificate is issued instead. The serial number is in hex, with or without colons. */
  revoke(serial: string, reason: string, now: number): Result<IssuedRecord> {
    const found = this.issued().find((one) => one.serial === serial.toUpperCase().replaceAll(':', ''));
    if (found === undefined) {
      return refuse('certificate-missing', 'No certificate of this serial number was issued here.', {
        where: serial.slice(0, 100),
        kept: 'Nothing was revoked.',
        cure: 'List them: reflexe certificates show.',
      });
    }
    const revoked = found.revoked ?? { at: new Date(now).toISOString(), reason };
    if (found.revoked === null) this.#write(join('revoked', `${found.serial}.json`), JSON.stringify(revoked));
    return accept({ ...found, revoked });
  }

  revoked(): ReadonlySet<string> {
    return new Set(this.#serials('revoked'));
  }

  /** Newest last. */
  issued(): IssuedRecord[] {
    const records = this.#serials('issued').map((serial): IssuedRecord => {
      const text = readFileSync(join(this.path, 'issued', `${serial}.pem`), 'utf8');
      const certificate = new X509Certificate(text);
      const identity = identityIn(certificate);
      return {
        serial,
        for: identity ?? 'hub',
        names: identity === undefined ? namesIn(certificate) : [],
        notBefore: certificate.validFromDate.toISOString(),
        notAfter: certificate.validToDate.toISOString(),
        fingerprint: certificate.fingerprint256,
        revoked: this.#read(join('revoked', `${serial}.json`), Revocation) ?? null,
      };
    });
    return records.sort((one, other) => one.notBefore.localeCompare(other.notBefore));
  }

  /** Forgets what has expired since long: a revocation is needed as long as its certificate could be shown. */
  forget(expiredBefore: number): void {
    for (const { serial, notAfter } of this.issued()) {
      if (Date.parse(notAfter) >= expiredBefore) continue;
      rmSync(join(this.path, 'issued', `${serial}.pem`), { force: true });
      rmSync(join(this.path, 'revoked', `${serial}.json`), { force: true });
    }
  }

  #serials(folder: string): string[] {
    let files: string[];
    try {
      files = readdirSync(join(this.path, folder));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return files.flatMap((file) => serialFile.exec(file)?.[1] ?? []).slice(0, issuedMax);
  }

  #read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.path, file), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      throw new Refused(damaged(join(this.path, file)));
    }
  }

  #write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    if (file !== basename(file)) mkdirSync(join(this.path, file, '..'), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    renameSync(draft, path);
    const folder = openSync(join(path, '..'), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }
}

/** The names and addresses a certificate is for. */
export const namesIn = (certificate: X509Certificate): string[] =>
  (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((one) => /^(?:DNS|IP Address):([\w.:*-]+)$/.exec(one)?.[1] ?? [])
    .map(plainName);

export const namesOfCertificate = (pem: string): string[] => namesIn(new X509Certificate(pem));

/** One way of writing each name and address, so that they can be compared. */
export const plainName = (name: string): string =>
  isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const damaged = (where: string): Refusal => ({
  code: 'certificates-damaged',
  message: 'This file of the certificates cannot be read.',
  where,
  expected: 'the file as Reflexe wrote it',
  kept: 'It was left as it is.',
  cure: 'Put it back from a copy of the data folder, or make a new authority: reflexe certificates renew --authority.',
  retryable: false,
});
