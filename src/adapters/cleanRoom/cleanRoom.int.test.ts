import { expect } from 'vitest';
import { cannotMakeRooms, Ground } from '../../helper/fixtures/ground.ts';
import { cleanRoomContract } from '../../restore/cleanRoom.contract.ts';
import { cleanRoom, type HelperClient } from './cleanRoom.ts';
import { startHelper } from './startHelper.ts';

cleanRoomContract('behind the helper', async () => {
  const reason = cannotMakeRooms();
  if (reason !== undefined) return { cannot: reason };
  const ground = new Ground();
  const helper = await startHelper({
    socket: ground.socket,
    state: ground.state,
    programs: ground.programs,
    lifeline: true,
  });
  if (!helper.ok) throw new Error(helper.refusal.message);
  const clients: HelperClient[] = [];
  return {
    client: () => {
      const client = cleanRoom({ socket: ground.socket });
      clients.push(client);
      // The helper answers few connections at once; an idle client connects again when it is used.
      void clients.at(-4)?.disconnect();
      return client;
    },
    folder: ground.room,
    member: (name, more) => ground.member(name, more),
    end: async () => {
      for (const client of clients) await client.disconnect();
      await helper.value.stop();
      expect(ground.leftovers()).toEqual([]);
      ground.remove();
    },
  };
});
