import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { may, type Person, type Right } from '../access/person.ts';
import { type Allowed, Role, type Scope, scopes } from '../access/roles.ts';
import { type Refusal, Refused, type Result, refuse } from '../journal/result.ts';
import { validBody } from './body.ts';
import { statusOf } from './refusals.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use this route and how far it reaches. Without it the server does not start. */
    right?: Right;
  }
}

export interface DeclaredRoute extends Right {
  method: 'GET' | 'POST' | readonly ['GET', 'HEAD'];
  url: string;
  /** Where the server's own bound is too small, and why is said beside it. */
  bodyBytesMax?: number;
  /** False for the interface's files: one page asks for many at once. */
  isRateLimited?: boolean;
  handler(request: FastifyRequest, reply: FastifyReply): unknown;
}

const RightShape = z.object({
  allowed: z.union([z.literal('public'), z.literal('signedIn'), z.array(Role).min(1)]),
  scope: z.enum(scopes),
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
export function refuseUndeclared(app: FastifyInstance): void {
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
    const verdict = may(request.signedIn?.person ?? null, right);
    if (!verdict.ok) throw new Refused(verdict.refusal);
  });
}

export const undeclared = (kind: 'route' | 'view', where: string): Refusal =>
  refuse(`${kind}-undeclared`, `A ${kind} says neither who may use it nor how far it reaches.`, {
    where,
    expected: 'a role (or public, or signedIn) and a scope (establishment, site or ward)',
    kept: 'The server did not start.',
    cure: `Declare the ${kind} with both, in the routes.ts of its room.`,
  }).refusal;

export const isRight = (right: unknown): boolean => RightShape.safeParse(right).success;

/** The only way a route is added. */
export function declare(app: FastifyInstance, route: DeclaredRoute): void {
  const { method, url, allowed, scope, bodyBytesMax, isRateLimited = true, handler } = route;
  const methods: HTTPMethods[] = typeof method === 'string' ? [method] : [...method];
  app.route({
    method: methods,
    url,
    config: { right: { allowed, scope }, ...(isRateLimited ? {} : { rateLimit: false }) },
    ...(bodyBytesMax === undefined ? {} : { bodyLimit: bodyBytesMax }),
    handler,
  });
}

type PersonFor<Who extends Allowed> = Who extends 'public' ? Person | null : Person;

export interface JsonRequest<Body, Who extends Allowed> {
  body: Body;
  /** What `:name` stands for in the URL. */
  params: { readonly [name: string]: string };
  person: PersonFor<Who>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** An act or a question in JSON: `handle` answers plain data, or a refusal. */
export interface JsonRouteOf<Body, Who extends Allowed> extends Right {
  method: 'GET' | 'POST';
  url: string;
  allowed: Who;
  scope: Scope;
  body?: z.ZodType<Body>;
  bodyBytesMax?: number;
  handle(asked: JsonRequest<Body, Who>): Promise<Result<unknown>> | Result<unknown>;
}

/** A JSON route ready to be mounted. */
export interface JsonRoute extends Right {
  method: 'GET' | 'POST';
  url: string;
  mount(app: FastifyInstance): void;
}

export function jsonRoute<const Who extends Allowed, Body = undefined>(route: JsonRouteOf<Body, Who>): JsonRoute {
  const { method, url, allowed, scope, bodyBytesMax, body: schema, handle } = route;
  async function handler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const person = request.signedIn?.person ?? null;
    if (!isPersonFor(allowed, person)) throw new Refused(refuse('signed-out', 'Nobody is signed in.').refusal);
    const body = schema ? validBody(schema, request.body) : noBody<Body>();
    if (!body.ok) return answer(reply, body);
    const params = z.record(z.string(), z.string()).parse(request.params ?? {});
    return answer(reply, await handle({ body: body.value, params, person, request, reply }));
  }
  const bound = bodyBytesMax === undefined ? {} : { bodyBytesMax };
  return {
    method,
    url,
    allowed,
    scope,
    mount: (app) => declare(app, { method, url, allowed, scope, ...bound, handler }),
  };
}

export function answer(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (result.ok) return reply.send(result.value ?? {});
  if ('retryAfterSeconds' in result) reply.header('retry-after', String(result.retryAfterSeconds));
  return reply.status(statusOf(result.refusal)).send({ error: result.refusal });
}

const isPersonFor = <Who extends Allowed>(allowed: Who, person: Person | null): person is PersonFor<Who> =>
  allowed === 'public' || person !== null;

/** A route without a schema has `undefined` for a body, whatever was sent. */
const noBody = <Body>(): Result<Body> => ({ ok: true, value: undefined as Body });
