import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CommandRoute } from '../access/route.ts';
import type { Expected } from '../journal/queue.ts';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { type JsonRoute, jsonRoute, undeclared } from './declare.ts';
import type { WorldDirectory } from './ports.ts';
import type { Acknowledged, WorldsBody } from './protocol.ts';
import { notFound } from './refusals.ts';

/** Which worlds there are, and the acts of the rooms in each, mounted from what the rooms declare. */
export function worldRoutes(worlds: WorldDirectory, commands: readonly CommandRoute[], isLab: boolean): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds',
      allowed: 'signedIn',
      scope: 'establishment',
      handle: () => accept<WorldsBody>({ worlds: worlds.list().map((world) => world.info()), lab: isLab }),
    }),
    ...commands.map((command) => commandJsonRoute(worlds, command)),
  ];
}

function commandJsonRoute(worlds: WorldDirectory, route: CommandRoute): JsonRoute {
  const { path, allowed, scope, body: schema, command, thing } = route;
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(path)) throw new Refused(undeclared('route', `command path "${path}"`));
  return jsonRoute({
    method: 'POST',
    url: `/api/worlds/:world/${path}`,
    allowed,
    scope,
    body: schema,
    async handle({ body, params, person, request }): Promise<Result<Acknowledged>> {
      const world = worlds.get(params.world ?? '');
      if (!world) return { ok: false, refusal: notFound };
      const expected = expectedIn(request, thing?.(body));
      if (!expected.ok) return expected;
      const actor = `person:${person?.id ?? 'nobody'}`;
      const accepted = await world.submit(command(body), { actor, expected: expected.value });
      if (!accepted.ok) return accepted;
      // Only this leaves: the events themselves stay inside.
      const { sequence, durable } = accepted.value;
      return accept({ sequence, durable });
    },
  });
}

const EntityTag = z.string().regex(/^(?:W\/)?"?\d{1,15}"?$/);

/** `If-Match: "12"` says which version of the thing the person had before their eyes. */
function expectedIn(request: FastifyRequest, thing: string | undefined): Result<Expected | undefined> {
  const header = request.headers['if-match'];
  if (header === undefined) return accept(undefined);
  const tag = EntityTag.safeParse(header);
  if (tag.success && thing !== undefined) return accept({ thing, version: Number(tag.data.replace(/\D/g, '')) });
  return refuse('if-match-malformed', 'The version looked at cannot be compared.', {
    where: 'If-Match',
    expected: thing === undefined ? 'no If-Match: this act looks at no versioned thing' : 'one version number, as "12"',
    kept: 'Nothing was changed.',
  });
}
