import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { BackupDesk, WorldDirectory } from './ports.ts';
import { worldNamed } from './worldRoutes.ts';

/** No file system has longer ones. */
const PATH_CHARACTERS_MAX = 4096;

/** Parts separated by `/`, from the top of the night; never in a URL: a name may say who is ill. */
const Path = z
  .string()
  .max(PATH_CHARACTERS_MAX)
  .refine(
    (path) => path === '' || path.split('/').every((part) => !['', '.', '..'].includes(part) && !part.includes('\0')),
    'a path from the top of the night, without . or ..',
  );
const id = z.string().min(1).max(200);

/** Looking inside the backups, and taking one file out. */
export function backupRoutes(worlds: WorldDirectory, deskOf: (world: string) => BackupDesk | undefined): JsonRoute[] {
  const desk = (params: { readonly [name: string]: string }): Result<BackupDesk> => {
    const world = worldNamed(worlds, params);
    if (!world.ok) return world;
    const found = deskOf(world.value.info().id);
    return found === undefined ? noSources() : accept(found);
  };
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/backups/folder',
      act: 'backup.look',
      body: z.strictObject({ component: id, snapshot: id, folder: Path, against: id.nullable() }),
      async handle({ params, body, reply }) {
        const on = desk(params);
        return on.ok ? on.value.look(body, untilGone(reply)) : on;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/backups/file',
      act: 'backup.fetch',
      body: z.strictObject({ component: id, snapshot: id, path: Path.min(1) }),
      async handle({ params, body, person, reply }) {
        const on = desk(params);
        if (!on.ok) return on;
        const fetched = await on.value.fetch(body, `person:${person.id}`, untilGone(reply));
        if (!fetched.ok) return fetched;
        const { name, bytes, verified, content } = fetched.value;
        reply
          .header('content-type', 'application/octet-stream')
          .header('content-length', bytes)
          .header('content-disposition', attachment(name))
          .header('x-content-type-options', 'nosniff')
          .header('x-reflexe-verified', verified ? 'yes' : 'no');
        return accept(content);
      },
    }),
  ];
}

/** Nobody waits for the answer any more. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const stop = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) stop.abort();
  });
  return stop.signal;
}

/** RFC 6266: whatever the name holds, it stays one header and is opened by nothing. */
const attachment = (name: string): string =>
  `attachment; filename="backup-file"; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, percent)}`;
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

export const noSources = () =>
  refuse('backups-not-here', 'No backup can be read from here.', {
    expected: 'the hospital’s own world, with sources in the section restore of its configuration',
    kept: 'Nothing was read.',
    cure: 'Configure the sources; an exercise has none.',
  });
