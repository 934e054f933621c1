import { accept, type Result, refuse } from '../../journal/result.ts';
import type { CleanRoom, Member, MemberSpec } from '../../restore/ports.ts';

export interface MemoryCleanRoomOptions {
  /** Programs it says it knows, and the settings each takes. */
  programs?: { [program: string]: readonly string[] };
  /** The instant of a proof. */
  now: () => string;
}

interface MemoryRoom {
  epoch: number;
  folder: string;
  addresses: Map<string, number>;
  members: Map<string, { spec: MemberSpec; member: Member }>;
}

/**
 * The clean room's twin in memory: same promises, nothing runs. Clients made from one twin share its rooms, as hubs
 * share a helper. `crash` forgets a room's members, as if their programs had died.
 */
export function memoryCleanRoom({ programs = { memory: [] }, now }: MemoryCleanRoomOptions) {
  const rooms = new Map<string, MemoryRoom>();
  let epochSeen = 0;
  let lastPid = 1000;

  const fence = (epoch: number): Result<void> => {
    epochSeen = Math.max(epochSeen, epoch);
    if (epoch === epochSeen) return accept(undefined);
    return refuse('epoch-too-old', `Epoch ${epochSeen} has spoken since epoch ${epoch}.`, {
      cure: 'work on the hub that took over',
    });
  };
  const notOpen = (room: string) => refuse('room-not-open', `Room ${room} is not open.`, { cure: 'open it first' });
  const inside = (folder: string, path: string) => path.startsWith(`${folder}/`) && !path.split('/').includes('..');
  const overlap = (one: string, other: string) => one === other || inside(one, other) || inside(other, one);

  function judge(room: MemoryRoom, spec: MemberSpec): Result<void> {
    const settings = programs[spec.program];
    const cure = 'correct the specification';
    if (settings === undefined) return refuse('program-unknown', `No program "${spec.program}".`, { cure });
    if (
      Object.keys(spec.settings).some((name) => !settings.includes(name)) ||
      spec.reaches.some(({ member }) => member === spec.id)
    ) {
      return refuse('settings-refused', `Settings or reaches of ${spec.id} are refused.`, { cure });
    }
    const taken = [...room.members.values()].some(
      (other) => other.spec.id !== spec.id && overlap(other.spec.dataDirectory, spec.dataDirectory),
    );
    if (taken || !inside(room.folder, spec.dataDirectory)) {
      return refuse('path-refused', `The folder ${spec.dataDirectory} is refused.`, { cure });
    }
    return accept(undefined);
  }

  function client(): CleanRoom {
    const epochs = new Map<string, number>();
    const find = (id: string): Result<MemoryRoom> => {
      const epoch = epochs.get(id);
      if (epoch === undefined) return notOpen(id);
      const fenced = fence(epoch);
      if (!fenced.ok) return fenced;
      const room = rooms.get(id);
      return room?.epoch === epoch ? accept(room) : notOpen(id);
    };
    return {
      async open({ id, epoch, folder }) {
        const fenced = fence(epoch);
        if (!fenced.ok) return fenced;
        epochs.set(id, epoch);
        const before = rooms.get(id);
        if (before?.epoch === epoch && before.folder === folder) return accept({ endedOrphans: [] });
        rooms.set(id, { epoch, folder, addresses: new Map(), members: new Map() });
        return accept({ endedOrphans: [...(before?.members.values() ?? [])].map(({ member }) => member.pid) });
      },
      async start(id, spec) {
        const room = find(id);
        if (!room.ok) return room;
        const judged = judge(room.value, spec);
        if (!judged.ok) return judged;
        const { addresses, members } = room.value;
        const present = members.get(spec.id);
        if (present !== undefined) {
          if (JSON.stringify(present.spec) === JSON.stringify(spec)) return accept(present.member);
          return refuse('member-differs', `Member ${spec.id} runs with another specification.`, {
            cure: 'stop it first',
          });
        }
        const place = addresses.get(spec.id) ?? addresses.size + 1;
        addresses.set(spec.id, place);
        lastPid += 1;
        const gateway = Object.fromEntries(spec.listens.map((port) => [`${port}`, `/memory/${id}/${place}/${port}`]));
        const member = { id: spec.id, pid: lastPid, address: `10.77.0.${place}`, gateway };
        members.set(spec.id, { spec: structuredClone(spec), member });
        return accept(member);
      },
      async stop(id, member) {
        const room = find(id);
        if (!room.ok) return room;
        room.value.members.delete(member);
        return accept(undefined);
      },
      async proveIsolation(id) {
        const room = find(id);
        if (!room.ok) return room;
        const members = [...room.value.members.keys()];
        if (members.length === 0)
          return refuse('room-empty', `Room ${id} has no running member.`, { cure: 'start a member first' });
        const attempts = members.map((target) => ({
          path: 'memory',
          target,
          escaped: false,
          observed: 'nothing runs in memory',
        }));
        return accept({ provedAt: now(), attempts, escaped: 0 });
      },
      async close(id) {
        const epoch = epochs.get(id);
        if (epoch === undefined) return notOpen(id);
        const fenced = fence(epoch);
        if (fenced.ok) rooms.delete(id);
        return fenced;
      },
    };
  }

  return { client, crash: (room: string) => rooms.get(room)?.members.clear() };
}
