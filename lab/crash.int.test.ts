import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHospital } from './hospital.ts';
import { endRun } from './run/ending.ts';
import { isInstalled, missingPackages } from './run/packages.ts';
import { isAlive, processesMarked } from './run/processes.ts';
import { type ProcessEntry, RUN_MARK, readRecord } from './run/record.ts';
import { until } from './run/waiting.ts';

const execute = promisify(execFile);
const missing = missingPackages();
const CLI = fileURLToPath(new URL('./hospital-cli.ts', import.meta.url));
const ATTACKER = fileURLToPath(new URL('./attacker-cli.ts', import.meta.url));
const cli = (...args: string[]) => execute(process.execPath, [CLI, ...args]);
const small = ['--patients', '40', '--studies', '2', '--feed', '2'];

let parent: string;
let folder: string;
let starter: ChildProcess | undefined;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'reflexe-lab-'));
  chmodSync(parent, 0o711);
  folder = join(parent, 'h');
});

afterEach(async () => {
  starter?.kill('SIGKILL');
  starter = undefined;
  await endRun(folder);
  rmSync(parent, { recursive: true, force: true });
});

/** Starts the lab in a process of its own and waits for a state of its record. */
async function startUntil(reached: (entries: readonly { kind: string }[]) => boolean): Promise<string> {
  starter = spawn(process.execPath, [CLI, 'start', '--folder', folder, ...small], { stdio: 'ignore' });
  const run = await until('the record is that far', 60, () => {
    const record = readRecord(folder);
    return record && reached(record.entries) ? record.run : undefined;
  });
  return run.token;
}

async function kill9(): Promise<void> {
  const ended = new Promise((resolve) => starter?.once('exit', resolve));
  starter?.kill('SIGKILL');
  await ended;
}

const recorded = () =>
  (readRecord(folder)?.entries ?? []).filter((entry): entry is ProcessEntry => entry.kind === 'process');

describe.skipIf(missing.length > 0)(
  `after kill -9 of its starter${missing.length ? ` (not run: ${missing} missing)` : ''}`,
  () => {
    it.each([
      ['at its first program', (entries: readonly { kind: string }[]) => entries.length >= 2],
      ['while services start', (entries: readonly { kind: string }[]) => entries.length >= 14],
      ['once ready', (entries: readonly { kind: string }[]) => entries.some(({ kind }) => kind === 'ready')],
    ])('%s, the record alone ends every process and removes the folder', async (_, reached) => {
      const token = await startUntil(reached);
      await kill9();
      await cli('stop', '--folder', folder);
      expect(existsSync(folder)).toBe(false);
      expect(processesMarked(RUN_MARK, token)).toEqual([]);
    });

    it('a program started but not yet recorded is found and ended too', async () => {
      const token = await startUntil((entries) => entries.some(({ kind }) => kind === 'ready'));
      await kill9();
      const lost = spawn('sleep', ['1000'], {
        env: { ...process.env, [RUN_MARK]: token },
        detached: true,
        stdio: 'ignore',
      });
      const innocent = spawn('sleep', ['1000'], { env: { ...process.env, [RUN_MARK]: `${token}0` }, stdio: 'ignore' });
      try {
        await until(
          'both run',
          5,
          () => processesMarked(RUN_MARK, token).some(({ pid }) => pid === lost.pid) || undefined,
        );
        const { stderr } = await cli('stop', '--folder', folder);
        expect(stderr).toContain(`started but not yet recorded (${lost.pid})`);
        expect(innocent.exitCode).toBeNull();
        expect(innocent.signalCode).toBeNull();
      } finally {
        lost.kill('SIGKILL');
        innocent.kill('SIGKILL');
      }
    });

    it('a new start in the same folder cleans the dead one first', async () => {
      const dead = await startUntil((entries) => entries.length >= 14);
      await kill9();
      const live = await startUntil((entries) => entries.some(({ kind }) => kind === 'ready'));
      expect(live).not.toBe(dead);
      expect(processesMarked(RUN_MARK, dead)).toEqual([]);
      const status = z
        .object({ running: z.boolean(), ready: z.boolean(), starterAlive: z.boolean() })
        .parse(JSON.parse((await cli('status', '--folder', folder)).stdout));
      expect(status).toEqual({ running: true, ready: true, starterAlive: true });
      await expect(cli('start', '--folder', folder)).rejects.toThrow(/already runs here/);
      // From another terminal: the living starter is asked, and everything ends.
      const services = recorded().filter(isAlive);
      expect(services.length).toBeGreaterThan(3);
      await cli('stop', '--folder', folder);
      expect(services.filter(isAlive)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    });
  },
);

describe.skipIf(missing.length > 0)('the lab', () => {
  it('ends what it had started when told to stop half-way', async () => {
    const stop = new AbortController();
    const started = startHospital({
      folder,
      seed: 1,
      patients: 40,
      studies: 2,
      signal: stop.signal,
      onProgress: ({ what }) => what === 'database' && stop.abort(new Error('enough')),
    });
    await expect(started).rejects.toThrow('enough');
    expect(existsSync(folder)).toBe(false);
  });

  it('never takes a folder that holds something else', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), 'precious');
    await expect(startHospital({ folder, seed: 1 })).rejects.toThrow(/holds other files/);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
    expect(await endRun(folder)).toEqual({ processes: [], folderRemoved: false });
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('is attacked without the attacker opening any network, nor leaving the device', async (context) => {
    await startUntil((entries) => entries.some(({ kind }) => kind === 'ready'));
    for (const program of ['strace', 'unshare']) {
      if (!isInstalled(program)) context.skip(`not run: ${program} is not installed`);
    }
    if (process.getuid?.() !== 0) context.skip('not run: needs root to mount another device');
    const trace = join(parent, 'trace');
    const other = join(folder, 'imaging', 'other-device');
    mkdirSync(other);
    // In a mount namespace of its own: what is mounted there ends with it.
    const script = `mount -t tmpfs none "$1" && echo kept > "$1/file" && strace -f -e trace=%network -o "$2" "$3" "$4" --folder "$5" && cat "$1/file"`;
    const { stdout } = await execute('unshare', [
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      other,
      trace,
      process.execPath,
      ATTACKER,
      folder,
    ]);
    const { report, rest } = { report: stdout.split('\n')[0] ?? '', rest: stdout.split('\n').slice(1).join() };
    expect(JSON.parse(report)).toMatchObject({ skipped: [{ path: other, reason: 'another device' }] });
    expect(rest).toBe('kept,');
    const calls = readFileSync(trace, 'utf8');
    expect(calls).toContain('exited with 0');
    expect(calls).not.toMatch(/AF_INET|connect\(/);
    // The trace would show it: the same tool on a program that does open a connection.
    const opened = join(parent, 'opened');
    const knock = "require('node:net').connect(9, '127.0.0.1').on('error', () => {})";
    await execute('strace', ['-f', '-e', 'trace=%network', '-o', opened, process.execPath, '-e', knock]);
    expect(readFileSync(opened, 'utf8')).toMatch(/AF_INET/);
  });
});
