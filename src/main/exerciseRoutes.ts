import { z } from 'zod';
import { accept } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from '../server/declare.ts';
import { type Exercises, SPEED_MAX } from './exercises.ts';

const speed = z.number().positive().max(SPEED_MAX);
const players = ['administrator', 'crisisDirector', 'ciso'] as const;

/** Stories, and playing them. */
export function exerciseRoutes(exercises: Exercises): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/scenarios',
      allowed: 'signedIn',
      scope: 'establishment',
      handle: async () =>
        accept({
          scenarios: (await exercises.scenarios()).map(({ id, title, story, sources }) => ({
            id,
            title,
            story,
            sources,
          })),
        }),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/exercises',
      allowed: players,
      scope: 'establishment',
      body: z.strictObject({ scenario: z.string().max(100), speed }),
      handle: ({ body, person }) => exercises.start(body.scenario, body.speed, `person:${person.id}`),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/exercises/:world/speed',
      allowed: players,
      scope: 'establishment',
      body: z.strictObject({ speed }),
      handle: ({ body, params }) => exercises.setSpeed(params.world ?? '', body.speed),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/exercises/:world/stop',
      allowed: players,
      scope: 'establishment',
      handle: ({ params, person }) => exercises.stop(params.world ?? '', 'stopped', `person:${person.id}`),
    }),
  ];
}
