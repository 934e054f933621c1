import { accept, type Result, refuse } from '../journal/result.ts';
import type { Allowed, Role, Scope } from './roles.ts';

export interface Grant {
  role: Role;
  scope: Scope;
}

export interface Person {
  id: string;
  /** What they type to sign in, folded by `foldName`. */
  name: string;
  displayName: string;
  grants: readonly Grant[];
}

/** What a route, a feed or a view declares about who may use it. */
export interface Right {
  allowed: Allowed;
  scope: Scope;
}

/**
 * The only decision about rights: deny by default.
 * First cut: a grant says no site or ward yet, so only a grant for the whole establishment reaches anything.
 */
export function may(person: Person | null, right: Right): Result<void> {
  if (right.allowed === 'public') return accept(undefined);
  if (person === null) return refuse('signed-out', 'Nobody is signed in.', { cure: 'Sign in, then try again.' });
  const reaching = person.grants.filter((grant) => grant.scope === 'establishment');
  if (right.allowed === 'signedIn') return reaching.length > 0 ? accept(undefined) : notAllowed;
  const { allowed } = right;
  return reaching.some((grant) => allowed.includes(grant.role)) ? accept(undefined) : notAllowed;
}

const notAllowed = refuse('not-allowed', 'Your roles do not allow this.', {
  kept: 'Nothing was changed.',
  cure: 'Ask an administrator for the role, or someone who holds it to act.',
});

/** Two names that look the same to a person are the same name. */
export const foldName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
