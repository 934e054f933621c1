import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { until } from './processes.ts';

/** Bounds on one member, so that a runaway service never takes the hub's machine with it. */
export interface MemberLimits {
  memoryMegabytes: number;
  processes: number;
  /** 100 is one processor. */
  cpuPercent: number;
}

/** A cgroup hierarchy the helper may write, and the group under which it makes one group per member. */
interface Hierarchy {
  version: 1 | 2;
  controllers: string[];
  parent: string;
}

export interface LimitsFound {
  cgroup: 'v1' | 'v2' | 'v1+v2' | 'none';
  controllers: string[];
  reason?: string;
}

const memberControllers = ['memory', 'pids', 'cpu'];
const cpuPeriodMicroseconds = 100_000;

/** Which file of a group bounds what, for the controllers present. */
export function limitFiles(
  version: 1 | 2,
  controllers: readonly string[],
  limits: MemberLimits,
): { [file: string]: string } {
  const bytes = `${limits.memoryMegabytes * 1_048_576}`;
  const quota = Math.round((limits.cpuPercent / 100) * cpuPeriodMicroseconds);
  const files: { [controller: string]: { [file: string]: string } } =
    version === 2
      ? {
          memory: { 'memory.max': bytes, 'memory.swap.max': '0', 'memory.oom.group': '1' },
          pids: { 'pids.max': `${limits.processes}` },
          cpu: { 'cpu.max': `${quota} ${cpuPeriodMicroseconds}` },
        }
      : {
          memory: { 'memory.limit_in_bytes': bytes },
          pids: { 'pids.max': `${limits.processes}` },
          cpu: { 'cpu.cfs_period_us': `${cpuPeriodMicroseconds}`, 'cpu.cfs_quota_us': `${quota}` },
        };
  return Object.assign({}, ...controllers.map((controller) => files[controller] ?? {}));
}

const write = (path: string, text: string) => {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
};

/** Where this process stands in each hierarchy: `memory` → /…, and '' → its place in version 2. */
function ownGroups(): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n')) {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers.split(',')) groups.set(controller, path === '/' ? '' : path);
  }
  return groups;
}

interface Mount {
  version: 1 | 2;
  path: string;
  controllers: string[];
}

function mounts(wanted: readonly string[]): Mount[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line): Mount[] => {
      const [, path = '', kind, options = ''] = line.split(' ');
      if (kind === 'cgroup2') return [{ version: 2, path, controllers: [] }];
      const controllers = options.split(',').filter((option) => wanted.includes(option));
      return kind === 'cgroup' && controllers.length > 0 ? [{ version: 1, path, controllers }] : [];
    });
}

/**
 * Version 2 gives controllers to children only from a group without processes of its own (its root excepted): the
 * helper steps into a leaf of the group it was given (systemd `Delegate=yes`), else works from the root.
 */
function hierarchyV2(mount: string, own: string, wanted: readonly string[]): Hierarchy | undefined {
  const candidates = own === '' ? [mount] : [`${mount}${own}`, mount];
  for (const group of candidates) {
    try {
      if (group !== mount) {
        const alone = readFileSync(`${group}/cgroup.procs`, 'utf8').trim() === `${process.pid}`;
        if (!alone) continue;
        mkdirSync(`${group}/helper`, { recursive: true });
        writeFileSync(`${group}/helper/cgroup.procs`, `${process.pid}`);
      }
      const offered = readFileSync(`${group}/cgroup.controllers`, 'utf8').trim().split(' ');
      const usable = wanted.filter(
        (controller) => offered.includes(controller) && write(`${group}/cgroup.subtree_control`, `+${controller}`),
      );
      if (usable.length > 0) return { version: 2, controllers: usable, parent: group };
    } catch {
      // Not delegated to us: the next place is tried, and status says what was found.
    }
  }
  return undefined;
}

/** The cgroups of this machine as the helper may use them. Never fails: what cannot be bounded is said in `found`. */
export class Limits {
  readonly found: LimitsFound;
  readonly #hierarchies: Hierarchy[];

  constructor(wanted: readonly string[] = memberControllers) {
    const own = ownGroups();
    const hierarchies: Hierarchy[] = [];
    for (const mount of mounts(wanted)) {
      const taken = hierarchies.flatMap(({ controllers }) => controllers);
      if (mount.version === 2) {
        const usable = hierarchyV2(mount.path, own.get('') ?? '', wanted);
        if (usable !== undefined) hierarchies.push(usable);
      } else {
        const controllers = mount.controllers.filter((controller) => !taken.includes(controller));
        const parent = `${mount.path}${own.get(controllers[0] ?? '') ?? ''}`;
        if (controllers.length > 0 && existsSync(`${parent}/cgroup.procs`))
          hierarchies.push({ version: 1, controllers, parent });
      }
    }
    this.#hierarchies = hierarchies.filter(({ parent }) => {
      const trial = `${parent}/reflexe-trial-${process.pid}`;
      try {
        mkdirSync(trial);
        rmdirSync(trial);
        return true;
      } catch {
        return false;
      }
    });
    const versions = [...new Set(this.#hierarchies.map(({ version }) => `v${version}`))].sort();
    const controllers = this.#hierarchies.flatMap((hierarchy) => hierarchy.controllers);
    const missing = wanted.filter((controller) => !controllers.includes(controller));
    this.found = {
      cgroup: versions.length === 2 ? 'v1+v2' : versions[0] === 'v1' || versions[0] === 'v2' ? versions[0] : 'none',
      controllers,
      ...(missing.length === 0
        ? {}
        : { reason: `not bounded, because no writable cgroup offers it: ${missing.join(', ')}` }),
    };
  }

  /** Where each member's group is made: recorded with the room, for whoever cleans up after us. */
  get parents(): string[] {
    return this.#hierarchies.map(({ parent }) => parent);
  }

  /** Makes the groups and puts the (still waiting) process in; its children are born there. */
  bound(name: string, pid: number, limits: MemberLimits): void {
    // Where memory runs out all the same, a member goes before the hub.
    write(`/proc/${pid}/oom_score_adj`, '500');
    for (const { version, controllers, parent } of this.#hierarchies) {
      const group = `${parent}/${name}`;
      try {
        mkdirSync(group, { recursive: true });
      } catch {
        continue;
      }
      for (const [file, text] of Object.entries(limitFiles(version, controllers, limits)))
        write(`${group}/${file}`, text);
      write(`${group}/cgroup.procs`, `${pid}`);
    }
  }
}

/** Removes recorded groups once their processes are gone; true when none is left. */
export async function removeGroups(groups: readonly string[]): Promise<boolean> {
  const remove = (group: string): boolean => {
    try {
      for (const entry of readdirSync(group, { withFileTypes: true })) {
        if (entry.isDirectory()) remove(`${group}/${entry.name}`);
      }
      rmdirSync(group);
    } catch {
      // Gone already, or still holding a process for a moment.
    }
    return !existsSync(group);
  };
  return until(() => groups.map(remove).every(Boolean), 5000);
}
