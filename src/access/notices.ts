import type { DelayKind } from './delays.ts';
import type { InvitationKind } from './invitations/ports.ts';
import type { SignInMethod, Strength } from './methods.ts';

export type SessionEnd = 'signedOut' | 'revoked' | 'replaced' | 'tooMany' | 'reset' | 'tokenReused';

/**
 * What happened to people's access, in ids only: whoever wires the hub journals it.
 * No name, no address, nothing anyone typed. `person` is absent where nobody known is concerned.
 */
export type AccessNotice =
  | { type: 'signedIn'; person: string; session: string; method: SignInMethod; strength: Strength }
  | { type: 'provedAgain'; person: string; session: string; method: SignInMethod; strength: Strength }
  | { type: 'sessionEnded'; person: string; session: string; why: SessionEnd }
  /** Guesses came so close together that the next one has to wait. */
  | { type: 'guessesSlowed'; at: DelayKind; person?: string }
  | { type: 'factorAdded' | 'factorRemoved'; person: string; factor: 'passkey' | 'code' | 'password' }
  /** A passkey's counter went back: two authenticators may hold it. It opened nothing. */
  | { type: 'passkeyCloned'; person: string }
  | { type: 'recoveryCodesMade'; person: string }
  | { type: 'recoveryCodeUsed'; person: string; left: number }
  | { type: 'firstLinkMade'; at: number; where: 'start' | 'machine' }
  | { type: 'personAdded'; person: string; by: string | null }
  | { type: 'personInvited'; person: string; by: string; kind: InvitationKind }
  /** All they signed in with is void from now on. */
  | { type: 'personReset'; person: string; by: string }
  | { type: 'invitationUsed'; person: string; kind: InvitationKind }
  | { type: 'apiTokenMade'; person: string; token: string; until: number }
  | { type: 'apiTokenEnded'; person: string; token: string }
  /** A token was shown in an address, where every log on the way keeps it. It opened nothing. */
  | { type: 'apiTokenInUrl'; person: string; token: string };

export type OnNotice = (notice: AccessNotice) => void;
