import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Access, Attempt } from '../access/access.ts';
import { accessLimits } from '../access/limits.ts';
import type { Person } from '../access/person.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { SessionCookies } from './identify.ts';
import type { FirstSignInBody, PersonBody, SessionBody, SessionsBody, SignInBody } from './protocol.ts';

const { nameCharactersMax, passwordCharactersMax } = accessLimits;
const name = z.string().trim().min(1).max(nameCharactersMax);
/** Longer than a password may be, so that the refusal is about passwords; shorter than what would cost to hash. */
const password = z
  .string()
  .min(1)
  .max(passwordCharactersMax * 2);

const FirstSignIn = z.strictObject({
  token: z.string().min(1).max(100),
  name,
  displayName: name,
  password,
}) satisfies z.ZodType<FirstSignInBody>;
const SignIn = z.strictObject({ name, password }) satisfies z.ZodType<SignInBody>;
const Revoke = z.strictObject({ session: z.string().min(1).max(100) });

/** Signing in and out, and one's own sessions. */
export function accessRoutes(access: Access, cookies: SessionCookies): JsonRoute[] {
  function opened(attempt: Attempt, reply: FastifyReply): Result<SessionBody> {
    if (!attempt.ok) return attempt;
    cookies.give(reply, attempt.value);
    return accept({ person: personBody(attempt.value.person) });
  }

  const signedOut = () =>
    access.isNew()
      ? refuse('first-sign-in', 'Nobody can sign in yet.', {
          cure: 'Open the one-time link that Reflexe printed when it started.',
        })
      : refuse('signed-out', 'Nobody is signed in.', { cure: 'Sign in.' });

  function ownSessions(person: Person, here: string | undefined): SessionsBody {
    const sessions = access.sessions.list(person.id).map(({ id, createdAt, seenAt }) => ({
      id,
      since: new Date(createdAt).toISOString(),
      seen: new Date(seenAt).toISOString(),
      here: id === here,
    }));
    return { sessions };
  }

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/session',
      act: 'session.see',
      handle: ({ person }) => (person ? accept<SessionBody>({ person: personBody(person) }) : signedOut()),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/first',
      act: 'session.open',
      body: FirstSignIn,
      handle: async ({ body, request, reply }) =>
        opened(await access.signInFirst(body, cookies.caller(request)), reply),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in',
      act: 'session.open',
      body: SignIn,
      handle: async ({ body, request, reply }) =>
        opened(await access.signIn(body.name, body.password, cookies.caller(request)), reply),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-out',
      // Also for a session that has just ended: the answer is the same, and the cookie goes.
      act: 'session.end',
      handle({ request, reply }) {
        const here = request.signedIn;
        if (here) access.sessions.end(here.person.id, here.session.id, 'signedOut');
        cookies.takeBack(reply);
        return accept({});
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/sessions',
      act: 'account.manage',
      handle: ({ person, request }) => accept(ownSessions(person, request.signedIn?.session.id)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sessions/revoke',
      act: 'account.manage',
      body: Revoke,
      handle({ body, person, request }) {
        const ended = access.sessions.end(person.id, body.session);
        return ended.ok ? accept(ownSessions(person, request.signedIn?.session.id)) : ended;
      },
    }),
  ];
}

const personBody = ({ id, name: signInName, displayName, grants }: Person): PersonBody => ({
  id,
  name: signInName,
  displayName,
  roles: [...new Set(grants.map(({ role }) => role))],
});
