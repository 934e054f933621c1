import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Attempt } from '../access/access.ts';
import { accept, type Result } from '../journal/result.ts';
import { type AccessDoor, ownSession, relyingParty, sessionBody, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { OptionsBody, SessionBody, SessionsBody } from './protocol.ts';

const { password, code, id, response } = shapes;
const instant = (at: number): string => new Date(at).toISOString();

/** One's own sessions, one's password, and proving again who one is. */
export function accountRoutes(door: AccessDoor): JsonRoute[] {
  const { access, cookies } = door;

  function ownSessions({ person, session: here }: ReturnType<typeof ownSession>): SessionsBody {
    const sessions = access.sessions.list(person.id).map(({ id: session, createdAt, seenAt, device, strength }) => ({
      id: session,
      since: instant(createdAt),
      seen: instant(seenAt),
      here: session === here.id,
      device,
      strength,
    }));
    return { sessions };
  }

  function proved(
    attempt: Attempt<{ sessionToken: string }>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Result<SessionBody> {
    if (!attempt.ok) return attempt;
    cookies.renew(reply, attempt.value.sessionToken);
    const here = ownSession(request);
    return accept(sessionBody(access.sessions.look(here.session.id) ?? here));
  }

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/sessions',
      act: 'account.manage',
      handle: ({ request }) => accept(ownSessions(ownSession(request))),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sessions/revoke',
      act: 'account.manage',
      body: z.strictObject({ session: id }),
      handle({ body, person, request }) {
        const here = ownSession(request);
        const ended = access.sessions.end(person.id, body.session);
        return ended.ok ? accept(ownSessions(here)) : ended;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sessions/revoke-others',
      act: 'account.manage',
      handle({ person, request }) {
        const here = ownSession(request);
        access.sessions.endAll(person.id, 'revoked', here.session.id);
        return accept(ownSessions(here));
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/password',
      act: 'account.protect',
      body: z.strictObject({ current: password.optional(), password }),
      async handle({ body, person, request }) {
        const changed = await access.changePassword(person, body, ownSession(request).session.id);
        return changed.ok ? accept({}) : changed;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/session/prove',
      act: 'account.manage',
      body: z.strictObject({ password, code: code.optional() }),
      handle: async ({ body, request, reply }) =>
        proved(await access.proofs.byPassword(ownSession(request), body.password, body.code), request, reply),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/session/prove/passkey/options',
      act: 'account.manage',
      async handle({ request }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const options = await access.proofs.passkeyOptions(rp.value, ownSession(request));
        return options.ok ? accept<OptionsBody>({ options: options.value }) : options;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/session/prove/passkey',
      act: 'account.manage',
      body: z.strictObject({ response }),
      async handle({ body, request, reply }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        return proved(await access.proofs.byPasskey(rp.value, ownSession(request), body.response), request, reply);
      },
    }),
  ];
}
