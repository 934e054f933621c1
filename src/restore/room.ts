import type { Room } from '../journal/room.ts';
import { decide, type RestoreCommand, type Shared } from './decide.ts';
import { evolve, initialRestoreState, type RestoreState } from './state.ts';

export const restoreRoom: Room<RestoreState, RestoreCommand, Shared> = {
  name: 'restore',
  initial: initialRestoreState,
  evolve,
  decide,
  due(state) {
    return Object.values(state.recoveries)
      .filter((recovery) => recovery.closed === null)
      .flatMap((recovery): RestoreCommand[] => {
        const { recovery: id, incident, careFunctions, released } = recovery;
        const wider =
          state.incidents[incident]?.careFunctions.some((careFunction) => !careFunctions.includes(careFunction)) ??
          false;
        if (wider) return [{ type: 'PlanRecovery', incident }];
        const all =
          Object.keys(recovery.components).length > 0 &&
          careFunctions.every((careFunction) => released[careFunction] !== undefined);
        return all ? [{ type: 'CloseRecovery', recovery: id, outcome: 'released' }] : [];
      });
  },
};
