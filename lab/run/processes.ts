import { readdirSync, readFileSync } from 'node:fs';

/** A process told apart from a later one with the same number by when it started (clock ticks since boot). */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

interface Status extends ProcessIdentity {
  parent: number;
  state: string;
}

/** proc(5), /proc/<pid>/stat: fields after the command's closing parenthesis, which may itself hold parentheses. */
function statusOf(pid: number): Status | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const status = statusOf(pid);
  return status && { pid, startTicks: status.startTicks };
}

/** A zombie has ended: only its parent has not asked yet. */
export function isAlive(process: ProcessIdentity): boolean {
  const status = statusOf(process.pid);
  return status !== undefined && status.startTicks === process.startTicks && !'ZX'.includes(status.state);
}

/** Identifies this boot of the machine: a record from an earlier one names no living process. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

const allStatuses = (): Status[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statusOf(Number(name)) ?? []);

/** The given processes' children, grandchildren and so on, as they stand now. */
export function descendantsOf(roots: readonly ProcessIdentity[]): ProcessIdentity[] {
  const statuses = allStatuses();
  const found = new Map(roots.filter(isAlive).map((root) => [root.pid, root.startTicks]));
  const rootPids = new Set(found.keys());
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent, startTicks } of statuses) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.set(pid, startTicks);
      grew = true;
    }
  }
  return [...found].filter(([pid]) => !rootPids.has(pid)).map(([pid, startTicks]) => ({ pid, startTicks }));
}

/** Living processes whose environment holds exactly `name=value`: what a run marked before starting it. */
export function processesMarked(name: string, value: string): ProcessIdentity[] {
  const mark = Buffer.from(`\0${name}=${value}\0`);
  return allStatuses().filter(({ pid, state }) => {
    if (pid === process.pid || 'ZX'.includes(state)) return false;
    try {
      return Buffer.concat([Buffer.from('\0'), readFileSync(`/proc/${pid}/environ`), Buffer.from('\0')]).includes(mark);
    } catch {
      return false;
    }
  });
}

/** Signals this very process, never a later one that took its number. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
