import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process told apart from any later one that is given the same number: number and kernel start time. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat, as text. */
  startTicks: string;
}

interface Stat extends ProcessIdentity {
  parent: number;
  state: string;
}

function stat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name may hold spaces and parentheses: fields are counted after the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

const allPids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

export const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

export function identify(pid: number): ProcessIdentity | undefined {
  const found = stat(pid);
  return found && { pid, startTicks: found.startTicks };
}

/** False for a zombie: it runs nothing any more. */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = stat(identity.pid);
  return found !== undefined && found.startTicks === identity.startTicks && !'ZX'.includes(found.state);
}

export function childrenOf(pid: number): ProcessIdentity[] {
  return allPids().flatMap((candidate) => {
    const found = stat(candidate);
    return found?.parent === pid ? [{ pid: candidate, startTicks: found.startTicks }] : [];
  });
}

/**
 * Every process living in a network namespace. Sound only while something still holds that namespace (its name under
 * /run/netns): the kernel reuses the number of a namespace that is gone.
 */
export function processesInNetwork(inode: number): ProcessIdentity[] {
  const wanted = `net:[${inode}]`;
  if (readlinkSync('/proc/self/ns/net') === wanted) return [];
  return allPids().flatMap((pid) => {
    try {
      if (readlinkSync(`/proc/${pid}/ns/net`) !== wanted) return [];
    } catch {
      return [];
    }
    const found = identify(pid);
    return found && isAlive(found) ? [found] : [];
  });
}

/** Sends the signal only if the number still belongs to the recorded process; false when it was gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Waits for a condition nobody announces (a process that is not our child, a socket in another namespace). */
export async function until(condition: () => boolean, timeoutMilliseconds: number): Promise<boolean> {
  const end = performance.now() + timeoutMilliseconds;
  let pause = 1;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, 50);
  }
  return true;
}

/** Ends a recorded process at once; its sandbox's whole pid namespace falls with it. */
export async function end(identities: ProcessIdentity[]): Promise<number[]> {
  const ended = identities.filter((identity) => signal(identity, 'SIGKILL'));
  await until(() => identities.every((identity) => !isAlive(identity)), 10_000);
  return ended.map(({ pid }) => pid);
}

/** Ports a TCP server listens on in the network namespace of `pid`, on every address or on loopback. */
export function listeningPorts(pid: number): Set<number> {
  const ports = new Set<number>();
  let table: string;
  try {
    table = readFileSync(`/proc/${pid}/net/tcp`, 'latin1');
  } catch {
    return ports;
  }
  for (const line of table.split('\n').slice(1)) {
    const [, local, , state] = line.trim().split(/\s+/);
    const [address, port] = local?.split(':') ?? [];
    if (state === '0A' && port !== undefined && (address === '00000000' || address === '0100007F')) {
      ports.add(Number.parseInt(port, 16));
    }
  }
  return ports;
}
