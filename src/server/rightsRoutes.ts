import { z } from 'zod';
import { actsOf } from '../access/person.ts';
import type { Act } from '../access/policy.ts';
import type { PeopleDesk } from '../access/ports.ts';
import type { Rights } from '../access/rights.ts';
import { Grant } from '../access/roles.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { World, WorldDirectory } from './ports.ts';
import type { NamesBody, PlacesBody, RightsBody, SealBody } from './protocol.ts';
import { worldNamed } from './worldRoutes.ts';

const person = z.string().min(1).max(200);

/** What one may do, what colleagues are called (the journal knows them by id only), and changing what others may. */
export const rightsRoutes = (people: Pick<PeopleDesk, 'all'>, rights: Rights, worlds: WorldDirectory): JsonRoute[] => [
  jsonRoute({
    method: 'GET',
    url: '/api/rights',
    act: 'rights.see',
    handle: ({ person: asking, request }) =>
      accept<RightsBody>({ acts: actsOf(request.signedIn), grants: [...asking.grants] }),
  }),
  jsonRoute({
    method: 'GET',
    url: '/api/people/names',
    act: 'people.names',
    handle: () => accept<NamesBody>({ people: people.all().map(({ id, displayName }) => ({ id, displayName })) }),
  }),
  jsonRoute({
    method: 'POST',
    url: '/api/people/grants',
    act: 'rights.change',
    body: z.strictObject({ person, grants: z.array(Grant).max(50) }),
    handle: ({ body, person: asking }) => rights.change(asking.id, body.person, body.grants),
  }),
  jsonRoute({
    method: 'POST',
    url: '/api/people/close',
    act: 'people.manage',
    body: z.strictObject({ person }),
    handle: ({ body, person: asking }) => rights.close(asking.id, body.person),
  }),
  toldOf(worlds, 'places', 'people.see', (world): PlacesBody => world.places()),
  toldOf(worlds, 'seal', 'seal.see', (world): SealBody => ({ code: world.sealCode() })),
  toldOf(worlds, 'audit', 'audit.see', (world) => world.views.compute('audit')),
];

/** A question about one world that needs nothing but its name. */
const toldOf = (worlds: WorldDirectory, what: string, act: Act, tell: (world: World) => unknown): JsonRoute =>
  jsonRoute({
    method: 'GET',
    url: `/api/worlds/:world/${what}`,
    act,
    handle({ params }): Result<unknown> {
      const world = worldNamed(worlds, params);
      return world.ok ? accept(tell(world.value)) : world;
    },
  });
