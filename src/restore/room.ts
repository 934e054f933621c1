import type { Room } from '../journal/room.ts';
import { decide, type RestoreCommand, type Shared } from './decide.ts';
import { dueAtNight, dueOfProofs } from './proof/due.ts';
import { evolve, initialRestoreState, type RestoreState } from './state.ts';

export const restoreRoom: Room<RestoreState, RestoreCommand, Shared> = {
  name: 'restore',
  initial: initialRestoreState,
  evolve,
  decide,
  due(state, now, { document }) {
    const ofRecoveries = Object.values(state.recoveries)
      .filter((recovery) => recovery.closed === null)
      .flatMap((recovery): RestoreCommand[] => {
        const { recovery: id, incident, careFunctions, released } = recovery;
        if (incident === null) return [];
        const wider =
          state.incidents[incident]?.careFunctions.some((careFunction) => !careFunctions.includes(careFunction)) ??
          false;
        if (wider) return [{ type: 'PlanRecovery', incident }];
        const all =
          Object.keys(recovery.components).length > 0 &&
          careFunctions.every((careFunction) => released[careFunction] !== undefined);
        return all ? [{ type: 'CloseRecovery', recovery: id, outcome: 'released' }] : [];
      });
    return [...ofRecoveries, ...dueOfProofs(state, now), ...dueAtNight(state, now, document)];
  },
};
