import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Answer } from '../protocol.ts';
import type { RecordedMember, RecordedRoom } from '../record.ts';
import { openDataDirectory } from '../room/data.ts';
import { endProcesses } from '../room/end.ts';
import { canaryFolder, type Machine } from '../room/machine.ts';
import { isRunning, type MemberPlan, memberSandbox, planMember } from '../room/member.ts';
import { sandbox } from '../room/sandbox.ts';
import { launchRecorded } from '../room/start.ts';
import { attemptsFor } from './attempts.ts';
import { type Canaries, openCanaries } from './canaries.ts';
import { type Attempt, witnessPackets, witnessProcesses } from './witness.ts';

const probeScript = fileURLToPath(new URL('./probe.pl', import.meta.url));
/** The probe gives up its network attempts after two seconds. */
const probeMillisecondsMax = 30_000;
const probeOutputMax = 1_048_576;

/** Tries every forbidden path from inside every running member, and hears the witnesses outside. */
export async function proveIsolation(machine: Machine, room: RecordedRoom): Promise<Result<Answer<'proveIsolation'>>> {
  const members = Object.values(room.members).filter((member) => member.phase === 'running' && isRunning(member));
  if (members.length === 0) {
    return refuse('room-empty', `Room ${room.id} has no running member to prove anything from.`, {
      where: room.id,
      expected: 'at least one running member',
      kept: 'the room',
      cure: 'start a member first',
    });
  }
  const canaries = await openCanaries(machine);
  try {
    const probed = await Promise.all(members.map((member) => probe(machine, room, member, canaries)));
    const attempts: Attempt[] = [];
    for (const [index, member] of members.entries()) {
      const tried = probed[index];
      if (tried === undefined || !tried.ok) return tried ?? refuse('proof-incomplete', 'A probe was not run.');
      const packets = await witnessPackets(machine, room, member);
      if (!packets.ok) return packets;
      attempts.push(...tried.value, ...witnessProcesses(member), ...packets.value);
    }
    const reached = canaries.reached();
    attempts.push({ path: 'canaries', target: 'host', escaped: reached > 0, observed: `reached ${reached} times` });
    const provedAt = new Date().toISOString();
    return accept({ provedAt, attempts, escaped: attempts.filter(({ escaped }) => escaped).length });
  } finally {
    canaries.close();
  }
}

/** One probe, behind the member's own wall and in its own network, recorded like any process of the room. */
async function probe(
  machine: Machine,
  room: RecordedRoom,
  member: RecordedMember,
  canaries: Canaries,
): Promise<Result<Attempt[]>> {
  const { weak, tools, record } = machine;
  const planned = planMember(machine, room, member.spec);
  if (!planned.ok) return planned;
  const plan: MemberPlan = weak.has('as-root')
    ? { ...planned.value, account: { name: 'root', uid: 0, gid: 0 } }
    : planned.value;
  const data = openDataDirectory(machine, room, member.spec.id, member.spec.dataDirectory, planned.value.account);
  if (!data.ok) return data;
  const extra = weak.has('keep-descriptor') ? openSync('/', 'r') : undefined;
  try {
    const asked = attemptsFor(machine, room, member, canaries);
    const wall = memberSandbox(plan, data.value);
    const inside = sandbox(
      tools,
      {
        ...wall,
        readOnly: [...wall.readOnly, { from: probeScript, to: '/run/reflexe/probe.pl' }],
        command: [tools.perl, '/run/reflexe/probe.pl', ...asked],
        dieWithHelper: true,
      },
      weak,
      canaryFolder(machine),
    );
    const launched = await launchRecorded(machine, room, plan, 'probe', inside, 'pipe', {
      ...(weak.has('host-network') ? { namespace: undefined } : {}),
      ...(extra === undefined ? {} : { extraDescriptor: extra }),
    });
    if (!launched.ok) return launched;
    const lines = await readLines(launched.value.output);
    const own = member.processes.filter(({ role }) => role.startsWith('probe'));
    await endProcesses(own);
    record.append(
      ...own.map(({ pid }) => ({ fact: 'processEnded' as const, room: room.id, member: member.spec.id, pid })),
    );
    return readAttempts(member.spec.id, lines, asked);
  } finally {
    if (extra !== undefined) closeSync(extra);
    data.value.close();
  }
}

function readLines(output: Readable | null): Promise<string[]> {
  return new Promise((resolve) => {
    let text = '';
    const done = () => resolve(text.split('\n').filter((line) => line !== ''));
    const late = setTimeout(done, probeMillisecondsMax);
    output?.setEncoding('utf8').on('data', (part: string) => {
      if (text.length < probeOutputMax) text += part;
    });
    output?.once('close', () => {
      clearTimeout(late);
      done();
    });
  });
}

/** A proof that stopped half-way proves nothing: the last line must be there, and every attempt must have its answer. */
function readAttempts(id: string, lines: string[], asked: string[]): Result<Attempt[]> {
  const attempts = lines.flatMap((line): Attempt[] => {
    const [path, target, escaped, observed] = line.split('\t');
    return path && target && observed !== undefined
      ? [{ path, target: `${id} → ${target}`, escaped: escaped !== '0', observed }]
      : [];
  });
  const unanswered = asked.filter((ask) => {
    const [path, target] = ask.split('|');
    return !attempts.some((attempt) => attempt.path === path && attempt.target.startsWith(`${id} → ${target}`));
  });
  if (lines.at(-1) === 'end' && unanswered.length === 0) return accept(attempts);
  return refuse(
    'proof-incomplete',
    `The probe in member ${id} left ${unanswered.length} of ${asked.length} attempts unanswered.`,
    {
      where: id,
      expected: 'an answer to every attempt',
      kept: 'the members go on',
      cure: 'ask again; if it stays so, do not rely on this room',
      retryable: true,
    },
  );
}
