import { createHash } from 'node:crypto';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Program } from '../programFile.ts';
import { type MemberRequest, membersMax } from '../protocol.ts';
import type { RecordedMember, RecordedProcess, RecordedRoom } from '../record.ts';
import { type FilledProgram, fillProgram } from '../template.ts';
import { type Account, findAccount } from './accounts.ts';
import type { Machine } from './machine.ts';
import type { OpenDirectory } from './paths.ts';
import { isAlive, type ProcessIdentity } from './processes.ts';
import { addressOf } from './rules.ts';
import type { SandboxSpec } from './sandbox.ts';

/** A member ready to be made: everything the hub said has been judged. */
export interface MemberPlan {
  spec: MemberRequest;
  program: Program;
  account: Account;
  filled: FilledProgram;
  /** Places in the network: this member's and those of all it reaches, started or not. */
  indexes: { [member: string]: number };
  index: number;
  digest: string;
}

export function planMember(machine: Machine, room: RecordedRoom, spec: MemberRequest): Result<MemberPlan> {
  const program = machine.programs.get(spec.program);
  if (program === undefined) {
    return refuse('program-unknown', `The helper knows no program "${spec.program}".`, {
      where: spec.id,
      expected: `one of ${[...machine.programs.keys()].join(', ')}`,
      kept: 'nothing was started',
      cure: "have root add it to the helper's programs file and start the helper again",
    });
  }
  if (spec.reaches.some(({ member }) => member === spec.id)) {
    return refuse('settings-refused', `Member ${spec.id} is said to reach itself.`, {
      where: 'reaches',
      expected: 'other members: its own ports are on its loopback',
      kept: 'nothing was started',
      cure: 'leave it out of `reaches`',
    });
  }
  const account = findAccount(program.user);
  if (!account.ok) return account;
  const indexes: { [member: string]: number } = { ...room.indexes };
  for (const id of [spec.id, ...spec.reaches.map(({ member }) => member)])
    indexes[id] ??= Object.keys(indexes).length + 1;
  if (Object.keys(indexes).length > membersMax) {
    return refuse('room-full', `Room ${room.id} would hold more than ${membersMax} members.`, {
      where: room.id,
      expected: `at most ${membersMax} members ever named in one room`,
      kept: 'the members that run go on',
      cure: 'close the room and open another for the rest',
    });
  }
  const index = indexes[spec.id] ?? 0;
  const filled = fillProgram(program, spec, addressOf(index), (id) => addressOf(indexes[id] ?? 0));
  if (!filled.ok) return filled;
  const digest = createHash('sha256')
    .update(JSON.stringify([spec, program, filled.value]))
    .digest('hex');
  return accept({ spec, program, account: account.value, filled: filled.value, indexes, index, digest });
}

/** The wall a member lives behind; a probe is put behind the very same. */
export function memberSandbox(plan: MemberPlan, data: OpenDirectory): Omit<SandboxSpec, 'command' | 'dieWithHelper'> {
  return {
    account: plan.account,
    hostname: `member${plan.index}`,
    writable: { fd: data.fd, at: plan.program.dataAt },
    readOnly: plan.program.readOnly,
    files: plan.filled.files,
    hosts: plan.spec.reaches.map(({ member }) => ({
      address: addressOf(plan.indexes[member] ?? 0),
      // `owner:id` is no host name; what follows the owner is.
      name: member.slice(member.indexOf(':') + 1),
    })),
    environment: plan.filled.environment,
  };
}

export const processOf = (member: RecordedMember, role: RecordedProcess['role']): ProcessIdentity | undefined =>
  member.processes.findLast((recorded) => recorded.role === role);

/** Its program runs; whether its gateway does is told apart, since a gateway can be made again. */
export function isRunning(member: RecordedMember): boolean {
  const init = processOf(member, 'member-init');
  return init !== undefined && isAlive(init);
}
