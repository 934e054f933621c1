import { z } from 'zod';
import type { Invited } from '../access/invitations/invitations.ts';
import { Grant } from '../access/roles.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type AccessDoor, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { InvitedBody, PeopleBody } from './protocol.ts';

const Person = z.strictObject({ person: shapes.id });
const Newcomer = z.strictObject({
  name: shapes.name.regex(/^\S+$/),
  displayName: shapes.name,
  grants: z.array(Grant).max(50),
});

/** Whom an administrator lets in, and lets in again. */
export function peopleRoutes({ access }: AccessDoor): JsonRoute[] {
  function invited(made: Result<Invited>): Result<InvitedBody> {
    if (!made.ok) return made;
    const { person, token, expiresAt } = made.value;
    const { id, name, displayName } = person;
    return accept({ person: { id, name, displayName }, token, until: new Date(expiresAt).toISOString() });
  }

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/people',
      act: 'people.see',
      handle() {
        const links = new Map(access.invitations.open().map((invitation) => [invitation.person, invitation]));
        const people = access.people.all().map((person) => {
          const link = links.get(person.id);
          return {
            id: person.id,
            name: person.name,
            displayName: person.displayName,
            grants: [...person.grants],
            hasPassword: access.hasPassword(person),
            passkeys: access.passkeys.list(person.id).length,
            hasTotp: access.totps.of(person.id) !== undefined,
            sessions: access.sessions.list(person.id).length,
            invited: link ? { kind: link.kind, until: new Date(link.expiresAt).toISOString() } : null,
          };
        });
        return accept<PeopleBody>({ people });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/people',
      act: 'people.manage',
      body: Newcomer,
      handle: ({ body, person }) => invited(access.invitations.add(person.id, body)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/people/invite',
      act: 'people.manage',
      body: Person,
      handle: ({ body, person }) => invited(access.invitations.invite(person.id, body.person)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/people/reset',
      act: 'people.manage',
      body: Person,
      handle: ({ body, person }) => invited(access.invitations.reset(person.id, body.person)),
    }),
    jsonRoute({
      method: 'POST',
      // Of one person, or of everybody but the one who asks.
      url: '/api/people/end-sessions',
      act: 'people.manage',
      body: Person.partial(),
      handle({ body, request }) {
        const here = request.signedIn?.session.id;
        const concerned = access.people.all().filter(({ id }) => body.person === undefined || id === body.person);
        if (body.person !== undefined && concerned.length === 0) return personUnknown;
        for (const { id } of concerned) access.sessions.endAll(id, 'revoked', here);
        return accept({});
      },
    }),
  ];
}

const personUnknown = refuse('not-found', 'There is no such person.', { where: 'person' });
