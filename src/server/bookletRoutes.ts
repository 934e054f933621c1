import { z } from 'zod';
import { accept, refuse } from '../journal/result.ts';
import { type Booklet, bookletOf } from '../map/booklet/booklet.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { WorldDirectory } from './ports.ts';
import { worldNamed } from './worldRoutes.ts';

/** Prints a booklet. `version`: what tells this map from any other; `printedAt`: the world's own instant, in milliseconds. */
export type BookletPrinter = (
  booklet: Booklet,
  head: { language: 'fr' | 'en'; printedAt: number; version: string },
) => Promise<Uint8Array>;

/** Anything else than English is read in French, the product's first language. */
const Asked = z.object({ language: z.enum(['fr', 'en']).catch('fr') });

/** `GET /api/worlds/:world/map/booklet.pdf?language=fr`: the crisis booklet of the map in force. */
export function bookletRoutes(worlds: WorldDirectory, print: BookletPrinter): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/booklet.pdf',
      act: 'map.see',
      async handle({ params, request, reply }) {
        const named = worldNamed(worlds, params);
        if (!named.ok) return named;
        const { document, sequence, now } = named.value.map();
        if (document === null)
          return refuse('map-missing', 'There is no map yet.', { cure: 'Import one, or start one.' });
        const { language } = Asked.parse(request.query ?? {});
        const head = { language, printedAt: now, version: String(sequence) };
        const pdf = await print(bookletOf(document), head);
        const name = `${document.establishment.id}-${sequence}.pdf`;
        reply.header('content-type', 'application/pdf').header('content-disposition', `inline; filename="${name}"`);
        return accept(Buffer.from(pdf));
      },
    }),
  ];
}
