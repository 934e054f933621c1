import type { Result } from '../../journal/result.ts';
import type { Person } from '../person.ts';
import type { RelyingParty } from './relyingParty.ts';

export interface Passkey {
  /** The credential's id, base64url. */
  id: string;
  person: string;
  /** What its owner calls it: `Téléphone`. */
  name: string;
  /** COSE key, base64url. */
  publicKey: string;
  /** How often the authenticator says it was used; 0 for ever where it does not count. */
  counter: number;
  transports: readonly string[];
  /** The name it was made under: it works under no other. */
  rpId: string;
  /** Kept by a provider on several devices, not in one piece of hardware. */
  isSynced: boolean;
  createdAt: number;
  usedAt: number | null;
  /** Its counter went back once: two authenticators may hold it. */
  isSuspect: boolean;
}

/** Every write is durable before the call returns. */
export interface PasskeyStore {
  /** Adds it, or replaces the one of this id. */
  put(passkey: Passkey): void;
  find(id: string): Passkey | undefined;
  /** Oldest first. */
  of(person: string): Passkey[];
  remove(person: string, id: string): boolean;
  removeAll(person: string): void;
}

/** What a browser is given to call `navigator.credentials` with, in the JSON of WebAuthn Level 3. */
export type CeremonyOptions = object;

export interface Expected {
  rp: RelyingParty;
  /** Answers true once for a challenge that was given out, for what it was given out. */
  isChallenge(challenge: string): boolean;
}

export type MadePasskey = Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports' | 'isSynced'>;

/** The WebAuthn ceremonies. User verification is always required: a passkey stands for two factors. */
export interface PasskeyCeremonies {
  creation(rp: RelyingParty, person: Person, challenge: string, known: readonly Passkey[]): Promise<CeremonyOptions>;
  /** `allowed` undefined: any passkey the authenticator discovers. */
  request(rp: RelyingParty, challenge: string, allowed?: readonly Passkey[]): Promise<CeremonyOptions>;
  /** Refuses `passkey-refused`. `response` comes from outside, unchecked. */
  verifyCreation(response: unknown, expected: Expected): Promise<Result<MadePasskey>>;
  /** Which credential the answer claims to come from, and whose; undefined where it cannot be read. */
  claimed(response: unknown): { id: string; person: string | undefined } | undefined;
  /** The counter the authenticator shows now. Refuses `passkey-refused`; does not judge the counter. */
  verifyUse(response: unknown, passkey: Passkey, expected: Expected): Promise<Result<{ counter: number }>>;
}
