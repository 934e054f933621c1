import type { Result } from '../../journal/result.ts';
import type { Words } from '../../map/model.ts';
import type { Strength } from '../methods.ts';

/** Someone a provider vouches for, every check of the answer passed. */
export interface Identity {
  /** Stable at the provider, and what a person is linked by: names and addresses change hands. */
  subject: string;
  name: string | null;
  /** A professional number (RPPS), where the provider gives one. */
  identifier: string | null;
  /** Of the signed answer and of the provider's account of the person: what mapping rules look at. */
  claims: { readonly [claim: string]: unknown };
  strength: Strength;
  /** Shown to the provider again at signing out. */
  idToken: string;
}

/** What must be known again when the answer comes; it never leaves the hub. */
export interface Asked {
  state: string;
  nonce: string;
  codeVerifier: string;
  redirectUri: string;
}

export type ProviderState = 'unknown' | 'answers' | 'silent';

/** One OpenID provider. Short time limits everywhere: who waits for it has other ways in. */
export interface OidcProvider {
  readonly id: string;
  readonly label: Words;
  /** Where to send the browser. Refuses `provider-silent` (retryable) within seconds. */
  begin(redirectUri: string): Promise<Result<{ url: string; asked: Asked }>>;
  /** `answer` is the whole address the browser came back to. Refuses whatever is not wholly right. */
  finish(asked: Asked, answer: URL): Promise<Result<Identity>>;
  /** As last seen, at once; `look` asks again in the background. */
  state(): { state: ProviderState; at: number | null };
  look(): Promise<void>;
  /** Where to sign out at the provider too; null where it has no such page. */
  signOutUrl(idToken: string | null, returnTo: string): string | null;
}

/** Which subject of which provider is which person. Durable before the call returns; times are ms since 1970. */
export interface ProviderLink {
  provider: string;
  subject: string;
  person: string;
  /** Made by mapping: grants follow the provider's claims. By an administrator: grants are ours. */
  source: 'mapping' | 'administrator';
  linkedAt: number;
}

export interface LinkStore {
  /** Adds it, or replaces the one of this subject. */
  put(link: ProviderLink): void;
  find(provider: string, subject: string): ProviderLink | undefined;
  list(): ProviderLink[];
  /** True where there was one. */
  remove(provider: string, subject: string): boolean;
}

/** Somebody a provider vouches for, whom nobody here knows yet: erasable, bounded. */
export interface WaitingSubject {
  id: string;
  provider: string;
  subject: string;
  name: string | null;
  identifier: string | null;
  askedAt: number;
}

export interface WaitingStore {
  /** Once per subject, the first id kept; the `keep` newest stay. */
  put(waiting: WaitingSubject, keep: number): WaitingSubject;
  byId(id: string): WaitingSubject | undefined;
  /** Oldest first. */
  list(): WaitingSubject[];
  remove(id: string): void;
}

/** A person awaited under a professional number (RPPS): linked at their first sign-in, without waiting. */
export interface ExpectedStore {
  put(provider: string, identifier: string, person: string): void;
  /** The person awaited, who from now on is not: once. */
  take(provider: string, identifier: string): string | undefined;
}
