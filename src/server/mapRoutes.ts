import { accept } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { WorldDirectory } from './ports.ts';
import type { MapBody } from './protocol.ts';
import { worldNamed } from './worldRoutes.ts';

/** The map of a world, as a document. */
export function mapRoutes(worlds: WorldDirectory): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map',
      act: 'map.see',
      handle({ params }) {
        const world = worldNamed(worlds, params);
        if (!world.ok) return world;
        const { document, sequence } = world.value.map();
        return accept<MapBody>({ document, sequence });
      },
    }),
  ];
}
