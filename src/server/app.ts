import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../access/access.ts';
import type { CommandRoute, ViewRoute } from '../access/route.ts';
import { accept, Refused, refuse } from '../journal/result.ts';
import { accessRoutes } from './accessRoutes.ts';
import { approvalRoutes } from './approvalRoutes.ts';
import { parseBody } from './body.ts';
import { clientErrorHandler, requestMalformed } from './clientErrors.ts';
import { addressGroup } from './connections.ts';
import { declare, type JsonRoute, jsonRoute, refuseUndeclared } from './declare.ts';
import { FeedDoor } from './feedDoor.ts';
import { identify, SessionCookies } from './identify.ts';
import { type ServerLimits, serverLimits } from './limits.ts';
import { isApi, refuseOtherSites, rememberedNames } from './origin.ts';
import type { WorldDirectory } from './ports.ts';
import { notFound, refusalOf, statusOf } from './refusals.ts';
import { refuseAmbiguous } from './requests.ts';
import { declarePolicy, demandTls, securityHeaders } from './securityHeaders.ts';
import { cutSlowReaders } from './slowReaders.ts';
import { makeListener } from './tls/listener.ts';
import type { DoorCertificates } from './tls/ports.ts';
import { identifySites } from './tls/sites.ts';
import { transportRoutes } from './transport.ts';
import { endInTime, waysInRoutes } from './waysInRoutes.ts';
import type { WaysInDoor } from './waysInSetting.ts';
import { webRoutes } from './webRoutes.ts';
import { worldRoutes } from './worldRoutes.ts';

export interface AppOptions {
  /** The address it will listen on: decides under which names it answers. */
  host: string;
  /** Where people reach it, when not under `host`: `https://reflexe.hopital.example`. `https` makes cookies Secure. */
  publicUrl?: string;
  /** The name passkeys are made under, where it stands above the host's own: `hopital.example`. */
  passkeyDomain?: string;
  /** Present wherever it listens on another address than loopback: then only TLS is spoken. */
  tls?: DoorCertificates;
  /** Folder of the built interface; null: none is served. */
  webRoot: string | null;
  worlds: WorldDirectory;
  commands: readonly CommandRoute[];
  views: readonly ViewRoute[];
  access: Access;
  /** Ward cards, break-glass and providers; absent: none of them opens anything. */
  waysIn?: WaysInDoor;
  extraRoutes?: readonly JsonRoute[];
  /** Whether the drill may be started from the interface. */
  isLab?: boolean;
  isReady?(): boolean;
  log: Logger;
  limits?: Partial<ServerLimits>;
  /** Milliseconds since 1970; a test's own clock. */
  now?(): number;
}

/** The whole application, ready but not listening: what `startServer` starts, and what tests walk through. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { host, publicUrl, tls, webRoot, worlds, commands, views, access, extraRoutes = [], log } = options;
  const limits: ServerLimits = { ...serverLimits, ...options.limits };
  const isSecure = tls !== undefined || (publicUrl?.startsWith('https:') ?? false);
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // A proxy on this machine may say who asked; nobody else is believed.
    trustProxy: publicUrl === undefined ? false : 'loopback',
    serverFactory: (handler) =>
      makeListener(handler, { limits, certificates: tls, isBehindProxy: publicUrl !== undefined }),
    clientErrorHandler,
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void reply.status(400).send({ error: requestMalformed });
    },
  });
  cutSlowReaders(app.server, limits, log);

  refuseUndeclared(app, options.now);
  noteRequests(app, log);
  await app.register(helmet, securityHeaders);
  declarePolicy(app);
  if (isSecure) demandTls(app);
  refuseAmbiguous(app, limits);
  await app.register(cookie);
  identifySites(app, tls, log);
  refuseOtherSites(
    app,
    rememberedNames(host, publicUrl, () => tls?.names),
  );
  const cookies = new SessionCookies(isSecure);
  identify(app, access, cookies);
  await app.register(rateLimit, {
    timeWindow: 60_000,
    max: (request) => (request.signedIn ? limits.requestsPerMinutePerSession : limits.requestsPerMinutePerAddress),
    keyGenerator: (request) => request.signedIn?.session.id ?? addressGroup(request.ip),
    errorResponseBuilder: () => new Refused(tooManyRequests),
  });
  acceptJsonOnly(app, limits);
  answerRefusals(app, log);

  const door = new FeedDoor({ worlds, views, access, log, limits });
  app.addHook('preClose', async () => door.close());
  try {
    const own = [
      healthRoute(options.isReady),
      ...accessRoutes({ access, cookies, publicUrl, passkeyDomain: options.passkeyDomain }),
    ];
    const ofWorlds = [...worldRoutes(worlds, commands, options.isLab ?? false), ...approvalRoutes(worlds, access)];
    const { waysIn } = options;
    const without = waysIn === undefined ? [] : waysInRoutes({ ...waysIn, cookies, isSecure, publicUrl });
    if (waysIn !== undefined) endInTime(app, waysIn.waysIn);
    for (const route of [...own, ...ofWorlds, ...without, ...extraRoutes]) {
      route.mount(app);
    }
    declare(app, door.route);
    if (tls !== undefined) transportRoutes(app, tls);
    if (webRoot !== null) await webRoutes(app, webRoot);
    await app.ready();
  } catch (error) {
    door.close();
    throw error;
  }
  return app;
}

function acceptJsonOnly(app: FastifyInstance, limits: ServerLimits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) => {
    const body = parseBody(text, limits.bodyNesting);
    if (!body.ok) throw new Refused(body.refusal);
    return body.value;
  });
}

function answerRefusals(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const route = request.routeOptions.url ?? '';
    const refusal = refusalOf(error, log, { method: request.method, route });
    void reply.status(statusOf(refusal)).header('cache-control', 'no-store').send({ error: refusal });
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_request, reply) => {
    void reply.status(404).header('cache-control', 'no-store').send({ error: notFound });
  });
}

/** One line per act, one per failure: method, the route's pattern (never the URL), status, time. Nobody's name or address. */
function noteRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isApi(request)) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const line = {
      method,
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    };
    // Who tries what their rights do not open is of interest at any level of the log.
    if (reply.statusCode === 403) log.warn({ ...line, person: request.signedIn?.person.id ?? null }, 'refused');
    else if (method === 'GET' || method === 'HEAD') log.debug(line, 'answered');
    else log.info(line, 'act');
  });
}

const healthRoute = (isReady: (() => boolean) | undefined): JsonRoute =>
  jsonRoute({
    method: 'GET',
    url: '/api/health',
    act: 'health.see',
    handle: () =>
      (isReady?.() ?? true)
        ? accept({ ready: true })
        : refuse('not-ready', 'Reflexe is starting.', { cure: 'Ask again in a few seconds.', retryable: true }),
  });

const tooManyRequests = refuse('too-many-requests', 'Too many requests in a minute.', {
  kept: 'Nothing was changed.',
  cure: 'Wait a minute.',
  retryable: true,
}).refusal;
