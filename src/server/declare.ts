import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { may, type Person, provedRecently, type Right, type Subject } from '../access/person.ts';
import { type Act, isAct, policy, rightTo } from '../access/policy.ts';
import { type Allowed, Role, Scope } from '../access/roles.ts';
import { type Refusal, Refused, type Result, refuse } from '../journal/result.ts';
import { validBody } from './body.ts';
import { statusOf } from './refusals.ts';
import { siteOf } from './tls/sites.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use this route and how far it reaches. Without it the server does not start. */
    right?: Right;
  }
}

export interface DeclaredRoute {
  act: Act;
  method: 'GET' | 'POST' | readonly ['GET', 'HEAD'];
  url: string;
  /** Where the server's own bound is too small, and why is said beside it. */
  bodyBytesMax?: number;
  /** False for the interface's files: one page asks for many at once. */
  isRateLimited?: boolean;
  handler(request: FastifyRequest, reply: FastifyReply): unknown;
}

const RightShape = z.object({
  allowed: z.union([z.literal('public'), z.literal('signedIn'), z.literal('site'), z.array(Role).min(1)]),
  scope: Scope,
});

export interface RouteRight {
  method: string;
  url: string;
  right: Right;
}

const routesOf = new WeakMap<FastifyInstance, RouteRight[]>();

/** Every route of an application with who may use it, in the order they were added. */
export const declaredRoutes = (app: FastifyInstance): readonly RouteRight[] => routesOf.get(app) ?? [];

/** From here on, a route without role and scope stops the start; and each request is held to what its route declares. */
export function refuseUndeclared(app: FastifyInstance, now: () => number = Date.now): void {
  const routes: RouteRight[] = [];
  routesOf.set(app, routes);
  app.addHook('onRoute', ({ method: methods, url, config }) => {
    for (const method of [methods].flat()) {
      const right = RightShape.safeParse(config?.right);
      if (!right.success || !config?.right) throw new Refused(undeclared('route', `${method} ${url}`));
      routes.push({ method, url, right: config.right });
    }
  });
  // Before the body is read: what is not allowed costs nothing.
  app.addHook('preParsing', async (request) => {
    if (request.is404) return;
    const { right } = request.routeOptions.config;
    if (!right) throw new Refused(undeclared('route', request.routeOptions.url ?? ''));
    if (right.allowed === 'site') {
      siteOf(request, ['site', 'box']);
      return;
    }
    const verdict = admit(request.signedIn, right, now());
    if (!verdict.ok) throw new Refused(verdict.refusal);
  });
}

const admit = (subject: Subject | null, right: Right, now: number): Result<void> => {
  const verdict = may(subject, right);
  return verdict.ok && subject !== null ? provedRecently(subject, right, now) : verdict;
};

export const undeclared = (kind: 'route' | 'view', where: string): Refusal =>
  refuse(`${kind}-undeclared`, `A ${kind} says neither who may use it nor how far it reaches.`, {
    where,
    expected: 'an act of the table in src/access/policy.ts, which says who may do it and how far it reaches',
    kept: 'The server did not start.',
    cure: `Name the act of the ${kind}, in the routes.ts of its room.`,
  }).refusal;

/** The only way a route is added. */
export function declare(app: FastifyInstance, route: DeclaredRoute): void {
  const { act, method, url, bodyBytesMax, isRateLimited = true, handler } = route;
  if (!isAct(act)) throw new Refused(undeclared('route', `${method} ${url}`));
  const methods: HTTPMethods[] = typeof method === 'string' ? [method] : [...method];
  app.route({
    method: methods,
    url,
    config: { right: rightTo(act), ...(isRateLimited ? {} : { rateLimit: false }) },
    ...(bodyBytesMax === undefined ? {} : { bodyLimit: bodyBytesMax }),
    handler,
  });
}

type PersonFor<Who extends Allowed> = Who extends 'public' | 'site' ? Person | null : Person;
type Doing<Which extends Act> = (typeof policy)[Which]['allowed'];

export interface JsonRequest<Body, Which extends Act> {
  body: Body;
  /** What `:name` stands for in the URL. */
  params: { readonly [name: string]: string };
  person: PersonFor<Doing<Which>>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** An act or a question in JSON: `handle` answers plain data, or a refusal. */
export interface JsonRouteOf<Body, Which extends Act> {
  act: Which;
  method: 'GET' | 'POST';
  url: string;
  body?: z.ZodType<Body>;
  bodyBytesMax?: number;
  handle(asked: JsonRequest<Body, Which>): Promise<Result<unknown>> | Result<unknown>;
}

/** A JSON route ready to be mounted. */
export interface JsonRoute {
  act: Act;
  method: 'GET' | 'POST';
  url: string;
  mount(app: FastifyInstance): void;
}

export function jsonRoute<const Which extends Act, Body = undefined>(route: JsonRouteOf<Body, Which>): JsonRoute {
  const { act, method, url, bodyBytesMax, body: schema, handle } = route;
  async function handler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const person = request.signedIn?.person ?? null;
    if (!isPersonFor(act, person)) throw new Refused(refuse('signed-out', 'Nobody is signed in.').refusal);
    const body = schema ? validBody(schema, request.body) : noBody<Body>();
    if (!body.ok) return answer(reply, body);
    const params = z.record(z.string(), z.string()).parse(request.params ?? {});
    return answer(reply, await handle({ body: body.value, params, person, request, reply }));
  }
  const bound = bodyBytesMax === undefined ? {} : { bodyBytesMax };
  return { act, method, url, mount: (app) => declare(app, { act, method, url, ...bound, handler }) };
}

export function answer(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (result.ok) return reply.send(result.value ?? {});
  if ('retryAfterSeconds' in result) reply.header('retry-after', String(result.retryAfterSeconds));
  return reply.status(statusOf(result.refusal)).send({ error: result.refusal });
}

const isPersonFor = <Which extends Act>(act: Which, person: Person | null): person is PersonFor<Doing<Which>> =>
  policy[act].allowed === 'public' || policy[act].allowed === 'site' || person !== null;

/** A route without a schema has `undefined` for a body, whatever was sent. */
const noBody = <Body>(): Result<Body> => ({ ok: true, value: undefined as Body });
