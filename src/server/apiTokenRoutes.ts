import { z } from 'zod';
import { accessLimits } from '../access/limits.ts';
import { Grant } from '../access/roles.ts';
import { accept } from '../journal/result.ts';
import { type AccessDoor, ownSession, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';

const Make = z.strictObject({
  label: shapes.name,
  grants: z.array(Grant).min(1).max(50),
  days: z.number().int().min(1).max(accessLimits.apiTokenDaysMax),
});

/** Tokens of programs: made by their owner, shown once, ended at will. */
export const apiTokenRoutes = ({ access }: AccessDoor): JsonRoute[] => [
  jsonRoute({
    method: 'POST',
    url: '/api/account/tokens',
    act: 'token.manage',
    body: Make,
    handle({ body, person, request }) {
      ownSession(request);
      const made = access.apiTokens.make(person, body);
      return made.ok ? accept({ id: made.value.made.id, token: made.value.token }) : made;
    },
  }),
  jsonRoute({
    method: 'POST',
    url: '/api/account/tokens/end',
    act: 'account.manage',
    body: z.strictObject({ token: shapes.id }),
    handle({ body, person, request }) {
      ownSession(request);
      const ended = access.apiTokens.end(person.id, body.token);
      return ended.ok ? accept({}) : ended;
    },
  }),
];
