import { actsOf } from '../access/person.ts';
import type { PeopleDesk } from '../access/ports.ts';
import { accept } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { NamesBody, RightsBody } from './protocol.ts';

/** What one may do, and what one's colleagues are called: the journal knows them by id only. */
export const rightsRoutes = (people: Pick<PeopleDesk, 'all'>): JsonRoute[] => [
  jsonRoute({
    method: 'GET',
    url: '/api/rights',
    act: 'rights.see',
    handle: ({ person, request }) => accept<RightsBody>({ acts: actsOf(request.signedIn), grants: [...person.grants] }),
  }),
  jsonRoute({
    method: 'GET',
    url: '/api/people/names',
    act: 'people.names',
    handle: () => accept<NamesBody>({ people: people.all().map(({ id, displayName }) => ({ id, displayName })) }),
  }),
];
