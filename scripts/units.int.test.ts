import { execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, type TestContext, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const units = globSync('packaging/systemd/*.service', { cwd: root }).sort();
const analyze = '/usr/bin/systemd-analyze';

/**
 * What `systemd-analyze security` may find exposed at most, in tenths of its ten points. The helper makes namespaces, mounts and
 * other users' processes: most of what it keeps is its work, and it can have no file-system namespace of its own.
 */
const exposedMax: { [unit: string]: number } = {
  'reflexe-hub.service': 15,
  'reflexe-box.service': 15,
  'reflexe-helper.service': 63,
};

const needs = (context: TestContext, ...programs: string[]): void => {
  const missing = programs.find((program) => !existsSync(program));
  if (missing !== undefined) context.skip(`${basename(missing)} is not installed`);
};

/** The lines of a unit's [Service], each name with all its values. */
function settingsOf(unit: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of readFileSync(join(root, unit), 'utf8').split('\n')) {
    const [, name, value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

test('there is a unit for the hub, the box and the helper', () => {
  expect(units.map((unit) => basename(unit))).toEqual(Object.keys(exposedMax).sort());
});

describe.each(units)('%s', (unit) => {
  test('gives no core dump, no new privilege, and only the system calls it names', () => {
    const settings = settingsOf(unit);
    expect(settings.get('LimitCORE')).toEqual(['0']);
    expect(settings.get('NoNewPrivileges')).toEqual(['yes']);
    expect(settings.get('SystemCallArchitectures')).toEqual(['native']);
    expect(settings.has('SystemCallFilter')).toBe(true);
    expect(settings.has('CapabilityBoundingSet')).toBe(true);
    if (unit.includes('helper')) return;
    expect(settings.get('CapabilityBoundingSet')).toEqual(['']);
    expect(settings.get('ProtectSystem')).toEqual(['strict']);
    expect(settings.get('User')).toEqual(['reflexe']);
  });

  test('is no more exposed than it must be', (context) => {
    needs(context, analyze);
    const most = exposedMax[basename(unit)] ?? 0;
    const said = execFileSync(analyze, ['security', '--offline=true', `--threshold=${most}`, '--no-pager', unit], {
      cwd: root,
      encoding: 'utf8',
    });
    const [, score] = /Overall exposure level for .*: ([\d.]+)/.exec(said) ?? [];
    process.stderr.write(`${basename(unit)}: exposure ${score} of 10, at most ${most / 10}\n`);
    expect(Number(score)).toBeGreaterThan(0);
    expect(Number(score) * 10).toBeLessThanOrEqual(most);
  });
});

/** systemd's own sets of system calls, each resolved to names. */
function callsIn(set: string): Set<string> {
  const said = execFileSync(analyze, ['syscall-filter', set, '--no-pager'], { encoding: 'utf8' });
  const words = said
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Set(words.flatMap((word) => (word.startsWith('@') ? [...callsIn(word)] : [word])));
}

/** What the unit refuses, of all that systemd knows. */
function refusedBy(unit: string): string[] {
  let allowed: Set<string> | undefined;
  for (const line of settingsOf(unit).get('SystemCallFilter') ?? []) {
    const named = line
      .replace('~', '')
      .split(' ')
      .flatMap((word) => (word.startsWith('@') ? [...callsIn(word)] : [word]));
    if (!line.startsWith('~')) allowed = new Set([...(allowed ?? []), ...named]);
    else {
      allowed ??= callsIn('@known');
      for (const call of named) allowed.delete(call);
    }
  }
  return [...callsIn('@known')].filter((call) => allowed?.has(call) === false);
}

/** SQLite gives its log to the owner of its database, when it is root: here it may be, as a service it is not. */
const asRootOnly = ['fchown'];

/** Waits for the address of a hub, asks whether it is ready, and has `end` end it. */
async function startsAndEnds(command: string, args: readonly string[], end: (pid: number) => void): Promise<void> {
  const hub = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => hub.on('close', resolve));
  let address: string | undefined;
  for await (const line of createInterface(hub.stdout)) {
    [address] = /https?:\/\/localhost:\d+/.exec(line) ?? [];
    if (address !== undefined) break;
  }
  try {
    expect((await fetch(`${address}/api/health`)).status).toBe(200);
  } finally {
    if (hub.pid !== undefined && hub.exitCode === null) end(hub.pid);
    await ended;
  }
}

const start = (data: string) => [join(root, 'src/cli/reflexe.ts'), 'start', '--port', '0', '--data', data];
const childOf = (pid: number) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

test('the hub starts as a user without rights, where only its state folder can be written', async (context) => {
  const bwrap = '/usr/bin/bwrap';
  needs(context, bwrap);
  const state = mkdtempSync(join(tmpdir(), 'unit-'));
  try {
    // As the unit: read-only system, no home, a /tmp of its own, other processes unseen, no capability.
    const user = [
      '--unshare-user',
      '--uid',
      '990',
      '--gid',
      '990',
      '--cap-drop',
      'ALL',
      '--unshare-pid',
      '--unshare-ipc',
    ];
    const files = [
      '--ro-bind',
      '/',
      '/',
      '--tmpfs',
      '/home',
      '--tmpfs',
      '/tmp',
      '--ro-bind',
      root,
      root,
      '--bind',
      state,
      state,
    ];
    const rest = ['--proc', '/proc', '--dev', '/dev', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin', '--'];
    const args = ['--die-with-parent', ...user, ...files, ...rest, process.execPath, ...start(join(state, 'data'))];
    await startsAndEnds(bwrap, args, (pid) => process.kill(pid, 'SIGTERM'));
    expect(existsSync(join(state, 'data', 'journal', 'journal.sqlite'))).toBe(true);
    expect(existsSync(join(state, 'data.key'))).toBe(true);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
});

test('the hub starts, answers and ends within the system calls its unit leaves it', async (context) => {
  const strace = '/usr/bin/strace';
  needs(context, analyze, strace);
  const refused = refusedBy('packaging/systemd/reflexe-hub.service');
  expect(refused.length).toBeGreaterThan(100);
  expect(refused).toEqual(expect.arrayContaining(['mount', 'ptrace', 'reboot', 'bpf', 'init_module']));
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  const trace = join(folder, 'calls');
  try {
    const watched = refused.map((call) => `?${call}`).join(',');
    const args = ['--seccomp-bpf', '-f', '-qqq', '-o', trace, '-e', `trace=${watched}`, '-e', 'signal=none', '--'];
    await startsAndEnds(strace, [...args, process.execPath, ...start(join(folder, 'data'))], (pid) => {
      process.kill(childOf(pid), 'SIGTERM');
    });
    const made = readFileSync(trace, 'utf8').matchAll(/^\d+\s+([a-z0-9_]+)\(/gm);
    const beyond = new Set([...made].map(([, call = '']) => call).filter((call) => !asRootOnly.includes(call)));
    expect([...beyond]).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
