import type { Result } from '../../journal/result.ts';
import type { Grant, Person } from '../person.ts';
import type { Caller, Issued, Proof } from '../sessions.ts';

/**
 * One use of a break-glass, in the erasable store beside people: name, reason and note are personal, and never in the journal.
 * Times are milliseconds since 1970.
 */
export interface BreakGlassUse {
  id: string;
  kind: 'care' | 'administrative';
  /** Care: the ward it is limited to, and the card that opened it. */
  ward: string | null;
  card: string | null;
  /** Administrative: the set of envelopes. */
  set: string | null;
  /** The guest made for this use alone, and the session opened last for it. */
  person: string;
  session: string;
  name: string;
  reason: string;
  address: string;
  openedAt: number;
  endsAt: number;
  endedAt: number | null;
  review: Review | null;
}

export interface Review {
  by: string;
  at: number;
  outcome: 'accepted' | 'questioned';
  note: string;
}

/** Every write is durable before the call returns. */
export interface BreakGlassStore {
  /** Adds it, or replaces the one of this id. */
  put(use: BreakGlassUse): void;
  byId(id: string): BreakGlassUse | undefined;
  byPerson(person: string): BreakGlassUse | undefined;
  /** Those that are not ended, or not reviewed, or opened since; oldest first. */
  current(openedSince: number): BreakGlassUse[];
  /** Erases those opened before, ended and reviewed; answers whose they were. */
  forget(openedBefore: number): string[];
}

/** One of the two sealed accounts. Of what the envelope holds only a keyed index is kept. */
export interface Envelope {
  set: string;
  number: 1 | 2;
  codeIndex: string;
  sealedAt: number;
  sealedBy: string;
  /** When it was first opened; from then on it asks to be sealed anew. */
  openedAt: number | null;
}

export interface EnvelopeStore {
  /** The envelopes there were are void from now on: both or neither. */
  replace(envelopes: readonly [Envelope, Envelope]): void;
  /** First, second; empty before the first sealing. */
  list(): Envelope[];
  /** Keeps the first moment. */
  opened(set: string, number: 1 | 2, at: number): void;
}

/** People a way in makes by itself: without a password, and told apart by their id. */
export interface Newcomers {
  /** Its sign-in name is its own: nobody types it. */
  add(person: Person): boolean;
  setGrants(id: string, grants: readonly Grant[]): void;
  remove(id: string): boolean;
}

/** Opens and ends sessions: `Access` is one. */
export interface SessionDoor {
  open(person: Person, proof: Proof, caller: Caller): Issued;
  end(person: string, session: string): Result<void>;
}
