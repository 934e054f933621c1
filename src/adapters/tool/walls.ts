import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** All that a program sees of this machine, beside the system's own programs. */
export interface Walls {
  readable: readonly string[];
  writable: readonly string[];
  network?: true;
  /** A program that insists on giving files their owners keeps root's powers, where it is root that runs it. */
  givesFilesAway?: true;
}

const SYSTEM = ['/usr', '/bin', '/lib', '/lib64', '/etc/passwd', '/etc/group', '/etc/localtime', '/etc/alternatives'];

/** What a program asks to find another machine and to know who it is. */
const NETWORK = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/ssl', '/etc/ca-certificates'];

/** The first of this name in the folders of `PATH`. */
export const programOf = (name: string): string | undefined =>
  name.startsWith('/')
    ? existsSync(name)
      ? name
      : undefined
    : (process.env.PATH ?? '/usr/bin:/bin')
        .split(delimiter)
        .map((folder) => join(folder, name))
        .find((path) => existsSync(path));

/**
 * The same command where the kernel itself keeps what it must not write from being written, whatever the program insists on.
 * Without bubblewrap it runs as it is: then only its own options stand for it.
 */
export function withinWalls(
  { readable, writable, network, givesFilesAway }: Walls,
  command: readonly string[],
): string[] {
  const bubblewrap = programOf('bwrap');
  const program = programOf(command[0] ?? '');
  // A program that is not there is told so by its own name, not by the walls'.
  if (bubblewrap === undefined || program === undefined) return [...command];
  const seen = [...SYSTEM, ...(network === true ? NETWORK : []), dirname(program), ...readable].filter((path) =>
    existsSync(path),
  );
  return [
    ...[bubblewrap, '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(network === true ? [] : ['--unshare-net']),
    ...['--die-with-parent', '--new-session', ...(givesFilesAway === true ? [] : ['--cap-drop', 'ALL'])],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...seen.flatMap((path) => ['--ro-bind', path, path]),
    ...writable.flatMap((path) => ['--bind', path, path]),
    '--',
    ...command,
  ];
}
