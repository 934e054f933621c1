import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** `bubblewrap`: a root of its own with system libraries and our program, no network, no other process in sight. `limits`: bounds alone. */
export type Confinement = 'bubblewrap' | 'limits';

export type ScannerProcess = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Memory a scanner may take as its own (RLIMIT_DATA): some 620 MB that Node and the engine reserve and never touch, then the rules,
 * the largest content scanned whole, and what an archive unfolds to.
 */
export const dataBytesMax = 1280 * 1024 * 1024;
const heapMegabytesMax = 128;

const program = fileURLToPath(new URL('./process.ts', import.meta.url));
/** Folder of `src` or `dist` and what stands beside it: the program's code, which is no secret. */
const code = join(dirname(program), '..', '..');
const packageRoot = dirname(code);

/** The first of these that is there; a `PATH` of the caller's is not asked, its folders are. */
const tool = (name: string): string | undefined =>
  (process.env.PATH ?? '/usr/bin:/bin')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** How a scanner may be started on this machine, the most confined first. */
export const confinements = (): Confinement[] => (tool('bwrap') === undefined ? ['limits'] : ['bubblewrap', 'limits']);

export function startScanner(confinement: Confinement, dataBytes: number): ScannerProcess {
  const node = realpathSync(process.execPath);
  const script = [node, `--max-old-space-size=${heapMegabytesMax}`, program];
  const prlimit = tool('prlimit');
  const bounded = prlimit === undefined ? script : [prlimit, `--data=${dataBytes}`, '--core=0', ...script];
  const [command = node, ...args] = confinement === 'bubblewrap' ? [...walls(node), ...bounded] : bounded;
  // Nothing of our environment: it may name secrets.
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env: {}, cwd: '/' });
}

function walls(node: string): string[] {
  const readable = [
    '/usr',
    '/lib',
    '/lib64',
    '/bin',
    node,
    code,
    join(packageRoot, 'node_modules'),
    join(packageRoot, 'package.json'),
    ...modulesAbove(),
  ];
  return [
    tool('bwrap') ?? 'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]),
    '--',
  ];
}

/** Installed as a dependency, our own dependencies may stand in a `node_modules` further up. */
function modulesAbove(): string[] {
  const found: string[] = [];
  for (let folder = dirname(packageRoot); folder !== dirname(folder); folder = dirname(folder))
    if (folder.endsWith('node_modules')) found.push(folder);
  return found;
}
