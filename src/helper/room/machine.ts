import type { Programs } from '../programFile.ts';
import type { HelperRecord, RecordedMember, RecordedRoom } from '../record.ts';
import type { Limits } from './limits.ts';
import { addressOf, type Pair } from './rules.ts';
import type { Tools } from './tools.ts';
import type { Weakness } from './weakness.ts';

/** All the helper works with: this machine's tools, its own folder, its record, and whom it serves. */
export interface Machine {
  tools: Tools;
  /** Root's folder: record, logs, gateways, canaries. */
  folder: string;
  record: HelperRecord;
  limits: Limits;
  programs: Programs;
  /** The hub's user: owner of the socket, of the gateways and of the rooms' folders. */
  hub: { uid: number; gid: number };
  /** Rooms' folders must be inside this one, when it is given. */
  roomsFolder?: string;
  /** Always empty but in tests of the proof itself. */
  weak: ReadonlySet<Weakness>;
}

/** Place 0 of a room is its bridge; members count from 1. A host link's name holds at most 15 characters. */
export const nameOf = (room: RecordedRoom, index: number) => `rfx-${room.key}-${index}`;
export const gatewayFolder = (machine: Machine, room: RecordedRoom) => `${machine.folder}/gateway/${room.key}`;
export const logPath = (machine: Machine, room: RecordedRoom, index: number) =>
  `${machine.folder}/log/${nameOf(room, index)}.log`;
/** Holds one folder per running proof, reachable by any user of the host: only a sandbox's walls keep a member out. */
export const canaryFolder = (machine: Machine) => `${machine.folder}/canary`;

export const isLive = ({ phase }: RecordedMember) => phase !== 'ended';

/** Which connections a member may open, and which may be opened to it, as the recorded specs of its room say. */
export function pairsOf(room: RecordedRoom, id: string): { reaches: Pair[]; reachedBy: Pair[] } {
  const address = (member: string) => addressOf(room.indexes[member] ?? 0);
  const reaches = room.members[id]?.spec.reaches.map(({ member, port }) => ({ address: address(member), port })) ?? [];
  const reachedBy = Object.values(room.members)
    .filter(isLive)
    .flatMap(({ spec }) =>
      spec.reaches.filter(({ member }) => member === id).map(({ port }) => ({ address: address(spec.id), port })),
    );
  return { reaches, reachedBy };
}
