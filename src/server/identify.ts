import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access, Caller, Issued, SignedIn } from '../access/access.ts';
import { looksLikeApiToken } from '../access/apiTokens/apiTokens.ts';
import { sessionMillisecondsMax } from '../access/limits.ts';
import { Refused, refuse } from '../journal/result.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who the session cookie stands for, if anyone. */
    signedIn: SignedIn | null;
  }
}

/** Cookies of this server. `__Host-` binds them to this very host, and browsers take it over TLS only. */
export class SessionCookies {
  readonly #session: string;
  readonly #device: string;
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
    this.#session = isSecure ? '__Host-reflexe-session' : 'reflexe-session';
    this.#device = isSecure ? '__Host-reflexe-device' : 'reflexe-device';
  }

  token(request: FastifyRequest): string | undefined {
    return bounded(request.cookies[this.#session]);
  }

  caller(request: FastifyRequest): Caller {
    return {
      address: request.ip,
      sessionToken: this.token(request),
      deviceToken: bounded(request.cookies[this.#device]),
      userAgent: request.headers['user-agent'],
    };
  }

  give(reply: FastifyReply, { sessionToken, deviceToken }: Issued): void {
    this.renew(reply, sessionToken);
    reply.setCookie(this.#device, deviceToken, { ...this.#always(), maxAge: 365 * 24 * 3600 });
  }

  /** The same session under another token. */
  renew(reply: FastifyReply, sessionToken: string): void {
    const maxAge = Math.floor(sessionMillisecondsMax / 1000);
    reply.setCookie(this.#session, sessionToken, { ...this.#always(), maxAge });
  }

  /** The device stays known: it says nothing of who is there. */
  takeBack(reply: FastifyReply): void {
    reply.clearCookie(this.#session, this.#always());
  }

  #always() {
    return { path: '/', httpOnly: true, sameSite: 'strict', secure: this.#isSecure } as const;
  }
}

/** Our tokens have 43 characters; whatever else is no token. */
const bounded = (token: string | undefined): string | undefined =>
  token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;

export function identify(app: FastifyInstance, access: Access, cookies: SessionCookies): void {
  app.decorateRequest('signedIn', null);
  app.addHook('onRequest', async (request, reply) => {
    if (looksLikeApiToken(request.url)) {
      access.apiTokens.seenInUrl(request.url);
      throw new Refused(tokenInUrl);
    }
    // A program shows its token and nothing else: what a browser would add is not looked at.
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      request.signedIn = access.apiTokens.find(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '') ?? null;
      return;
    }
    const token = cookies.token(request);
    if (token === undefined) return;
    const isAct = request.method !== 'GET' && request.method !== 'HEAD';
    // A feed's answer carries no cookie: it is written past the framework.
    const mayRenew = !(request.routeOptions.url ?? '').endsWith('/feed');
    const found = access.sessions.find(token, isAct ? 'act' : 'screen', mayRenew);
    request.signedIn = found ?? null;
    if (found?.renewed !== undefined) cookies.renew(reply, found.renewed);
  });
}

const tokenInUrl = refuse('token-in-url', 'A token was put in an address, where every log on the way keeps it.', {
  expected: 'the header `authorization: Bearer rfx_…`',
  kept: 'Nothing was done.',
  cure: 'Take this token as known to others: end it, make a new one, and send it in the header.',
}).refusal;
