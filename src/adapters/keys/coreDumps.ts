import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * A core dump would write every key in memory to the disk. Node cannot lower its own limits: util-linux's `prlimit` does it from
 * outside (size 0, soft and hard, inherited by every child). Where dumps are piped to a collector the kernel ignores that limit
 * (core(5)), so the process is also told to put none of its memory in one. Returns what could not be done.
 */
export function forbidCoreDumps(): string[] {
  const undone: string[] = [];
  // Under our systemd units it is zero already, and may not be touched.
  if (!coreLimitIsZero()) lowerCoreLimit();
  if (!coreLimitIsZero()) undone.push('RLIMIT_CORE');
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    undone.push('coredump_filter');
  }
  return undone;
}

function lowerCoreLimit(): void {
  spawnSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: 'ignore',
  });
}

function coreLimitIsZero(): boolean {
  try {
    return /^Max core file size\s+0\s+0\s/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return false;
  }
}
