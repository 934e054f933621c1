import { z } from 'zod';
import { accept, type Result, refuse } from '../journal/result.ts';
import { MapChange } from '../map/change/change.ts';
import type { MapVersion } from '../map/change/history.ts';
import { undoing } from '../map/change/undoing.ts';
import { changedMap } from '../map/decide.ts';
import type { HospitalMap } from '../map/model.ts';
import { type ChangeSource, changeMap } from './changeMap.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { World, WorldDirectory } from './ports.ts';
import type {
  Acknowledged,
  MapBody,
  MapChangesBody,
  MapCheckBody,
  MapHistoryBody,
  MapVersionBody,
} from './protocol.ts';
import { worldNamed } from './worldRoutes.ts';

/** A form changes one thing; a person may move a whole department at once. What is larger is an import. */
const changesMax = 1_000;
const editBytesMax = 2 * 1_048_576;
/** Changes of one version read at once. */
const changesPerPage = 100;

const Edit = z.strictObject({ changes: MapChange.array().max(changesMax) });

/** The map of a world: as a document, how it came to be, and its edits. */
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
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/check',
      act: 'map.edit',
      body: Edit,
      bodyBytesMax: editBytesMax,
      handle({ params, body }) {
        const world = mapped(worlds, params);
        if (!world.ok) return world;
        const { map } = world.value;
        const checked = changedMap(map, changeMap(map.document, body.changes, { source: 'person' }).changes);
        return checked.ok ? accept<MapCheckBody>({ problems: checked.value.problems }) : checked;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/change',
      act: 'map.edit',
      body: Edit,
      bodyBytesMax: editBytesMax,
      async handle({ params, body, person }) {
        const world = mapped(worlds, params);
        return world.ok ? submitChanges(world.value, body.changes, { source: 'person' }, person.id) : world;
      },
    }),
    ...historyRoutes(worlds),
  ];
}

function historyRoutes(worlds: WorldDirectory): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/changes',
      act: 'map.see',
      handle({ params }) {
        const world = worldNamed(worlds, params);
        if (!world.ok) return world;
        return accept<MapHistoryBody>({ versions: world.value.map().history.map(versionBody).toReversed() });
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/changes/:sequence',
      act: 'map.see',
      async handle({ params, request }) {
        const world = worldNamed(worlds, params);
        if (!world.ok) return world;
        const version = versionNamed(world.value, Number(params.sequence));
        if (!version.ok) return version;
        const { from } = z.object({ from: z.coerce.number().int().nonnegative().catch(0) }).parse(request.query);
        const changes = await changesOf(world.value, version.value);
        return accept<MapChangesBody>({
          count: changes.length,
          from,
          changes: changes.slice(from, from + changesPerPage),
        });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/undo',
      act: 'map.edit',
      body: z.strictObject({ sequence: z.number().int().positive() }),
      async handle({ params, body, person }) {
        const world = mapped(worlds, params);
        if (!world.ok) return world;
        const version = versionNamed(world.value.world, body.sequence);
        if (!version.ok) return version;
        const changes = undoing(world.value.map.document, await changesOf(world.value.world, version.value));
        return submitChanges(world.value, changes, { source: 'undo', undoes: body.sequence }, person.id);
      },
    }),
  ];
}

export interface MappedWorld {
  world: World;
  map: ReturnType<World['map']> & { document: HospitalMap };
}

/** A world that has a map. */
export function mapped(worlds: WorldDirectory, params: { readonly [name: string]: string }): Result<MappedWorld> {
  const world = worldNamed(worlds, params);
  if (!world.ok) return world;
  const map = world.value.map();
  const { document } = map;
  if (document === null) return refuse('map-missing', 'There is no map yet.', { cure: 'Import one, or start one.' });
  return accept({ world: world.value, map: { ...map, document } });
}

/** Only its place leaves: what was decided stays inside. */
export async function submitChanges(
  { world, map }: MappedWorld,
  changes: readonly MapChange[],
  of: ChangeSource,
  person: string,
): Promise<Result<Acknowledged>> {
  const accepted = await world.submit(changeMap(map.document, changes, of), { actor: `person:${person}` });
  return accepted.ok ? accept({ sequence: accepted.value.sequence, durable: accepted.value.durable }) : accepted;
}

const versionBody = ({ changes: _changes, toolBefore: _before, document, ...version }: MapVersion): MapVersionBody => ({
  ...version,
  isWhole: document === null,
});

function versionNamed(world: World, sequence: number): Result<MapVersion> {
  const version = world.map().history.find((one) => one.sequence === sequence);
  const where = `change ${sequence}`;
  if (version === undefined) {
    return refuse('map-change-unknown', 'This change is not in the history that is kept at hand.', {
      where,
      cure: 'Older changes are in the journal.',
    });
  }
  if (version.document !== null) return accept(version);
  return refuse('map-change-whole', 'A whole map was put in place: there is nothing before it to go back to.', {
    where,
    cure: 'Import the map you want: what it changes is shown before it is applied.',
  });
}

/** At hand while they are few; read back from the journal otherwise. */
async function changesOf(world: World, { changes, document }: MapVersion): Promise<readonly MapChange[]> {
  if (changes !== null || document === null) return changes ?? [];
  return MapChange.array().parse(await world.document(document));
}
