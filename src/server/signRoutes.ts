import { z } from 'zod';
import { accept, type Result } from '../journal/result.ts';
import type { RestoreCommand } from '../restore/decide.ts';
import { noSources, untilGone } from './backupRoutes.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { SignDesk, World, WorldDirectory } from './ports.ts';
import { askedOrDone, worldNamed } from './worldRoutes.ts';

const id = z.string().min(1).max(200);
const Sign = z.strictObject({ component: id, snapshot: id, rule: id });

/** Where a sign of the backups was found, and two people saying what it is. */
export function signRoutes(worlds: WorldDirectory, deskOf: (world: string) => SignDesk | undefined): JsonRoute[] {
  const at = (params: { readonly [name: string]: string }): Result<{ world: World; desk: SignDesk }> => {
    const world = worldNamed(worlds, params);
    if (!world.ok) return world;
    const desk = deskOf(world.value.info().id);
    return desk === undefined ? noSources() : accept({ world: world.value, desk });
  };
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/signs/look',
      act: 'sign.explain',
      body: Sign,
      async handle({ params, body, reply }) {
        const found = at(params);
        return found.ok ? found.value.desk.look(body, untilGone(reply)) : found;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/signs/explain',
      act: 'sign.explain',
      body: Sign.extend({
        reach: z.enum(['content', 'place', 'rule']),
        seen: z.string().regex(/^[0-9a-f]{64}$/),
        reason: z.string().min(1).max(1000),
      }),
      async handle({ params, body, person, reply }) {
        const found = at(params);
        if (!found.ok) return found;
        const { world, desk } = found.value;
        const covered = await desk.covered(body, untilGone(reply));
        if (!covered.ok) return covered;
        const command: RestoreCommand = { type: 'ExplainFindings', ...body, ...covered.value };
        return askedOrDone(world, { act: 'sign.explain', inPrivate: ['reason'] }, command, {
          actor: `person:${person.id}`,
        });
      },
    }),
  ];
}
