import { lstatSync, readlinkSync } from 'node:fs';
import type { Account } from './accounts.ts';
import { seccompFilter } from './seccomp.ts';
import type { Tools } from './tools.ts';
import type { Weakness } from './weakness.ts';

/** What a sandboxed program inherits beside stdin, stdout and stderr: bytes bubblewrap reads, a folder it binds, where it answers. */
export type Descriptor = { bytes: Uint8Array | string } | { fd: number } | { answer: true };

export interface SandboxSpec {
  account: Account;
  hostname: string;
  /** The only thing of the host it may write: an open directory, and where it appears. */
  writable: { fd: number; at: string };
  readOnly: { from: string; to: string }[];
  /** Generated files, in memory. */
  files: { [path: string]: string };
  /** `/etc/hosts` lines beside localhost: the members it may reach. */
  hosts: { address: string; name: string }[];
  environment: { [name: string]: string };
  command: string[];
  /** Ends with the helper: probes do, members and relays do not. */
  dieWithHelper: boolean;
}

export interface Sandbox {
  /** bubblewrap's arguments; descriptor n of the list is number 3 + n. */
  args: string[];
  descriptors: Descriptor[];
}

const tmpfsBytesMax = 268_435_456;

/** `/bin`, `/lib`… as this host has them: links into /usr on a merged system, folders elsewhere. */
function systemFolders(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((path) => {
    try {
      return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
    } catch {
      return [];
    }
  });
}

/** Enough of /etc for a C library to start, without the host's accounts, names or resolvers. */
function etcFiles({ account, hosts, hostname }: SandboxSpec): { [path: string]: string } {
  const { name, uid, gid } = account;
  return {
    '/etc/passwd': `root:x:0:0::/:/usr/sbin/nologin\n${name}:x:${uid}:${gid}::/tmp:/usr/sbin/nologin\n`,
    '/etc/group': `root:x:0:\n${name}:x:${gid}:\n`,
    '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    '/etc/hosts': [`127.0.0.1 localhost ${hostname}`, ...hosts.map((host) => `${host.address} ${host.name}`), ''].join(
      '\n',
    ),
    '/etc/resolv.conf': '',
  };
}

/** The folders above what is mounted, readable: bubblewrap left to itself makes them for root alone. */
function foldersAbove(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(1, -1);
    if (['usr', 'proc', 'dev'].includes(parts[0] ?? 'usr')) continue;
    for (const [index] of parts.entries()) folders.add(`/${parts.slice(0, index + 1).join('/')}`);
  }
  return [...folders].flatMap((folder) => ['--perms', '0755', '--dir', folder]);
}

/** With `CAP_SETUID` and its kin bubblewrap's last act, `setpriv`, becomes the user and gives up everything. */
function becomeUser(tools: Tools, { uid, gid }: Account, weak: ReadonlySet<Weakness>): string[] {
  const kept = weak.has('keep-capabilities');
  return [
    tools.setpriv,
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    ...(kept
      ? ['--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw', '--bounding-set=-all,+net_raw']
      : ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--no-new-privs']),
    '--',
  ];
}

/** The wall around one program. What is not named here does not exist for it. */
export function sandbox(tools: Tools, spec: SandboxSpec, weak: ReadonlySet<Weakness>, canaryFolder?: string): Sandbox {
  const descriptors: Descriptor[] = [];
  const files = { ...etcFiles(spec), ...spec.files };
  const descriptor = (what: Descriptor) => `${descriptors.push(what) + 2}`;
  const args = [
    '--info-fd',
    descriptor({ answer: true }),
    ...(weak.has('no-seccomp') ? [] : ['--seccomp', descriptor({ bytes: seccompFilter(process.arch) })]),
    ...(weak.has('host-processes') ? [] : ['--unshare-pid']),
    ...(weak.has('host-namespaces')
      ? []
      : ['--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', spec.hostname]),
    '--new-session',
    ...(spec.dieWithHelper ? ['--die-with-parent'] : []),
    '--cap-drop',
    'ALL',
    ...['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP', ...(weak.has('keep-capabilities') ? ['CAP_NET_RAW'] : [])].flatMap(
      (capability) => ['--cap-add', capability],
    ),
    '--clearenv',
    ...Object.entries({ PATH: '/usr/bin:/bin', HOME: '/tmp', LANG: 'C.UTF-8', ...spec.environment }).flatMap(
      ([name, value]) => ['--setenv', name, value],
    ),
    '--ro-bind',
    '/usr',
    '/usr',
    ...systemFolders(),
    ...(weak.has('host-processes') ? ['--ro-bind', '/proc', '/proc'] : ['--proc', '/proc']),
    '--dev',
    '/dev',
    ...['/dev/shm', '/tmp'].flatMap((path) => ['--perms', '1777', '--size', `${tmpfsBytesMax}`, '--tmpfs', path]),
    ...foldersAbove([...Object.keys(files), ...spec.readOnly.map(({ to }) => to), spec.writable.at, '/etc/ssl/certs']),
    ...[
      '/etc/ld.so.cache',
      '/etc/ld.so.conf',
      '/etc/ld.so.conf.d',
      '/etc/localtime',
      '/etc/ssl/certs',
      '/etc/ssl/openssl.cnf',
    ].flatMap((path) => ['--ro-bind-try', path, path]),
    ...spec.readOnly.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...Object.entries(files).flatMap(([path, bytes]) => [
      '--perms',
      '0444',
      '--ro-bind-data',
      descriptor({ bytes }),
      path,
    ]),
    '--bind-fd',
    descriptor({ fd: spec.writable.fd }),
    spec.writable.at,
    ...(weak.has('host-files') && canaryFolder !== undefined
      ? [...foldersAbove([canaryFolder]), '--bind', canaryFolder, canaryFolder]
      : []),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    '--',
    ...becomeUser(tools, spec.account, weak),
    ...spec.command,
  ];
  return { args, descriptors };
}
