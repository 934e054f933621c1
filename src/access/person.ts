import { accept, type Result, refuse } from '../journal/result.ts';
import { accessLimits } from './limits.ts';
import type { SignInMethod, Strength } from './methods.ts';
import { type Act, acts, type Right, rightTo } from './policy.ts';
import type { Grant } from './roles.ts';

export type { Right } from './policy.ts';
export type { Grant } from './roles.ts';

export interface Person {
  id: string;
  /** What they type to sign in, folded by `foldName`. */
  name: string;
  displayName: string;
  grants: readonly Grant[];
}

/** Who asks: a person, and what their session stands on. */
export interface Subject {
  person: Person;
  session: { method: SignInMethod; strength: Strength; provedAt: number };
  enrolling: boolean;
}

/** A ward that an act touches, and the site it is on. */
export interface Place {
  ward: string;
  site: string;
}

/**
 * The only decision about rights: deny by default.
 * `places` are the wards the act touches, once known: a grant has to reach each. Before the body is read they are not, and
 * somebody who holds the role nowhere is refused without looking further.
 */
export function may(subject: Subject | null, right: Right, places?: readonly Place[]): Result<void> {
  if (right.allowed === 'public') return accept(undefined);
  if (subject === null) return refuse('signed-out', 'Nobody is signed in.', { cure: 'Sign in, then try again.' });
  if (right.allowed === 'site') return notAllowed(right);
  if (subject.enrolling && !right.whileEnrolling) return secondFactorNeeded;
  const { allowed, scope } = right;
  const held = subject.person.grants.filter(({ role }) => allowed === 'signedIn' || allowed.includes(role));
  const reaching = scope === 'establishment' ? held.filter((grant) => grant.scope === 'establishment') : held;
  const reachesAll = (places ?? []).every((place) => reaching.some((grant) => reaches(grant, place)));
  return reaching.length > 0 && reachesAll ? accept(undefined) : notAllowed(right);
}

/** Sensitive acts ask that the proof of who one is be minutes old, whatever the session's own age. */
export function provedRecently({ session }: Subject, right: Right, now: number): Result<void> {
  // Two people opened two envelopes: they have nothing else to prove it by, and their hour is short.
  const isOpenedByEnvelopes = session.method === 'administrativeBreakGlass';
  const isRecent = now - session.provedAt < accessLimits.recentProofMilliseconds;
  if (!right.recentProof || isRecent || isOpenedByEnvelopes) return accept(undefined);
  return refuse('proof-too-old', 'This act asks that you prove who you are once more.', {
    kept: 'Nothing was changed; what you typed is still there.',
    cure: 'Sign in again on the card that opens, then repeat the act.',
  });
}

/** Everything this person may do somewhere: the interface shows no door that does not open. */
export const actsOf = (subject: Subject | null): Act[] => acts.filter((act) => may(subject, rightTo(act)).ok);

/** How far somebody sees: everywhere, or these wards and the wards of these sites. */
export type Reach = 'everywhere' | { wards: readonly string[]; sites: readonly string[] };

export function reachOf({ person }: Subject, { allowed }: Right): Reach {
  const held = person.grants.filter(({ role }) => typeof allowed === 'string' || allowed.includes(role));
  if (held.some(({ scope }) => scope === 'establishment')) return 'everywhere';
  return {
    wards: [...new Set(held.flatMap((grant) => (grant.scope === 'ward' ? grant.ward : [])))].sort(),
    sites: [...new Set(held.flatMap((grant) => (grant.scope === 'site' ? grant.site : [])))].sort(),
  };
}

export function reaches(grant: Grant, { ward, site }: Place): boolean {
  switch (grant.scope) {
    case 'establishment':
      return true;
    case 'site':
      return grant.site === site;
    case 'ward':
      return grant.ward === ward;
  }
}

/** Says what the act asks for, never what or who is there. */
function notAllowed({ allowed, scope }: Right): Result<never> {
  const roles =
    allowed === 'site'
      ? 'the certificate of a site'
      : typeof allowed === 'string'
        ? 'any role'
        : `one of the roles ${[...allowed].sort().join(', ')}`;
  const reach = scope === 'establishment' ? 'for the whole establishment' : 'for each ward concerned';
  return refuse('not-allowed', 'Your roles do not allow this.', {
    expected: `${roles}, ${reach}`,
    kept: 'Nothing was changed.',
    cure: 'Ask an administrator for the role, or someone who holds it to act.',
  });
}

const secondFactorNeeded = refuse('second-factor-needed', 'On this network a password alone opens nothing.', {
  kept: 'Your password was right.',
  cure: 'Add a passkey or an authenticator application to your account; everything opens then.',
});

/** Two names that look the same to a person are the same name. */
export const foldName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
