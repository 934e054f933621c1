import { chownSync, closeSync, constants, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Answer } from '../protocol.ts';
import type { RecordedProcess, RecordedRoom } from '../record.ts';
import { openDataDirectory, prepareData } from './data.ts';
import { type Launched, launch } from './launch.ts';
import type { MemberLimits } from './limits.ts';
import { canaryFolder, gatewayFolder, logPath, type Machine, nameOf, pairsOf } from './machine.ts';
import { isRunning, type MemberPlan, memberSandbox, processOf } from './member.ts';
import { changeRules, makeMemberNetwork } from './network.ts';
import { openDirectory } from './paths.ts';
import { isAlive, listeningPorts, type ProcessIdentity, until } from './processes.ts';
import { addressOf } from './rules.ts';
import { type Sandbox, sandbox } from './sandbox.ts';
import { run } from './tools.ts';

const relayScript = fileURLToPath(new URL('./relay.pl', import.meta.url));
/** A service keeps many files open; the soft limit of a log-in shell (1,024) is not meant for it. The helper's own hard limit stays the roof. */
const openFilesMax = Math.min(
  65_536,
  Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024),
);
const relayLimits: MemberLimits = { memoryMegabytes: 512, processes: 8, cpuPercent: 100 };
/** The relay is a hundred lines of Perl: longer means this machine is not running anything. */
const relayReadyMilliseconds = 30_000;

/** Network, rules, data and processes of one member, each recorded before it exists. Does not wait for it to be ready. */
export async function beginMember(machine: Machine, room: RecordedRoom, plan: MemberPlan): Promise<Result<void>> {
  const { tools, record, weak } = machine;
  const data = openDataDirectory(machine, room, plan.spec.id, plan.spec.dataDirectory, plan.account);
  if (!data.ok) return data;
  try {
    const { spec, indexes, digest, index } = plan;
    const reachedBefore = room.members[spec.id]?.spec.reaches ?? [];
    record.append({ fact: 'memberStarting', room: room.id, indexes, spec, digest });
    const name = nameOf(room, index);
    const made = await makeMemberNetwork(
      tools,
      { name, bridge: nameOf(room, 0), index, ...pairsOf(room, spec.id) },
      weak,
    );
    if (!made.ok) return made;
    record.append({ fact: 'namespaceMade', room: room.id, member: spec.id, namespace: made.value });
    const told = await tellReached(
      machine,
      room,
      [...reachedBefore, ...spec.reaches].map(({ member }) => member),
    );
    if (!told.ok) return told;
    const prepared = await prepareData(machine, data.value, plan.account, plan.program);
    if (!prepared.ok) return prepared;
    const wall = sandbox(
      tools,
      { ...memberSandbox(plan, data.value), command: plan.filled.command, dieWithHelper: false },
      weak,
      canaryFolder(machine),
    );
    const log = openSync(
      logPath(machine, room, index),
      constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_TRUNC,
      0o600,
    );
    try {
      const launched = await launchRecorded(machine, room, plan, 'member', wall, log);
      return launched.ok ? accept(undefined) : launched;
    } finally {
      closeSync(log);
    }
  } finally {
    data.value.close();
  }
}

/**
 * Members that this one reaches, or did before it was stopped, learn it through their rules. At its end they need not:
 * its address is never given to another.
 */
async function tellReached(machine: Machine, room: RecordedRoom, members: string[]): Promise<Result<void>> {
  for (const id of new Set(members)) {
    const member = room.members[id];
    if (member?.namespace === undefined) continue;
    const { reaches, reachedBy } = pairsOf(room, id);
    const changed = await changeRules(machine.tools, nameOf(room, member.index), reaches, reachedBy);
    if (!changed.ok) return changed;
  }
  return accept(undefined);
}

/** Launches behind a wall in the member's network; recorded and bounded while it still waits for its word. */
export async function launchRecorded(
  machine: Machine,
  room: RecordedRoom,
  plan: MemberPlan,
  role: 'member' | 'relay' | 'probe',
  wall: Sandbox,
  output: number | 'pipe',
  more: { namespace?: undefined; extraDescriptor?: number } = {},
): Promise<Result<Launched>> {
  const { tools, record, limits } = machine;
  const name = nameOf(room, plan.index);
  const started = (as: RecordedProcess['role'], identity: ProcessIdentity) =>
    record.append({ fact: 'processStarted', room: room.id, member: plan.spec.id, process: { role: as, ...identity } });
  const launched = await launch({
    tools,
    sandbox: wall,
    output,
    namespace: 'namespace' in more ? more.namespace : name,
    ...(more.extraDescriptor === undefined ? {} : { extraDescriptor: more.extraDescriptor }),
    beforeGo: async (outer) => {
      started(role, outer);
      // A member at its bound must not take its gateway along.
      if (role === 'relay') limits.bound(`${name}-relay`, outer.pid, relayLimits);
      else limits.bound(name, outer.pid, plan.program.limits);
      // No core dumps: they would carry patients' data to a place nobody chose.
      const limited = await run(tools.prlimit, [
        `--pid=${outer.pid}`,
        '--core=0:0',
        `--nofile=${openFilesMax}:${openFilesMax}`,
      ]);
      if (!limited.ok) throw new Error(limited.refusal.message);
    },
  });
  if (launched.ok) started(`${role}-init`, launched.value.init);
  return launched;
}

/** Starts the gateway of a member; resolves when its sockets answer. Sockets of an earlier relay are replaced. */
export async function startRelay(machine: Machine, room: RecordedRoom, plan: MemberPlan): Promise<Result<void>> {
  const { hub, tools } = machine;
  const folder = `${gatewayFolder(machine, room)}/${plan.index}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, hub.uid, hub.gid);
  const opened = openDirectory(folder);
  if (!opened.ok) return opened;
  try {
    const wall = sandbox(
      tools,
      {
        account: { name: 'hub', ...hub },
        hostname: `gateway${plan.index}`,
        writable: { fd: opened.value.fd, at: '/gateway' },
        readOnly: [{ from: relayScript, to: '/run/reflexe/relay.pl' }],
        files: {},
        hosts: [],
        environment: {},
        command: [tools.perl, '/run/reflexe/relay.pl', '/gateway', ...plan.spec.listens.map(String)],
        dieWithHelper: false,
      },
      new Set(),
    );
    const launched = await launchRecorded(machine, room, plan, 'relay', wall, 'pipe');
    if (!launched.ok) return launched;
    const { output, child } = launched.value;
    const said = new Promise<boolean>((resolve) => {
      let text = '';
      output?.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('ready\n')) resolve(true);
      });
      output?.once('close', () => resolve(false));
      setTimeout(() => resolve(false), relayReadyMilliseconds).unref();
    });
    const ready = await said;
    for (const stream of child.stdio) stream?.destroy();
    return ready
      ? accept(undefined)
      : notReady(
          plan,
          'its gateway did not open',
          'start it again; if it stays so, run src/helper/room/relay.pl by hand to see why',
        );
  } finally {
    opened.value.close();
  }
}

const notReady = (plan: MemberPlan, because: string, cure: string) =>
  refuse('member-not-ready', `Member ${plan.spec.id} (${plan.spec.program}) was ended: ${because}.`, {
    where: plan.spec.id,
    expected: `a program that listens on ${plan.spec.listens.join(', ')} within ${plan.program.readySeconds} s`,
    kept: 'its data folder, as it left it',
    cure,
  });

/** Waits until the program listens on every port, or is gone, or is late. */
export async function awaitReady(machine: Machine, room: RecordedRoom, plan: MemberPlan): Promise<Result<void>> {
  const member = room.members[plan.spec.id];
  const init = member && processOf(member, 'member-init');
  if (init === undefined) return notReady(plan, 'it was stopped meanwhile', 'start it again');
  const listening = () => {
    const ports = listeningPorts(init.pid);
    return plan.spec.listens.every((port) => ports.has(port));
  };
  let ready = false;
  await until(() => {
    ready = listening();
    return ready || !isAlive(init);
  }, plan.program.readySeconds * 1000);
  if (ready && isAlive(init)) return accept(undefined);
  const log = logPath(machine, room, plan.index);
  return notReady(
    plan,
    isAlive(init) ? 'it does not listen on all its ports' : 'its program ended by itself',
    `as root, read ${log}; it may quote patients' data`,
  );
}

/** What the hub is told of a running member. */
export function describe(machine: Machine, room: RecordedRoom, id: string): Answer<'startMember'> | undefined {
  const member = room.members[id];
  const init = member && processOf(member, 'member-init');
  if (member === undefined || init === undefined || !isRunning(member)) return undefined;
  const folder = `${gatewayFolder(machine, room)}/${member.index}`;
  return {
    id,
    pid: init.pid,
    address: addressOf(member.index),
    gateway: Object.fromEntries(member.spec.listens.map((port) => [`${port}`, `${folder}/${port}`])),
  };
}
