import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { identityOf } from './processes.ts';
import { appendRecord, type EndingSignal, RUN_MARK } from './record.ts';
import type { Run } from './run.ts';

export interface Program {
  what: string;
  command: string;
  args: readonly string[];
  env?: { [name: string]: string };
  cwd?: string;
  /** `services`: the unprivileged account; `starter`: whoever started the lab. */
  as: 'services' | 'starter';
}

export interface Service {
  pid: number;
  /** Undefined while it runs; then why it does not. */
  ended(): string | undefined;
}

const TAIL_LENGTH_MAX = 2_000;

function launch(
  run: Run,
  program: Program,
  stdio: ['ignore' | 'pipe', number | 'pipe', number | 'pipe'],
): ChildProcess {
  run.signal.throwIfAborted();
  appendRecord(run.folder, { kind: 'starting', what: program.what });
  return spawn(program.command, program.args, {
    cwd: program.cwd ?? run.folder,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ...program.env,
      [RUN_MARK]: run.token,
    },
    stdio,
    // A session of its own: the terminal's Ctrl-C reaches the starter only, which ends things in order.
    detached: true,
    ...(program.as === 'services' ? run.account.ids : {}),
  });
}

/** Writes the line that lets another life of the lab end this process; undefined if it could not even start. */
function recordProcess(run: Run, child: ChildProcess, what: string, endsOn: EndingSignal): number | undefined {
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity) appendRecord(run.folder, { kind: 'process', what, ...identity, endsOn });
  return identity?.pid;
}

/** Starts a program that stays; its output goes to `logs/<what>.log`. */
export async function startService(run: Run, program: Program & { endsOn?: EndingSignal }): Promise<Service> {
  const logPath = join(run.folder, 'logs', `${program.what}.log`);
  const log = openSync(logPath, 'a', 0o600);
  const child = launch(run, program, ['ignore', log, log]);
  closeSync(log);
  let how: string | undefined;
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new Error(`${program.what}: ${program.command} did not start: ${error.message}`)),
    );
  });
  child.once('exit', (code, signal) => {
    how = signal ?? `status ${code}`;
  });
  const pid = recordProcess(run, child, program.what, program.endsOn ?? 'SIGTERM');
  await started;
  child.unref();
  return { pid: pid ?? child.pid ?? 0, ended: () => how && `${program.what} ended (${how}): ${tailOf(logPath)}` };
}

function tailOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-TAIL_LENGTH_MAX);
  } catch {
    return 'its log is gone';
  }
}

/** Runs a program to its end and returns what it printed. Fails with its last words when its status is not 0. */
export async function runTool(run: Run, program: Program & { input?: Iterable<string> }): Promise<string> {
  const child = launch(run, program, [program.input ? 'pipe' : 'ignore', 'pipe', 'pipe']);
  const finished = new Promise<number | string>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${program.what}: ${program.command} did not start: ${error.message}`)),
    );
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  finished.catch(() => {});
  recordProcess(run, child, program.what, 'SIGTERM');
  const stop = () => child.kill('SIGTERM');
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    const [printed, complaints] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      // A program that stops reading early says why itself, by its status and its last words.
      program.input && child.stdin ? pipeline(Readable.from(program.input), child.stdin).catch(() => {}) : undefined,
    ]);
    const status = await finished;
    run.signal.throwIfAborted();
    if (status !== 0) {
      throw new Error(
        `${program.what}: ${program.command} ended with ${status}: ${complaints.slice(-TAIL_LENGTH_MAX)}`,
      );
    }
    return printed;
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
}

async function text(stream: Readable | null): Promise<string> {
  let whole = '';
  stream?.setEncoding('utf8');
  for await (const piece of stream ?? []) whole += piece;
  return whole;
}
