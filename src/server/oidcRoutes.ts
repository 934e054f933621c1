import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { providerLimits, returnPath } from '../access/oidc/signIn.ts';
import { Grant } from '../access/roles.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { ProviderAnswerBody, ProviderLinksBody, ProvidersBody } from './protocol.ts';
import { originOf, type WaysInSetting } from './waysInSetting.ts';

const id = z.string().min(1).max(200);
const Begin = z.strictObject({ provider: id });
/** What stands after `?` in the address the browser came back to. */
const Answer = z.strictObject({
  provider: id,
  query: z.string().min(1).max(8000),
}) satisfies z.ZodType<ProviderAnswerBody>;
const Admit = z.union([
  z.strictObject({ waiting: id, person: id }),
  z.strictObject({
    waiting: id,
    displayName: z.string().trim().min(1).max(100),
    grants: z.array(Grant).min(1).max(50),
  }),
]);
const Expect = z.strictObject({ provider: id, identifier: z.string().trim().min(1).max(100), person: id });

/** Signing in at a provider, and deciding who its subjects are here. */
export function oidcRoutes({ waysIn, cookies, isSecure, publicUrl }: WaysInSetting): JsonRoute[] {
  const { providers } = waysIn;
  const binding = isSecure ? '__Host-reflexe-provider' : 'reflexe-provider';
  const always = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
  const bindingOf = (request: FastifyRequest) => request.cookies[binding]?.slice(0, 100);

  const links = (): Result<ProviderLinksBody> =>
    accept({
      waiting: providers.waiting().map(({ subject: _subject, askedAt, ...waiting }) => ({
        ...waiting,
        askedAt: new Date(askedAt).toISOString(),
      })),
      links: providers.links().map(({ linkedAt, ...link }) => ({ ...link, since: new Date(linkedAt).toISOString() })),
    });
  const then = (done: Result<unknown>): Result<ProviderLinksBody> => (done.ok ? links() : done);

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/sign-in/providers',
      act: 'session.see',
      handle: () =>
        accept<ProvidersBody>({
          providers: providers.list().map(({ id: provider, label, state }) => ({ id: provider, label, state })),
        }),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/providers/begin',
      act: 'session.open',
      body: Begin,
      async handle({ body, request, reply }) {
        const begun = await providers.begin(body.provider, originOf(request, publicUrl));
        if (!begun.ok) return begun;
        const maxAge = providerLimits.askedMilliseconds / 1000;
        reply.setCookie(binding, begun.value.binding, { ...always, maxAge });
        return accept({ url: begun.value.url });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/providers/finish',
      act: 'session.open',
      body: Answer,
      async handle({ body, request, reply }) {
        const answer = new URL(returnPath(body.provider), originOf(request, publicUrl));
        answer.search = body.query;
        const finished = await providers.finish(answer, bindingOf(request), cookies.caller(request));
        reply.clearCookie(binding, always);
        if (!finished.ok) return finished;
        cookies.give(reply, finished.value);
        return accept({});
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/sign-in/providers/sign-out',
      act: 'session.end',
      handle({ request, reply }) {
        const here = request.signedIn;
        const origin = `${originOf(request, publicUrl)}/`;
        const url = here === null ? null : providers.signOut(here.person.id, here.session.id, origin);
        cookies.takeBack(reply);
        return accept({ url });
      },
    }),
    jsonRoute({ method: 'GET', url: '/api/providers/links', act: 'openId.manage', handle: links }),
    jsonRoute({
      method: 'POST',
      url: '/api/providers/admit',
      act: 'openId.manage',
      body: Admit,
      handle: ({ body: { waiting, ...as }, person }) => then(providers.admit(waiting, as, person.id)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/providers/turn-away',
      act: 'openId.manage',
      body: z.strictObject({ waiting: id }),
      handle: ({ body }) => then(providers.turnAway(body.waiting)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/providers/unlink',
      act: 'openId.manage',
      body: z.strictObject({ provider: id, subject: z.string().min(1).max(500) }),
      handle: ({ body, person }) => then(providers.unlink(body.provider, body.subject, person.id)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/providers/expect',
      act: 'openId.manage',
      body: Expect,
      handle: ({ body }) => then(providers.expect(body.provider, body.identifier, body.person)),
    }),
  ];
}
