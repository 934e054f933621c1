import type { Room } from '../journal/room.ts';
import { decide, type PrepareCommand } from './decide.ts';
import { evolve, initialPrepareState, type PrepareState } from './state.ts';

export const prepareRoom: Room<PrepareState, PrepareCommand, unknown> = {
  name: 'prepare',
  initial: initialPrepareState,
  evolve,
  decide,
  due: () => [],
};
