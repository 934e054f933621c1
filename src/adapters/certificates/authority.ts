import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { openText, type Sealer } from '../../access/sealer.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import type { SiteIdentity } from '../../server/tls/ports.ts';
import { type AuthorityRecord, CertificateFolder, type IssuedRecord, namesIn, plainName } from './folder.ts';
import { permits, privateNetworks } from './nameConstraints.ts';
import {
  createAuthority,
  fingerprintOf,
  type Issued,
  issueForRequest,
  issueHub,
  type Signer,
  validity,
} from './sign.ts';

export interface AuthorityParts {
  /** `certificates/` of the hub's data folder. */
  folder: string;
  establishment: string;
  /** Seals the keys: what lies on the disk is of no use without the hub's master key. */
  sealer: Sealer;
  /** Under which people and machines reach this hub, the one people use first. */
  names: readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
}

const authorityKey = (certificate: string): string => `certificates.authority:${fingerprintOf(certificate)}`;
const hubKey = (certificate: string): string => `certificates.hub:${fingerprintOf(certificate)}`;

/** The hospital's own authority: made at first run, vouches for the hub, its sites and its boxes. */
export class Authority {
  readonly #parts: AuthorityParts;
  readonly #folder: CertificateFolder;
  #record: AuthorityRecord;

  private constructor(parts: AuthorityParts, folder: CertificateFolder, record: AuthorityRecord) {
    this.#parts = parts;
    this.#folder = folder;
    this.#record = record;
  }

  /** Opens the authority of a folder, or makes it; `makeNew` replaces one that is there. */
  static async open(parts: AuthorityParts, makeNew = false): Promise<Result<Authority>> {
    const folder = new CertificateFolder(parts.folder);
    return refusing(async () => {
      const record = (makeNew ? undefined : folder.authority()) ?? (await made(parts, folder));
      return accept(new Authority(parts, folder, record));
    });
  }

  get certificate(): string {
    return this.#record.certificate;
  }

  get fingerprint(): string {
    return fingerprintOf(this.certificate);
  }

  get expiresAt(): number {
    return new X509Certificate(this.certificate).validToDate.getTime();
  }

  issued(): IssuedRecord[] {
    return this.#folder.issued();
  }

  revoked(): ReadonlySet<string> {
    return this.#folder.revoked();
  }

  /** The hub's key and certificate as they stand; undefined: none, or not what it should be any more. */
  hub(): Issued | undefined {
    const kept = this.#folder.hub();
    if (kept === undefined) return undefined;
    const certificate = new X509Certificate(kept.certificate);
    const named = namesIn(certificate);
    const isOurs = certificate.verify(new X509Certificate(this.certificate).publicKey);
    const isFull = this.#wanted().every((name) => named.includes(plainName(name)));
    const isLasting =
      certificate.validToDate.getTime() - this.#parts.now() > validity.renewBeforeMilliseconds &&
      certificate.validFromDate.getTime() <= this.#parts.now();
    if (!isOurs || !isFull || !isLasting || this.revoked().has(certificate.serialNumber)) return undefined;
    return { key: this.#open(hubKey(kept.certificate), kept.sealedKey), certificate: kept.certificate };
  }

  /** A new certificate for the hub, for the names and addresses it has now. */
  renewHub(): Promise<Result<Issued>> {
    return refusing(() => this.#renewHub());
  }

  async #renewHub(): Promise<Result<Issued>> {
    const { sealer, names, now } = this.#parts;
    const [first] = names;
    if (first !== undefined && !this.#permits(first)) return nameOutside(first, this.#record);
    const issued = await issueHub(this.#signer(), this.#wanted(), now());
    const sealedKey = Buffer.from(sealer.seal(hubKey(issued.certificate), issued.key)).toString('base64');
    this.#folder.keepHub({ certificate: issued.certificate, sealedKey });
    this.#folder.keepIssued(issued.certificate);
    this.#folder.forget(now() - validity.siteMilliseconds);
    return accept(issued);
  }

  /** A certificate for a site or a box, for the key of this request (PKCS #10): the key itself stays where it was made. */
  issue(site: SiteIdentity, request: string): Promise<Result<string>> {
    return refusing(async () => {
      const certificate = await issueForRequest(this.#signer(), site, request, this.#parts.now());
      if (certificate.ok) this.#folder.keepIssued(certificate.value);
      return certificate;
    });
  }

  revoke(serial: string, reason: string): Result<IssuedRecord> {
    return this.#folder.revoke(serial, reason, this.#parts.now());
  }

  /** What it may certify of what is asked: an address that came with a new network card must not stop the door. */
  #wanted(): string[] {
    return this.#parts.names.filter((name) => this.#permits(name));
  }

  #permits(name: string): boolean {
    return permits(this.#record.names, this.#record.networks, name);
  }

  #signer(): Signer {
    const { certificate, sealedKey } = this.#record;
    return { certificate, key: this.#open(authorityKey(certificate), sealedKey) };
  }

  #open(what: string, sealed: string): string {
    return openText(this.#parts.sealer, what, Buffer.from(sealed, 'base64'));
  }
}

/** Sealer and folder refuse by throwing. */
async function refusing<Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

async function made({ establishment, sealer, names, now }: AuthorityParts, folder: CertificateFolder) {
  const permitted = {
    names: names.filter((name) => isIP(name) === 0).map((name) => name.toLowerCase()),
    networks: [
      ...privateNetworks,
      ...names
        .filter((name) => isIP(name) !== 0 && !permits([], privateNetworks, name))
        .map((address) => `${address}/${isIP(address) === 4 ? 32 : 128}`),
    ],
  };
  const { key, certificate } = await createAuthority(establishment, permitted, now());
  const sealedKey = Buffer.from(sealer.seal(authorityKey(certificate), key)).toString('base64');
  const record: AuthorityRecord = { certificate, sealedKey, ...permitted };
  folder.keepAuthority(record);
  return record;
}

const nameOutside = (name: string, { names, networks }: AuthorityRecord) =>
  refuse(
    'name-outside-authority',
    'The authority may not certify this name: it was made for others, and is bound to them.',
    {
      where: name,
      expected: `one of ${names.join(', ')}, a name under them, or an address of ${networks.join(', ')}`,
      kept: 'The certificates as they are.',
      cure: 'Make a new authority, then install it on the workstations: reflexe certificates renew --authority.',
    },
  );
