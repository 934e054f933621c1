import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { may, type Place } from '../access/person.ts';
import { type Act, rightTo } from '../access/policy.ts';
import type { CommandRoute } from '../access/route.ts';
import type { Expected } from '../journal/queue.ts';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { type JsonRequest, type JsonRoute, jsonRoute, undeclared } from './declare.ts';
import type { World, WorldDirectory } from './ports.ts';
import type { Acknowledged, WorldsBody } from './protocol.ts';
import { notFound } from './refusals.ts';

/** The world a route was asked about; one there is not answers as a place there is not. */
export function worldNamed(worlds: WorldDirectory, { world }: JsonRequest<unknown, Act>['params']): Result<World> {
  const found = worlds.get(world ?? '');
  return found ? accept(found) : { ok: false, refusal: notFound };
}

/** Which worlds there are, and the acts of the rooms in each, mounted from what the rooms declare. */
export function worldRoutes(worlds: WorldDirectory, commands: readonly CommandRoute[], isLab: boolean): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds',
      act: 'worlds.see',
      handle: () => accept<WorldsBody>({ worlds: worlds.list().map((world) => world.info()), lab: isLab }),
    }),
    ...commands.map((command) => commandJsonRoute(worlds, command)),
  ];
}

function commandJsonRoute(worlds: WorldDirectory, route: CommandRoute): JsonRoute {
  const { path, act, body: schema, command, inPrivate = [], wards, thing } = route;
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(path)) throw new Refused(undeclared('route', `command path "${path}"`));
  const url = `/api/worlds/:world/${path}`;
  const right = rightTo(act);
  // Otherwise somebody of one ward could act on all of them.
  if (right.scope !== 'establishment' && wards === undefined) throw new Refused(undeclared('route', `POST ${url}`));
  return jsonRoute({
    method: 'POST',
    url,
    act,
    body: schema,
    async handle({ body, params, person, request }): Promise<Result<Acknowledged>> {
      const named = worldNamed(worlds, params);
      if (!named.ok) return named;
      const world = named.value;
      const reached = may(request.signedIn, right, placesOf(world, wards?.(body) ?? []));
      if (!reached.ok) return reached;
      const expected = expectedIn(request, thing?.(body));
      if (!expected.ok) return expected;
      const by = { actor: `person:${person?.id ?? 'nobody'}`, expected: expected.value };
      return askedOrDone(world, { act, inPrivate }, command(body), by);
    },
  });
}

/** Done at once; an act that two people answer for waits for the second one where it is no exercise. */
export async function askedOrDone(
  world: World,
  { act, inPrivate = [] }: Pick<CommandRoute, 'act' | 'inPrivate'>,
  asked: { type: string },
  by: Parameters<World['submit']>[1],
): Promise<Result<Acknowledged>> {
  const isShared = rightTo(act).twoPersons !== undefined && world.info().kind === 'live';
  const approval = { type: 'AskApproval', act, ...told(asked, inPrivate) };
  const accepted = await world.submit(isShared ? approval : asked, by);
  if (!accepted.ok) return accepted;
  // Only this leaves: the events themselves stay inside.
  const { sequence, durable } = accepted.value;
  return accept({ sequence, durable, ...(isShared ? { awaits: 'secondPerson' as const } : {}) });
}

/** A command, and what of it goes into the private part of its request. */
function told(command: { type: string }, inPrivate: readonly string[]) {
  const members = Object.entries(command);
  const asked = Object.fromEntries(members.filter(([name]) => !inPrivate.includes(name)));
  return { asked, inPrivate: Object.fromEntries(members.filter(([name]) => inPrivate.includes(name))) };
}

/** A ward that the map does not know is nowhere: only a right for the whole establishment reaches it. */
const placesOf = (world: World, wards: readonly string[]): Place[] =>
  wards.map((ward) => ({ ward, site: world.siteOf(ward) ?? '' }));

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
