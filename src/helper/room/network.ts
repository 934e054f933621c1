import { rmSync, statfsSync, statSync } from 'node:fs';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { until } from './processes.ts';
import { addressOf, bridgeRules, memberRules, memberRulesChange, openRules, type Pair } from './rules.ts';
import { run, type Tools } from './tools.ts';
import type { Weakness } from './weakness.ts';

const namespaceFilesystem = 0x6e736673;
export const namespacePath = (name: string) => `/run/netns/${name}`;

/** The namespace's number while its name is really held by one; undefined otherwise. */
export function namespaceInode(name: string): number | undefined {
  try {
    const path = namespacePath(name);
    return statfsSync(path).type === namespaceFilesystem ? statSync(path).ino : undefined;
  } catch {
    return undefined;
  }
}

const inNamespace = (tools: Tools, name: string, ...command: string[]): [string, string[]] => [
  tools.nsenter,
  [`--net=${namespacePath(name)}`, '--', ...command],
];

/** Runs several steps; the first that fails is the answer. */
async function inTurn(...steps: (() => Promise<Result<unknown>>)[]): Promise<Result<void>> {
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  return accept(undefined);
}

async function loadRules(tools: Tools, name: string, rules: string): Promise<Result<void>> {
  const loaded = await run(...inNamespace(tools, name, tools.nft, '-f', '-'), { input: rules });
  if (loaded.ok) return accept(undefined);
  return refuse('clean-room-rules-failed', `The packet filter of ${name} did not load: ${loaded.refusal.message}`, {
    expected: 'rules loaded before any link goes up',
    kept: 'its links stayed down; nothing runs there',
    cure: 'check that the kernel has nf_tables with connection tracking (`nft list ruleset` as root)',
  });
}

/** No IPv6 anywhere; services may keep their usual ports (104, 443) without privileges: the namespace is theirs alone. */
const kernelSettings = [
  'net.ipv6.conf.all.disable_ipv6=1',
  'net.ipv6.conf.default.disable_ipv6=1',
  'net.ipv4.ip_forward=0',
  'net.ipv4.ip_unprivileged_port_start=0',
];

async function makeNamespace(
  tools: Tools,
  name: string,
  rules: string,
  weak: ReadonlySet<Weakness>,
): Promise<Result<number>> {
  const settings = weak.has('host-link')
    ? kernelSettings.filter((setting) => !setting.includes('ipv6'))
    : kernelSettings;
  const made = await inTurn(
    () => run(tools.ip, ['netns', 'add', name]),
    () => run(...inNamespace(tools, name, tools.sysctl, '--quiet', '--ignore', '--write', ...settings)),
    () => loadRules(tools, name, rules),
  );
  if (!made.ok) return made;
  const inode = namespaceInode(name);
  return inode === undefined
    ? refuse('clean-room-command-failed', `The namespace ${name} is not where it was made.`, {
        where: namespacePath(name),
      })
    : accept(inode);
}

/** The room's own namespace holds one bridge, without address: members meet there, and nothing else is on it. */
export async function makeBridge(tools: Tools, name: string): Promise<Result<number>> {
  const made = await makeNamespace(tools, name, bridgeRules, new Set());
  if (!made.ok) return made;
  const linked = await run(tools.ip, ['-n', name, '-batch', '-'], {
    input: ['link add room type bridge stp_state 0 mcast_snooping 0', 'link set room up', ''].join('\n'),
  });
  return linked.ok ? made : linked;
}

export interface MemberNetwork {
  name: string;
  bridge: string;
  index: number;
  reaches: Pair[];
  reachedBy: Pair[];
}

/** Rules first, then the cable to the bridge, then up: a member is never linked without its filter. */
export async function makeMemberNetwork(
  tools: Tools,
  { name, bridge, index, reaches, reachedBy }: MemberNetwork,
  weak: ReadonlySet<Weakness>,
): Promise<Result<number>> {
  let rules = memberRules(reaches, reachedBy);
  if (weak.has('open-rules') || weak.has('host-link')) rules = openRules(rules);
  if (weak.has('broken-rules')) rules = rules.replace('chain input', 'chian input');
  const made = await makeNamespace(tools, name, rules, weak);
  if (!made.ok) return made;
  // Its hardware address goes with its place: others that knew an earlier life of this member find the new one at once.
  const hardware = `02:52:46:58:00:${index.toString(16).padStart(2, '0')}`;
  const cable = `link add member${index} type veth peer name eth0 address ${hardware} netns ${name}`;
  const linked = await inTurn(
    () =>
      run(tools.ip, ['-n', bridge, '-batch', '-'], {
        input: [cable, `link set member${index} master room`, `link set member${index} up`, ''].join('\n'),
      }),
    () =>
      run(tools.ip, ['-n', name, '-batch', '-'], {
        input: [
          'link set lo up',
          'link set eth0 addrgenmode none',
          `addr add ${addressOf(index)}/24 dev eth0`,
          'link set eth0 up',
          '',
        ].join('\n'),
      }),
    async () => (weak.has('host-link') ? linkToHost(tools, name, index) : accept(undefined)),
  );
  return linked.ok ? made : linked;
}

/** Test only, see `Weakness`. The host's end disappears with the namespace. */
async function linkToHost(tools: Tools, name: string, index: number): Promise<Result<void>> {
  const host = `${name}h`;
  return inTurn(
    () => run(tools.ip, ['link', 'add', host, 'type', 'veth', 'peer', 'name', 'host0', 'netns', name]),
    () => run(tools.ip, ['addr', 'add', `10.78.${index}.1/24`, 'dev', host]),
    () => run(tools.ip, ['-6', 'addr', 'add', `fd78:0:0:${index}::1/64`, 'dev', host, 'nodad']),
    () => run(tools.ip, ['link', 'set', host, 'up']),
    () => run(tools.ip, ['-n', name, 'addr', 'add', `10.78.${index}.2/24`, 'dev', 'host0']),
    () => run(tools.ip, ['-n', name, '-6', 'addr', 'add', `fd78:0:0:${index}::2/64`, 'dev', 'host0', 'nodad']),
    () => run(tools.ip, ['-n', name, 'link', 'set', 'host0', 'up']),
  );
}

export const changeRules = (tools: Tools, name: string, reaches: Pair[], reachedBy: Pair[]) =>
  loadRules(tools, name, memberRulesChange(reaches, reachedBy));

/** Packets and bytes by counter name, read inside the member's own namespace. */
export async function readCounters(tools: Tools, name: string): Promise<Result<{ [counter: string]: number }>> {
  const listed = await run(...inNamespace(tools, name, tools.nft, 'list', 'counters'));
  if (!listed.ok) return listed;
  const found = listed.value.matchAll(/counter (\w+) \{\s*packets (\d+)/g);
  return accept(Object.fromEntries([...found].map(([, counter, packets]) => [counter ?? '', Number(packets)])));
}

/** Deletes the cable at once: left to the kernel, it outlives its namespace for a moment and keeps the name taken. */
export async function unlinkMember(tools: Tools, bridge: string, index: number): Promise<void> {
  if (namespaceInode(bridge) !== undefined) await run(tools.ip, ['-n', bridge, 'link', 'delete', `member${index}`]);
}

/**
 * Removes a namespace that was recorded: links and rules inside it go with it. A name that now holds another namespace
 * than the recorded one is not ours any more and is left alone.
 */
export async function removeNamespace(tools: Tools, name: string, recorded: number | undefined): Promise<Result<void>> {
  const found = namespaceInode(name);
  if (found !== undefined && recorded !== undefined && found !== recorded) return accept(undefined);
  if (found !== undefined) {
    const deleted = await run(tools.ip, ['netns', 'delete', name]);
    if (!deleted.ok) return deleted;
  }
  // A helper killed between the two halves of `ip netns add` leaves the bare file.
  rmSync(namespacePath(name), { force: true });
  await until(() => namespaceInode(name) === undefined, 1000);
  return accept(undefined);
}
