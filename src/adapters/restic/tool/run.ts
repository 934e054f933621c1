import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { WRITES_INTO } from '../../recoveryFolders/writers.ts';
import { withMemoryFile } from '../../secretFiles/memoryFile.ts';
import type { ResticRepository } from '../password.ts';

/** Output kept of one run: a listing of some hundred thousand files. */
const OUTPUT_BYTES = 256 * 1024 * 1024;
/** How often the bytes written so far are read from the kernel. */
const PROGRESS_MILLISECONDS = 300;

export interface ResticRun {
  status: number;
  output: string;
  errors: string;
}

export interface ResticWriting {
  /** The folder it writes into: its program carries the name, so that a later life of ours finds and ends it. */
  into: string;
  onWritten(bytes: number): void;
}

/** Where restic finds what it inherits as its fourth descriptor. */
const INHERITED = 3;

/** Runs restic without lock or cache, in an environment that holds nothing but what it needs. */
export async function runRestic(
  where: ResticRepository,
  verb: readonly string[],
  signal: AbortSignal,
  writing?: ResticWriting,
): Promise<ResticRun> {
  if ('passwordFile' in where) return run(where.repository, where.passwordFile, verb, signal, writing);
  const password = await where.password();
  if (!password.ok) return { status: 1, output: '', errors: password.refusal.message };
  return withMemoryFile(password.value, (descriptor) =>
    run(where.repository, `/dev/fd/${INHERITED}`, verb, signal, writing, descriptor),
  );
}

async function run(
  repository: string,
  passwordFile: string,
  verb: readonly string[],
  signal: AbortSignal,
  writing: ResticWriting | undefined,
  descriptor?: number,
): Promise<ResticRun> {
  const child = spawn('restic', ['--no-lock', '--no-cache', ...verb], {
    env: {
      PATH: process.env.PATH ?? '',
      RESTIC_REPOSITORY: repository,
      RESTIC_PASSWORD_FILE: passwordFile,
      LC_ALL: 'C',
      ...(writing === undefined ? {} : { [WRITES_INTO]: writing.into }),
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const watch =
    writing === undefined
      ? undefined
      : setInterval(() => void written(child.pid).then((bytes) => writing.onWritten(bytes)), PROGRESS_MILLISECONDS);
  try {
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let kept = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      kept += chunk.length;
      if (kept <= OUTPUT_BYTES) output.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    const status = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        errors.push(Buffer.from(error.message));
        resolve(127);
      });
      child.once('close', (code) => resolve(code ?? 1));
    });
    return { status, output: Buffer.concat(output).toString('utf8'), errors: Buffer.concat(errors).toString('utf8') };
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
  }
}

/** Bytes the process has written, from the kernel's account (proc(5), /proc/pid/io, `write_bytes` counts late: `wchar`). */
async function written(pid: number | undefined): Promise<number> {
  const account = await readFile(`/proc/${pid ?? 0}/io`, 'utf8').catch(() => '');
  return Number(/^wchar: (\d+)$/m.exec(account)?.[1] ?? 0);
}
