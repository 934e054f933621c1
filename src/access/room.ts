import type { Room } from '../journal/room.ts';
import { type AccessCommand, decide, due } from './decide.ts';
import { type AccessState, evolve, initialAccessState } from './state.ts';

export const accessRoom: Room<AccessState, AccessCommand, unknown> = {
  name: 'access',
  initial: initialAccessState,
  evolve,
  decide,
  due: (state, now) => due(state, now),
};
