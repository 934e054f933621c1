import { z } from 'zod';
import { accept, refuse } from '../journal/result.ts';
import { type AccessDoor, opened, relyingParty, sessionBody, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { AskedBody, FirstSignInBody, OptionsBody, SignInBody } from './protocol.ts';

const { name, password, token, code, response } = shapes;
const FirstSignIn = z.strictObject({
  token,
  name,
  displayName: name,
  password,
}) satisfies z.ZodType<FirstSignInBody>;
const SignIn = z.strictObject({ name, password }) satisfies z.ZodType<SignInBody>;

/** The ways in to an account of Reflexe's own, and out. */
export function signInRoutes(door: AccessDoor): JsonRoute[] {
  const { access, cookies } = door;
  const signedOut = () =>
    access.isNew()
      ? refuse('first-sign-in', 'Nobody can sign in yet.', {
          cure: 'Open the one-time link that Reflexe printed when it started.',
        })
      : refuse('signed-out', 'Nobody is signed in.', { cure: 'Sign in.' });

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/session',
      act: 'session.see',
      handle: ({ request: { signedIn } }) => (signedIn ? accept(sessionBody(signedIn)) : signedOut()),
    }),
    jsonRoute({
      method: 'POST',
      // A hand moved: on a shared desk only that keeps a session awake.
      url: '/api/session/here',
      act: 'session.see',
      handle: ({ person }) => (person ? accept({}) : signedOut()),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/first',
      act: 'session.open',
      body: FirstSignIn,
      handle: async ({ body, request, reply }) =>
        opened(await access.signInFirst(body, cookies.caller(request)), cookies, reply),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in',
      act: 'session.open',
      body: SignIn,
      async handle({ body, request, reply }) {
        const attempt = await access.signIn(body.name, body.password, cookies.caller(request));
        if (!attempt.ok) return attempt;
        const { value } = attempt;
        return 'ticket' in value ? accept<AskedBody>({ asked: value }) : opened(accept(value), cookies, reply);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/code',
      act: 'session.open',
      body: z.strictObject({ ticket: token, code }),
      handle: ({ body, request, reply }) =>
        opened(access.secondFactors.withCode(body.ticket, body.code, cookies.caller(request)), cookies, reply),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/recovery-code',
      act: 'session.open',
      body: z.strictObject({ ticket: token, code }),
      handle: async ({ body, request, reply }) =>
        opened(
          await access.secondFactors.withRecoveryCode(body.ticket, body.code, cookies.caller(request)),
          cookies,
          reply,
        ),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/key/options',
      act: 'session.open',
      body: z.strictObject({ ticket: token }),
      async handle({ body, request }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const options = await access.secondFactors.keyOptions(rp.value, body.ticket);
        return options.ok ? accept<OptionsBody>({ options: options.value }) : options;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/key',
      act: 'session.open',
      body: z.strictObject({ ticket: token, response }),
      async handle({ body, request, reply }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const caller = cookies.caller(request);
        return opened(await access.secondFactors.withKey(rp.value, body.ticket, body.response, caller), cookies, reply);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/passkey/options',
      act: 'session.open',
      async handle({ request }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const options = await access.passkeyOptions(rp.value);
        return options.ok ? accept<OptionsBody>({ options: options.value }) : options;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/passkey',
      act: 'session.open',
      body: z.strictObject({ response }),
      async handle({ body, request, reply }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        return opened(await access.signInByPasskey(rp.value, body.response, cookies.caller(request)), cookies, reply);
      },
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
        // What the browser kept of answers goes too; the choices of this device stay.
        reply.header('clear-site-data', '"cache"');
        return accept({});
      },
    }),
  ];
}
