import { z } from 'zod';
import { accept } from '../journal/result.ts';
import { type AccessDoor, opened, relyingParty, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { LinkBody, OptionsBody } from './protocol.ts';

const { name, password, token, response } = shapes;

/** A one-time link opened by whoever it was made for: they choose a passkey or a password, and are in. */
export function invitationRoutes(door: AccessDoor): JsonRoute[] {
  const { access, cookies } = door;
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/links/look',
      act: 'session.open',
      body: z.strictObject({ token }),
      handle({ body, request }) {
        const caller = cookies.caller(request);
        const first = access.isFirstLink(body.token, caller);
        if (!first.ok) return first;
        if (first.value) return accept<LinkBody>({ kind: 'first' });
        const found = access.invitations.look(body.token, caller);
        if (!found.ok) return found;
        const { person, kind } = found.value;
        const hasPasskeys = access.passkeys.list(person.id).length > 0;
        return accept<LinkBody>({ kind, name: person.name, displayName: person.displayName, hasPasskeys });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/links/password',
      act: 'session.open',
      body: z.strictObject({ token, password }),
      handle: async ({ body, request, reply }) =>
        opened(
          await access.invitations.acceptByPassword(body.token, body.password, cookies.caller(request)),
          cookies,
          reply,
        ),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/links/passkey/options',
      act: 'session.open',
      body: z.strictObject({ token }),
      async handle({ body, request }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const options = await access.invitations.passkeyOptions(rp.value, body.token, cookies.caller(request));
        return options.ok ? accept<OptionsBody>({ options: options.value }) : options;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/links/passkey',
      act: 'session.open',
      body: z.strictObject({ token, name, response }),
      async handle({ body, request, reply }) {
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const { token: shown, ...given } = body;
        const caller = cookies.caller(request);
        return opened(await access.invitations.acceptByPasskey(rp.value, shown, given, caller), cookies, reply);
      },
    }),
  ];
}
