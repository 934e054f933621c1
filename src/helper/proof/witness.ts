import { readFileSync, readlinkSync } from 'node:fs';
import type { Result } from '../../journal/result.ts';
import { accept } from '../../journal/result.ts';
import type { RecordedMember, RecordedRoom } from '../record.ts';
import { type Machine, nameOf } from '../room/machine.ts';
import { processOf } from '../room/member.ts';
import { readCounters } from '../room/network.ts';
import { childrenOf } from '../room/processes.ts';

/** One thing tried, or looked at, and what came of it. */
export interface Attempt {
  path: string;
  target: string;
  escaped: boolean;
  observed: string;
}

function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child.pid, ...descendants(child.pid)]);
}

/** The member's own processes seen from outside: the probe stands behind the same wall, this is the member itself. */
export function witnessProcesses(member: RecordedMember): Attempt[] {
  const init = processOf(member, 'member-init');
  if (init === undefined) return [];
  // Process 1 is bubblewrap's own, which only buries the dead; the member's begin below it.
  const own = descendants(init.pid);
  return [
    ...[init.pid, ...own].flatMap((pid) => looked(member, pid, 'member-namespaces', () => sharedNamespaces(pid))),
    ...own.flatMap((pid) => looked(member, pid, 'member-privileges', () => keptPrivileges(pid))),
  ];
}

function looked(member: RecordedMember, pid: number, path: string, wrong: () => string[]): Attempt[] {
  try {
    const found = wrong();
    const observed = found.length > 0 ? found.join(' ') : 'none of the host';
    return [{ path, target: `${member.spec.id} process ${pid}`, escaped: found.length > 0, observed }];
  } catch {
    // It ended while it was looked at.
    return [];
  }
}

const sharedNamespaces = (pid: number) =>
  ['mnt', 'pid', 'ipc', 'uts', 'net', 'cgroup'].filter(
    (kind) => readlinkSync(`/proc/${pid}/ns/${kind}`) === readlinkSync(`/proc/self/ns/${kind}`),
  );

function keptPrivileges(pid: number): string[] {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  const kept = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].filter((name) => !/^0+$/.test(field(name)));
  if (field('NoNewPrivs') !== '1') kept.push('NoNewPrivs');
  if (field('Seccomp') !== '2') kept.push('Seccomp');
  if (/\b0\b/.test(field('Uid'))) kept.push('Uid');
  return kept;
}

/**
 * Packets counted in the member's own namespace. What left (or came) was counted first and what the rules allowed
 * second, so that traffic between the two readings can only make the difference negative.
 */
export async function witnessPackets(
  machine: Machine,
  room: RecordedRoom,
  member: RecordedMember,
): Promise<Result<Attempt[]>> {
  const name = nameOf(room, member.index);
  const first = await readCounters(machine.tools, name);
  if (!first.ok) return first;
  const second = await readCounters(machine.tools, name);
  if (!second.ok) return second;
  const attempt = (passed: string, allowed: string, dropped: string): Attempt => {
    const [through, permitted] = [first.value[passed] ?? Number.POSITIVE_INFINITY, second.value[allowed] ?? 0];
    return {
      path: 'packets',
      target: `${member.spec.id} ${passed}`,
      escaped: through > permitted,
      observed: `${through} ${passed}, ${permitted} allowed by a rule, ${second.value[dropped] ?? 0} dropped`,
    };
  };
  return accept([attempt('left', 'allowed_out', 'dropped_out'), attempt('came', 'allowed_in', 'dropped_in')]);
}
