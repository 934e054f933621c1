import type { Result } from '../journal/result.ts';
import type { ApiTokenStore } from './apiTokens/ports.ts';
import type { InvitationStore } from './invitations/ports.ts';
import type { SignInMethod, Strength } from './methods.ts';
import type { PasskeyStore } from './passkeys/ports.ts';
import type { Person } from './person.ts';
import type { RecoveryCodeStore, TotpStore } from './secondFactor/ports.ts';

/**
 * Where people, sessions and links are kept: an erasable store beside the journal, never in it.
 * Every write is durable before the call returns. Times are milliseconds since 1970.
 */
export interface AccessStores {
  people: PeopleStore & PeopleDesk;
  passkeys: PasskeyStore;
  totps: TotpStore;
  recoveryCodes: RecoveryCodeStore;
  invitations: InvitationStore;
  apiTokens: ApiTokenStore;
  links: FirstLinkStore;
  sessions: SessionStore;
  devices: DeviceStore;
}

export interface PeopleStore {
  isEmpty(): boolean;
  /** `name` is folded. */
  byName(name: string): { person: Person; passwordHash: string } | undefined;
  byId(id: string): Person | undefined;
  /** Empty: no password opens this account. */
  setPasswordHash(id: string, passwordHash: string): void;
}

/** What an administrator does to people; apart from `PeopleStore`, which signing in needs. */
export interface PeopleDesk {
  /** Without a password: a one-time link lets them in. False: the name is taken. */
  add(person: Person): boolean;
  /** By display name. */
  all(): Person[];
  setGrants(id: string, grants: Person['grants']): void;
  /** Erases them and all that was theirs. */
  remove(id: string): boolean;
}

/** The one-time link that makes an administrator. Only its hash is kept; there is one at a time. */
export interface FirstLinkStore {
  /** The link made before, used or not, is void from now on. */
  replace(tokenHash: string, expiresAt: number): void;
  isValid(tokenHash: string, now: number): boolean;
  /** When links were made from the machine, beside this process; each is told once. */
  takeMadeHere(): number[];
  /** Spends the link and adds the person: both or neither, and once whatever the number of callers. */
  redeem(
    tokenHash: string,
    now: number,
    person: Person,
    passwordHash: string,
  ): 'redeemed' | 'link-not-valid' | 'name-taken';
}

export interface Session {
  id: string;
  /** The token itself is known to the browser only. */
  tokenHash: string;
  /** Offered to the browser, not shown by it yet. */
  nextTokenHash: string | null;
  /** The one before `tokenHash`: good for what was under way, then a sign that two hold the session. */
  formerTokenHash: string | null;
  /** When a token last changed or was offered. */
  tokenAt: number;
  person: string;
  createdAt: number;
  seenAt: number;
  /** When the person last proved who they are: sensitive acts ask that it be recent. */
  provedAt: number;
  method: SignInMethod;
  strength: Strength;
  /** `Firefox, Windows`. */
  device: string;
}

export interface SessionStore {
  /** Adds it, or replaces the one of this id. */
  put(session: Session): void;
  /** By any of its three tokens. */
  find(tokenHash: string): Session | undefined;
  byId(id: string): Session | undefined;
  /** Oldest first. */
  of(person: string): Session[];
  /** True where there was one. */
  end(id: string): boolean;
  /** Erases those made before `createdBefore`. */
  forget(createdBefore: number): void;
}

/** Browsers a person signed in with: someone else's wrong guesses do not slow them down (OWASP's device cookies). */
export interface DeviceStore {
  /** Keeps the `keep` newest of this person. */
  add(tokenHash: string, person: string, at: number, keep: number): void;
  knows(tokenHash: string, person: string): boolean;
}

export interface PasswordHasher {
  /** Refuses `busy` (retryable) rather than let a flood take the memory. */
  hash(password: string): Promise<Result<string>>;
  verify(hash: string, password: string): Promise<Result<boolean>>;
  /** Made with weaker parameters than today's. */
  isOutdated(hash: string): boolean;
}

export interface Tokens {
  /** 256 bits from the system's generator, base64url. */
  fresh(): string;
  /** SHA-256, lower-case hex: enough for a token nobody can guess. */
  hashOf(token: string): string;
  newId(kind: string): string;
}
