/** Why someone gets a one-time link: they are new here, or they lost what they signed in with. */
export const invitationKinds = ['welcome', 'reset'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

export interface Invitation {
  id: string;
  person: string;
  kind: InvitationKind;
  /** The token itself is in the link only. */
  tokenHash: string;
  /** The administrator who made it. */
  by: string;
  createdAt: number;
  expiresAt: number;
}

export interface InvitationStore {
  /** The links this person had before are void. */
  put(invitation: Invitation): void;
  /** While it is neither used nor expired. */
  find(tokenHash: string, now: number): Invitation | undefined;
  /** Those that still open, oldest first. */
  open(now: number): Invitation[];
  /** For one caller only: from then on it opens nothing. */
  redeem(tokenHash: string, now: number): Invitation | undefined;
  cancel(person: string): boolean;
}
