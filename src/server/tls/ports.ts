/** Another machine of ours, as its certificate says: a site of the group, or a box (the clean room's machine). */
export interface SiteIdentity {
  role: 'site' | 'box';
  id: string;
}

/** What the door shows to those who come in. PEM. */
export interface Shown {
  key: string;
  /** Its own certificate first, then those between it and its authority. */
  chain: string;
  /** The authority that vouches for sites and boxes. */
  siteAuthority: string;
}

/** Certificates at the door. What they are may change while the hub runs: the door then changes without closing. */
export interface DoorCertificates {
  /** Names and addresses people and machines may use, as the certificate says. */
  readonly names: readonly string[];
  /** What to install on workstations (PEM) with its SHA-256; null where the certificate was supplied. */
  readonly authority: { certificate: string; fingerprint: string } | null;
  shown(): Shown;
  /** `serial` in upper-case hex, as Node gives it. */
  isRevoked(serial: string): boolean;
  onChange(listener: () => void): () => void;
}
