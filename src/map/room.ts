import type { Room } from '../journal/room.ts';
import { decideMap, type MapCommand } from './decide.ts';
import { evolveMap, initialMapState, type MapState } from './state.ts';

/** What care depends on, and what happened to it. It asks nothing of time. */
export const mapRoom: Room<MapState, MapCommand, unknown> = {
  name: 'map',
  initial: initialMapState,
  evolve: evolveMap,
  decide: decideMap,
  due: () => [],
};
