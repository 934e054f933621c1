import { z } from 'zod';
import { accept } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from '../server/declare.ts';
import { type Exercises, SPEED_MAX } from './exercises.ts';

const speed = z.number().positive().max(SPEED_MAX);

/** Stories, and playing them. */
export function exerciseRoutes(exercises: Exercises): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/scenarios',
      act: 'worlds.see',
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
      act: 'exercise.play',
      body: z.strictObject({ scenario: z.string().max(100), speed }),
      handle: ({ body, person }) => exercises.start(body.scenario, body.speed, `person:${person.id}`),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/exercises/:world/speed',
      act: 'exercise.play',
      body: z.strictObject({ speed }),
      handle: ({ body, params }) => exercises.setSpeed(params.world ?? '', body.speed),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/exercises/:world/stop',
      act: 'exercise.play',
      handle: ({ params, person }) => exercises.stop(params.world ?? '', 'stopped', `person:${person.id}`),
    }),
  ];
}
