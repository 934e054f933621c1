import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { accept, type Result, refuse } from '../../journal/result.ts';

/** The programs the helper runs as root, by absolute path only: nothing is looked up in a PATH, nothing goes through a shell. */
const places = {
  ip: { debianPackage: 'iproute2', paths: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'] },
  nft: { debianPackage: 'nftables', paths: ['/usr/sbin/nft', '/sbin/nft', '/usr/bin/nft'] },
  bwrap: { debianPackage: 'bubblewrap', paths: ['/usr/bin/bwrap'] },
  nsenter: { debianPackage: 'util-linux', paths: ['/usr/bin/nsenter'] },
  setpriv: { debianPackage: 'util-linux', paths: ['/usr/bin/setpriv'] },
  prlimit: { debianPackage: 'util-linux', paths: ['/usr/bin/prlimit'] },
  perl: { debianPackage: 'perl-base', paths: ['/usr/bin/perl'] },
  sysctl: { debianPackage: 'procps', paths: ['/usr/sbin/sysctl', '/sbin/sysctl', '/usr/bin/sysctl'] },
  chown: { debianPackage: 'coreutils', paths: ['/usr/bin/chown', '/bin/chown'] },
} as const;

export type Tools = { [tool in keyof typeof places]: string };

/** Every tool or one refusal naming all that are missing. */
export function findTools(): Result<Tools> {
  const missing: string[] = [];
  const find = (tool: keyof typeof places): string => {
    const path = places[tool].paths.find((candidate) => existsSync(candidate));
    if (path === undefined) missing.push(tool);
    return path ?? '';
  };
  const tools: Tools = {
    ip: find('ip'),
    nft: find('nft'),
    bwrap: find('bwrap'),
    nsenter: find('nsenter'),
    setpriv: find('setpriv'),
    prlimit: find('prlimit'),
    perl: find('perl'),
    sysctl: find('sysctl'),
    chown: find('chown'),
  };
  if (missing.length === 0) return accept(tools);
  const packages = [
    ...new Set(
      Object.entries(places).flatMap(([name, place]) => (missing.includes(name) ? [place.debianPackage] : [])),
    ),
  ];
  return refuse('clean-room-tools-missing', `The clean room lacks ${missing.join(', ')}.`, {
    expected: 'the tools that make namespaces and sandboxes on this machine',
    kept: 'nothing was started',
    cure: `apt-get install --no-install-recommends ${packages.join(' ')}`,
  });
}

/** None of these tools has a reason to take longer; recursive chown is told its own limit. */
const commandMillisecondsMax = 20_000;
const outputCharactersMax = 1_000_000;

/** Runs one tool to its end with an empty environment; its exit code decides, and what it said on stderr says why. */
export function run(
  file: string,
  args: readonly string[],
  more: { input?: string; descriptors?: number[]; millisecondsMax?: number } = {},
): Promise<Result<string>> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: {},
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe', ...(more.descriptors ?? [])],
      timeout: more.millisecondsMax ?? commandMillisecondsMax,
      killSignal: 'SIGKILL',
    });
    const failed = (why: string) =>
      resolve(
        refuse('clean-room-command-failed', `${file} ${args[0] ?? ''} failed: ${why}`, {
          where: file,
          expected: 'exit status 0',
          kept: 'what was made so far is recorded and taken down',
          cure: 'read what the tool said; the clean room needs root and a kernel with network namespaces and nf_tables',
        }),
      );
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        if (said[stream].length < outputCharactersMax) said[stream] += text;
      });
    }
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, signalName) => {
      if (code === 0) resolve(accept(said.stdout));
      else failed(`${signalName ?? `status ${code}`}: ${said.stderr.trim().slice(0, 300)}`);
    });
    // A tool that ends before reading its input says so by its status.
    child.stdin?.on('error', () => {});
    child.stdin?.end(more.input ?? '');
  });
}
