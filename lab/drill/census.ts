import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { WRITES_INTO } from '../../src/adapters/recoveryFolders/writers.ts';

/** A moment's look at the processes of this machine: who writes into which folder, who serves which data. */
export interface Census {
  /** Programs started to write into a folder, by that folder. */
  writers: Map<string, number[]>;
  /**
   * Processes of services that have a data folder at hand, by that folder's device and inode, then by their sandbox: each has
   * a process namespace of its own.
   */
  servers: Map<string, Map<string, number[]>>;
}

/** Programs that members of the laboratory's clean room run; probes and relays are not services. */
const services = new Set(['postgres', 'Orthanc', 'node']);

export function takeCensus(): Census {
  const census: Census = { writers: new Map(), servers: new Map() };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const into = markOf(readFileSync(`/proc/${pid}/environ`, 'utf8'));
      if (into !== undefined && !startedByWriter(pid, into))
        census.writers.set(into, [...(census.writers.get(into) ?? []), Number(pid)]);
      if (!services.has(basename(readlinkSync(`/proc/${pid}/exe`)))) continue;
      if (readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid')) continue;
      const key = placeOf(`/proc/${pid}/root/data`);
      const sandboxes = census.servers.get(key) ?? new Map<string, number[]>();
      const sandbox = readlinkSync(`/proc/${pid}/ns/pid`);
      census.servers.set(key, sandboxes.set(sandbox, [...(sandboxes.get(sandbox) ?? []), Number(pid)]));
    } catch {
      // It ended meanwhile, or has no data folder.
    }
  }
  return census;
}

/** A program that another writer of the folder started to read for it (restic starts rclone) is part of that one. */
function startedByWriter(pid: string, into: string): boolean {
  const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return parent !== undefined && markOf(readFileSync(`/proc/${parent}/environ`, 'utf8')) === into;
}

/** A folder told apart from any other, by whatever path or sandbox it is reached. */
export function placeOf(folder: string): string {
  const { dev, ino } = statSync(folder);
  return `${dev}:${ino}`;
}

function markOf(environment: string): string | undefined {
  const mark = `${WRITES_INTO}=`;
  return environment
    .split('\0')
    .find((entry) => entry.startsWith(mark))
    ?.slice(mark.length);
}

/** Data that two services, or two programs of ours, hold at once: there must never be any. */
export function doubles({ writers, servers }: Census): string[] {
  return [
    ...[...writers]
      .filter(([, pids]) => pids.length > 1)
      .map(([folder, pids]) => `${pids.length} writers in ${folder}`),
    ...[...servers]
      .filter(([, sandboxes]) => sandboxes.size > 1)
      .map(([data, { size }]) => `${size} services on ${data}`),
  ];
}
