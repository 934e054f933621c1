import type { Grant } from '../roles.ts';

/** What a program shows instead of a session. */
export interface ApiToken {
  id: string;
  /** Who answers for it; it may never more than they may. */
  person: string;
  label: string;
  tokenHash: string;
  grants: readonly Grant[];
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}

export interface ApiTokenStore {
  put(token: ApiToken): void;
  find(tokenHash: string): ApiToken | undefined;
  /** Oldest first, expired ones included. */
  of(person: string): ApiToken[];
  used(id: string, at: number): void;
  remove(person: string, id: string): boolean;
}
