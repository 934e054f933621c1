/** Cards of wards, in the erasable store beside people. Of what a card holds only a keyed index is kept. Times are ms since 1970. */
export interface WardCard {
  id: string;
  ward: string;
  codeIndex: string;
  madeAt: number;
  /** The administrator who printed it. */
  madeBy: string;
  expiresAt: number;
  ended: { at: number; by: string; why: 'renewed' | 'revoked' } | null;
  lastUsedAt: number | null;
}

/** Every write is durable before the call returns. */
export interface WardCardStore {
  /** Adds it, or replaces the one of this id. */
  put(card: WardCard): void;
  byIndex(codeIndex: string): WardCard | undefined;
  byId(id: string): WardCard | undefined;
  /** By ward, oldest first. */
  list(): WardCard[];
  /** Erases those that ended or expired before this. */
  forget(endedBefore: number): void;
}
