import { cleanRoomContract } from '../../restore/cleanRoom.contract.ts';
import { memoryCleanRoom } from './memory.ts';

cleanRoomContract('in memory', async () => {
  const twin = memoryCleanRoom({ now: () => '2026-01-01T00:00:00.000Z' });
  return {
    client: twin.client,
    folder: '/room',
    member: (name, more = {}) => ({
      id: `site:${name}`,
      program: 'memory',
      dataDirectory: `/room/${name}`,
      listens: [4000, 5000],
      reaches: [],
      settings: {},
      ...more,
    }),
    end: async () => {},
  };
});
