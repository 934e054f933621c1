import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access, Attempt, Issued, SignedIn } from '../access/access.ts';
import { accessLimits } from '../access/limits.ts';
import { type RelyingParty, relyingPartyOf } from '../access/passkeys/relyingParty.ts';
import type { Person } from '../access/person.ts';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import type { SessionCookies } from './identify.ts';
import type { PersonBody, SessionBody } from './protocol.ts';

/** What the routes of access stand on. */
export interface AccessDoor {
  access: Access;
  cookies: SessionCookies;
  publicUrl: string | undefined;
  passkeyDomain: string | undefined;
}

/** Shapes that several of these routes take. */
export const shapes = {
  name: z.string().trim().min(1).max(accessLimits.nameCharactersMax),
  /** Longer than a password may be, so that the refusal is about passwords; shorter than what would cost to hash. */
  password: z
    .string()
    .min(1)
    .max(accessLimits.passwordCharactersMax * 2),
  token: z.string().min(1).max(100),
  code: z.string().trim().min(1).max(40),
  id: z.string().min(1).max(200),
  /** Checked by whoever verifies it; a browser's answer is some kilobytes. */
  response: z.looseObject({ id: z.string().max(1400) }),
};

/**
 * Under which name and origin passkeys are made and used: those the page was opened under, which the door has already
 * found to be ours (origin.ts). `id` stays the same on every machine that serves that name.
 */
export function relyingParty(request: FastifyRequest, { publicUrl, passkeyDomain }: AccessDoor): Result<RelyingParty> {
  const asked = request.headers.origin ?? publicUrl ?? `${request.protocol}://${request.host}`;
  const isPublic = publicUrl !== undefined && new URL(publicUrl).host === new URL(asked).host;
  const domain = publicUrl === undefined || isPublic ? passkeyDomain : undefined;
  return relyingPartyOf({ url: asked, passkeyDomain: domain });
}

/** Gives the cookies of what was opened, and says who it is. */
export function opened(
  attempt: Attempt<Issued & { skewSeconds?: number; left?: number }>,
  cookies: SessionCookies,
  reply: FastifyReply,
): Result<SessionBody> {
  if (!attempt.ok) return attempt;
  cookies.give(reply, attempt.value);
  const { skewSeconds, left } = attempt.value;
  return accept({
    ...sessionBody(attempt.value),
    ...(skewSeconds === undefined ? {} : { skewSeconds }),
    ...(left === undefined ? {} : { recoveryCodesLeft: left }),
  });
}

export const sessionBody = ({ person, session, enrolling }: SignedIn): SessionBody => ({
  person: personBody(person),
  session: { strength: session.strength, enrolling, proved: new Date(session.provedAt).toISOString() },
});

/** The session behind the cookie; a program's token has none. */
export function ownSession({ signedIn }: FastifyRequest): SignedIn {
  if (signedIn === null) throw new Refused(refuse('signed-out', 'Nobody is signed in.').refusal);
  if (signedIn.session.method === 'apiToken') throw new Refused(forPersons);
  return signedIn;
}

const forPersons = refuse('not-allowed', 'An account is looked after by its person, not by a program.', {
  kept: 'Nothing was changed.',
  cure: 'Sign in with a browser.',
}).refusal;

const personBody = ({ id, name, displayName, grants }: Person): PersonBody => ({
  id,
  name,
  displayName,
  roles: [...new Set(grants.map(({ role }) => role))],
});
