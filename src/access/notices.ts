import type { SignInMethod, Strength } from './methods.ts';

export type SessionEnd = 'signedOut' | 'revoked' | 'replaced' | 'tooMany' | 'reset' | 'tokenReused';

/**
 * What happened to people's access, in ids only: whoever wires the hub journals it.
 * No name, no address, nothing anyone typed. `person` is absent where nobody known is concerned.
 */
export type AccessNotice =
  | { type: 'SignedIn'; person: string; session: string; method: SignInMethod; strength: Strength }
  | { type: 'ProvedAgain'; person: string; session: string; method: SignInMethod; strength: Strength }
  | { type: 'SessionEnded'; person: string; session: string; why: SessionEnd }
  /** Guesses came so close together that the next one has to wait. */
  | { type: 'GuessesSlowed'; at: 'account' | 'address' | 'device'; person?: string };

export type OnNotice = (notice: AccessNotice) => void;
