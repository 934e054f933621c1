import { rmSync } from 'node:fs';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Program } from '../programFile.ts';
import type { RecordedMember, RecordedProcess, RecordedRoom } from '../record.ts';
import { returnData } from './data.ts';
import { removeGroups } from './limits.ts';
import { gatewayFolder, isLive, logPath, type Machine, nameOf } from './machine.ts';
import { processOf } from './member.ts';
import { namespaceInode, removeNamespace, unlinkMember } from './network.ts';
import {
  bootId,
  childrenOf,
  end,
  isAlive,
  type ProcessIdentity,
  processesInNetwork,
  signal,
  until,
} from './processes.ts';

const outerMilliseconds = 2000;

/** Process 1 of each sandbox first: bubblewrap then buries it and ends by itself; what is left is ended too. */
export async function endProcesses(processes: readonly RecordedProcess[]): Promise<number[]> {
  const inner = processes.filter(({ role }) => role.endsWith('-init'));
  const outer = processes.filter(({ role }) => !role.endsWith('-init'));
  const ended = await end(inner);
  const buried = outer.filter(({ role }) => inner.some((one) => one.role === `${role}-init`));
  await until(() => buried.every((one) => !isAlive(one)), outerMilliseconds);
  return [...ended, ...(await end(outer))];
}

/** Asks the program itself to end, as its makers want it asked, so that its data are left in order. */
async function endGently(member: RecordedMember, stop: Program['stop']): Promise<number[]> {
  const init = processOf(member, 'member-init');
  if (init === undefined || !isAlive(init)) return [];
  const [program] = childrenOf(init.pid);
  if (program === undefined || !signal(program, stop.signal)) return [];
  return (await until(() => !isAlive(init), stop.seconds * 1000)) ? [init.pid] : [];
}

/** Everything that lives in a recorded namespace, recorded itself or not: started in the instant a helper was killed. */
function strays(name: string, recorded: number | undefined) {
  const inode = namespaceInode(name);
  const ours = inode !== undefined && (recorded === undefined || inode === recorded);
  return ours ? processesInNetwork(inode) : [];
}

const stays = (id: string, processes: readonly ProcessIdentity[]): Result<never> =>
  refuse('member-not-ended', `Processes of ${id} outlive SIGKILL: ${processes.map(({ pid }) => pid).join(', ')}.`, {
    where: id,
    expected: 'processes that end; these wait inside the kernel, usually for a disk that does not answer',
    kept: 'its network stays cut from the host, and all of it stays recorded',
    cure: 'repair or remove that disk, then ask again; only a restart of this machine ends them otherwise',
    retryable: true,
  });

/**
 * Ends a member and removes what was recorded of it; returns the sandboxes it ended. Idempotent. A member that was
 * running is asked first; a half-made one is not.
 */
export async function endMember(
  machine: Machine,
  room: RecordedRoom,
  id: string,
  { keepLog }: { keepLog: boolean } = { keepLog: false },
): Promise<Result<number[]>> {
  const member = room.members[id];
  if (member === undefined || !isLive(member)) return accept([]);
  const { record, tools } = machine;
  const name = nameOf(room, member.index);
  const program = machine.programs.get(member.spec.program);
  // After a reboot the recorded numbers belong to others.
  const processes = room.boot === bootId() ? member.processes : [];
  // The gateway first: a program may wait for its last connections before it ends.
  const ended = await endProcesses(processes.filter(({ role }) => role.startsWith('relay')));
  if (processes.length > 0 && member.phase === 'running' && program !== undefined)
    ended.push(...(await endGently(member, program.stop)));
  ended.push(...(await endProcesses(processes)));
  ended.push(...(await end(strays(name, member.namespace))));
  const staying = [...processes, ...strays(name, member.namespace)].filter(isAlive);
  if (staying.length > 0) return stays(id, staying);
  await unlinkMember(tools, nameOf(room, 0), member.index);
  const removed = await removeNamespace(tools, name, member.namespace);
  if (!removed.ok) return removed;
  await removeGroups(room.groups.flatMap((parent) => [`${parent}/${name}`, `${parent}/${name}-relay`]));
  rmSync(`${gatewayFolder(machine, room)}/${member.index}`, { recursive: true, force: true });
  if (!keepLog) rmSync(logPath(machine, room, member.index), { force: true });
  const returned =
    program === undefined ? accept(undefined) : await returnData(machine, member.spec.dataDirectory, program);
  if (!returned.ok) return returned;
  record.append({ fact: 'memberEnded', room: room.id, member: id });
  return accept([...new Set(ended)]);
}

/** Ends every member and removes the room; the data folders stay. Idempotent, and resumes where a killed helper stopped. */
export async function endRoom(machine: Machine, room: RecordedRoom): Promise<Result<number[]>> {
  const { record, tools } = machine;
  record.append({ fact: 'roomClosing', room: room.id });
  const ended: number[] = [];
  const results = await Promise.all(Object.keys(room.members).map((id) => endMember(machine, room, id)));
  for (const result of results) {
    if (!result.ok) return result;
    ended.push(...result.value);
  }
  const bridge = nameOf(room, 0);
  ended.push(...(await end(strays(bridge, room.namespace))));
  const removed = await removeNamespace(tools, bridge, room.namespace);
  if (!removed.ok) return removed;
  rmSync(gatewayFolder(machine, room), { recursive: true, force: true });
  for (const member of Object.values(room.members)) rmSync(logPath(machine, room, member.index), { force: true });
  record.append({ fact: 'roomClosed', room: room.id });
  return accept(ended);
}
