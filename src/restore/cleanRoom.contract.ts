import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refusal, Result } from '../journal/result.ts';
import type { CleanRoom, MemberSpec } from './ports.ts';

export interface CleanRoomUnderTest {
  /** A client as a freshly started hub has it: it has opened nothing yet. */
  client(): CleanRoom;
  /** A folder the room may use. */
  folder: string;
  /** A member whose data folder exists inside `folder` and whose program starts; each name its own data. */
  member(name: string, more?: Partial<MemberSpec>): MemberSpec;
  end(): Promise<void>;
}

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
};

function expectRefusal(result: Result<unknown>, code: string): Refusal {
  if (result.ok) throw new Error(`expected the refusal ${code}, was obeyed`);
  expect(result.refusal.code).toBe(code);
  expect(result.refusal.message.length).toBeGreaterThan(10);
  expect(result.refusal.cure, 'every refusal says what to do').toBeTruthy();
  return result.refusal;
}

/** What every clean room promises, the real one and its twin in memory. `prepare` answers a reason when it cannot run here. */
export function cleanRoomContract(name: string, prepare: () => Promise<CleanRoomUnderTest | { cannot: string }>): void {
  describe(`clean room: ${name}`, () => {
    let prepared: CleanRoomUnderTest | { cannot: string };
    let rooms = 0;
    beforeAll(async () => {
      prepared = await prepare();
    });
    afterAll(async () => {
      if (!('cannot' in prepared)) await prepared.end();
    });

    /** One promise, in a room of its own, opened in the epoch of the moment. */
    const promise = (
      title: string,
      keep: (
        test: CleanRoomUnderTest & { room: CleanRoom; id: string; open(): Promise<{ endedOrphans: number[] }> },
      ) => Promise<void>,
    ) =>
      it(title, async (context) => {
        if ('cannot' in prepared) return context.skip(prepared.cannot);
        rooms += 1;
        const id = `recovery-${rooms}`;
        const room = prepared.client();
        const { folder } = prepared;
        const open = async () => value(await room.open({ id, epoch, folder }));
        await keep({ ...prepared, room, id, open });
        // Some promises raise the epoch; the last word on this room is always the newest hub's.
        value(await room.open({ id, epoch, folder }));
        value(await room.close(id));
      });
    let epoch = 1;

    promise(
      'starts a member, says where it is reached, and returns the same one for the same specification',
      async (test) => {
        expect(await test.open()).toEqual({ endedOrphans: [] });
        const spec = test.member('a');
        const first = value(await test.room.start(test.id, spec));
        expect(first.id).toBe(spec.id);
        expect(first.pid).toBeGreaterThan(1);
        expect(first.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        expect(Object.keys(first.gateway)).toEqual(spec.listens.map(String));
        expect(value(await test.room.start(test.id, spec))).toEqual(first);
      },
    );

    promise('keeps running members when the same hub, or a restarted one, opens the room again', async (test) => {
      await test.open();
      const spec = test.member('a');
      const first = value(await test.room.start(test.id, spec));
      expect(await test.open()).toEqual({ endedOrphans: [] });
      const restarted = test.client();
      expect(value(await restarted.open({ id: test.id, epoch, folder: test.folder }))).toEqual({ endedOrphans: [] });
      expect(value(await restarted.start(test.id, spec))).toEqual(first);
    });

    promise('starts the members of one room side by side, each at an address of its own', async (test) => {
      await test.open();
      const specs = ['a', 'b', 'c'].map((name) => test.member(name));
      const members = (await Promise.all(specs.map((spec) => test.room.start(test.id, spec)))).map(value);
      expect(new Set(members.map(({ address }) => address)).size).toBe(3);
      expect(new Set(members.map(({ pid }) => pid)).size).toBe(3);
    });

    promise('refuses another specification under the same id until the member is stopped', async (test) => {
      await test.open();
      const spec = test.member('a');
      const first = value(await test.room.start(test.id, spec));
      const other = { ...spec, listens: spec.listens.map((port) => port + 1) };
      expectRefusal(await test.room.start(test.id, other), 'member-differs');
      expect(value(await test.room.start(test.id, spec))).toEqual(first);
      value(await test.room.stop(test.id, spec.id));
      const second = value(await test.room.start(test.id, other));
      expect(second.pid).not.toBe(first.pid);
      expect(second.address).toBe(first.address);
    });

    promise('stops what runs, and what does not run is stopped already', async (test) => {
      await test.open();
      const spec = test.member('a');
      const first = value(await test.room.start(test.id, spec));
      value(await test.room.stop(test.id, spec.id));
      value(await test.room.stop(test.id, spec.id));
      value(await test.room.stop(test.id, 'site:never-started'));
      expect(value(await test.room.start(test.id, spec)).pid).not.toBe(first.pid);
    });

    promise('proves isolation from inside its members, and refuses to prove it of an empty room', async (test) => {
      await test.open();
      expectRefusal(await test.room.proveIsolation(test.id), 'room-empty');
      value(await test.room.start(test.id, test.member('a')));
      const proof = value(await test.room.proveIsolation(test.id));
      expect(proof.attempts.length).toBeGreaterThan(0);
      expect(proof.attempts.filter(({ escaped }) => escaped)).toEqual([]);
      expect(proof.escaped).toBe(0);
      expect(Number.isNaN(Date.parse(proof.provedAt))).toBe(false);
    });

    promise('obeys only in a room that this hub has opened', async (test) => {
      const spec = test.member('a');
      expectRefusal(await test.room.start(test.id, spec), 'room-not-open');
      expectRefusal(await test.room.stop(test.id, spec.id), 'room-not-open');
      expectRefusal(await test.room.proveIsolation(test.id), 'room-not-open');
      expectRefusal(await test.room.close(test.id), 'room-not-open');
    });

    promise('closes for good: closing again changes nothing, and only opening lets it start again', async (test) => {
      await test.open();
      const spec = test.member('a');
      const first = value(await test.room.start(test.id, spec));
      value(await test.room.close(test.id));
      value(await test.room.close(test.id));
      expectRefusal(await test.room.start(test.id, spec), 'room-not-open');
      expect(await test.open()).toEqual({ endedOrphans: [] });
      expect(value(await test.room.start(test.id, spec)).pid).not.toBe(first.pid);
    });

    promise('refuses what no program, setting or folder of it allows, and starts nothing', async (test) => {
      await test.open();
      const spec = test.member('a');
      expectRefusal(await test.room.start(test.id, { ...spec, program: 'a-shell' }), 'program-unknown');
      expectRefusal(await test.room.start(test.id, { ...spec, settings: { unheardOf: 1 } }), 'settings-refused');
      expectRefusal(await test.room.start(test.id, { ...spec, dataDirectory: '/etc' }), 'path-refused');
      expectRefusal(
        await test.room.start(test.id, { ...spec, reaches: [{ member: spec.id, port: 1 }] }),
        'settings-refused',
      );
      expectRefusal(await test.room.proveIsolation(test.id), 'room-empty');
    });

    promise('never gives two members the same data', async (test) => {
      await test.open();
      const spec = test.member('a');
      value(await test.room.start(test.id, spec));
      expectRefusal(await test.room.start(test.id, { ...spec, id: 'site:thief' }), 'path-refused');
    });

    promise(
      'refuses a hub that was replaced, in every room, and ends its members when the new one opens theirs',
      async (test) => {
        await test.open();
        const spec = test.member('a');
        const first = value(await test.room.start(test.id, spec));
        const replaced = epoch;
        epoch += 1;
        const successor = test.client();
        expect(value(await successor.open({ id: test.id, epoch, folder: test.folder })).endedOrphans).toContain(
          first.pid,
        );
        expectRefusal(await test.room.start(test.id, spec), 'epoch-too-old');
        expectRefusal(await test.room.close(test.id), 'epoch-too-old');
        expectRefusal(
          await test.room.open({ id: 'recovery-elsewhere', epoch: replaced, folder: test.folder }),
          'epoch-too-old',
        );
        expect(value(await successor.start(test.id, spec)).pid).not.toBe(first.pid);
      },
    );
  });
}
