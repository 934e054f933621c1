import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { accept, type Result } from '../../journal/result.ts';
import type { Answer, Request } from '../protocol.ts';
import type { RecordedRoom } from '../record.ts';
import { openRoomFolder } from './data.ts';
import { endMember, endRoom } from './end.ts';
import { gatewayFolder, isLive, type Machine, nameOf } from './machine.ts';
import { isRunning } from './member.ts';
import { makeBridge } from './network.ts';
import { bootId } from './processes.ts';

type Opening = Omit<Extract<Request, { verb: 'openRoom' }>, 'id' | 'verb'>;

/**
 * The same room again keeps what runs whole; another epoch, folder or boot ends all of it first. Either way the hub is
 * told every process that was ended since it last asked. `starting`: members this life is waiting for.
 */
export async function openRoom(
  machine: Machine,
  { room: id, epoch, folder }: Opening,
  starting: ReadonlySet<string>,
): Promise<Result<Answer<'openRoom'>>> {
  const opened = openRoomFolder(machine, folder);
  if (!opened.ok) return opened;
  opened.value.close();
  const { record } = machine;
  const before = record.state.rooms[id];
  if (before === undefined) return makeRoom(machine, { room: id, epoch, folder }, []);
  if (before.phase === 'open' && before.epoch === epoch && before.folder === folder && before.boot === bootId()) {
    const ended = await endHalfMade(machine, before, starting);
    if (!ended.ok) return ended;
    const { endedOrphans } = before;
    if (endedOrphans.length > 0) record.append({ fact: 'orphansTold', room: id });
    return accept({ endedOrphans });
  }
  const { endedOrphans } = before;
  const ended = await endRoom(machine, before);
  return ended.ok ? makeRoom(machine, { room: id, epoch, folder }, [...endedOrphans, ...ended.value]) : ended;
}

async function makeRoom(
  machine: Machine,
  { room: id, epoch, folder }: Opening,
  endedOrphans: number[],
): Promise<Result<Answer<'openRoom'>>> {
  const { record, limits, tools } = machine;
  const room: RecordedRoom = {
    id,
    epoch,
    folder,
    key: randomBytes(3).toString('hex'),
    boot: bootId(),
    phase: 'opening',
    groups: limits.parents,
    members: {},
    indexes: {},
    endedOrphans: [],
  };
  record.append({ fact: 'roomOpening', room });
  const bridge = await makeBridge(tools, nameOf(room, 0));
  if (!bridge.ok) {
    const recorded = record.state.rooms[id];
    if (recorded !== undefined) await endRoom(machine, recorded);
    return bridge;
  }
  // Root's, so that nobody can put a link where a gateway's folder is made; each of those is the hub's.
  mkdirSync(gatewayFolder(machine, room), { mode: 0o700 });
  // Whatever the service's mask is: the hub passes through it to its own.
  chmodSync(gatewayFolder(machine, room), 0o711);
  record.append({ fact: 'roomOpened', room: id, namespace: bridge.value });
  return accept({ endedOrphans });
}

/** Ends what no one waits for and nothing finished; the pids are kept until the hub opens the room and is told. */
export async function endHalfMade(
  machine: Machine,
  room: RecordedRoom,
  starting: ReadonlySet<string>,
): Promise<Result<void>> {
  const { record } = machine;
  // After a reboot only folders are left; the same steps remove them.
  if (room.phase !== 'open' || room.boot !== bootId()) {
    const ended = await endRoom(machine, room);
    return ended.ok ? accept(undefined) : ended;
  }
  for (const [id, member] of Object.entries(room.members)) {
    const isWhole = member.phase === 'running' && isRunning(member);
    if (!isLive(member) || isWhole || starting.has(`${room.id}/${id}`)) continue;
    const ended = await endMember(machine, room, id);
    if (!ended.ok) return ended;
    if (ended.value.length > 0) record.append({ fact: 'orphansEnded', room: room.id, pids: ended.value });
  }
  return accept(undefined);
}
