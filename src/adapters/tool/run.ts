import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { WRITES_INTO } from '../recoveryFolders/writers.ts';
import { withMemoryFile } from '../secretFiles/memoryFile.ts';
import { type Walls, withinWalls } from './walls.ts';

/** Output kept of one run: a listing of some hundred thousand files. */
const OUTPUT_BYTES = 256 * 1024 * 1024;
/** Complaints kept: one line for each of some thousand files. */
const ERROR_BYTES = 4 * 1024 * 1024;
/** How often the bytes written so far are read from the kernel. */
const PROGRESS_MILLISECONDS = 300;
/** What does not end when asked to is ended. */
const GRACE_MILLISECONDS = 1000;

const ENDED_BY_SIGNAL = 137;

export interface ToolRun {
  /** 127 where the program is not there, 137 where a signal ended it. */
  status: number;
  output: string;
  errors: string;
}

export interface ToolCall {
  command: string;
  args: readonly string[];
  /** All that its environment holds beside `PATH` and `LC_ALL`. No secret: others of this account read it. */
  environment?: { [name: string]: string };
  folder?: string;
  signal: AbortSignal;
  /** Read by the program from its descriptor 3. */
  secret?: string;
  /** What it sees of this machine; all of it where absent. */
  walls?: Walls;
  writing?: Writing;
  /** Is given the output as it comes; then none of it is kept. */
  onOutput?(chunk: Buffer): void;
}

export interface Writing {
  /** The folder it writes into: its program carries the name, so that a later life of ours finds and ends it. */
  into: string;
  onWritten(bytes: number): void;
}

/** Where a program finds its secret: what it inherits as its fourth descriptor. */
export const SECRET_DESCRIPTOR = 3;

/** Runs a program of somebody else's by a list of arguments, in an environment that holds nothing but what it needs. */
export async function runTool(call: ToolCall): Promise<ToolRun> {
  return call.secret === undefined ? run(call) : withMemoryFile(call.secret, (descriptor) => run(call, descriptor));
}

async function run(call: ToolCall, descriptor?: number): Promise<ToolRun> {
  const { command, args, environment, folder, signal, walls, writing, onOutput } = call;
  if (signal.aborted) return { status: ENDED_BY_SIGNAL, output: '', errors: '' };
  const [program = command, ...all] = walls === undefined ? [command, ...args] : withinWalls(walls, [command, ...args]);
  const child = spawn(program, all, {
    env: {
      PATH: process.env.PATH ?? '',
      LC_ALL: 'C',
      ...environment,
      ...(writing === undefined ? {} : { [WRITES_INTO]: writing.into }),
    },
    ...(folder === undefined ? {} : { cwd: folder }),
    stdio: ['ignore', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
  });
  let insisting: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    insisting = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS);
  };
  signal.addEventListener('abort', stop, { once: true });
  const watch =
    writing === undefined
      ? undefined
      : setInterval(
          () => void written(child.pid ?? 0).then((bytes) => writing.onWritten(bytes)),
          PROGRESS_MILLISECONDS,
        );
  try {
    const output = bounded(OUTPUT_BYTES);
    const errors = bounded(ERROR_BYTES);
    child.stdout?.on('data', onOutput ?? output.add);
    child.stderr?.on('data', errors.add);
    const status = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        errors.add(Buffer.from(error.message));
        resolve(127);
      });
      child.once('close', (code) => resolve(code ?? ENDED_BY_SIGNAL));
    });
    const unread = errors.isCut() ? '\n(more was said than is kept)' : '';
    return { status, output: output.text(), errors: `${errors.text()}${unread}` };
  } finally {
    clearInterval(watch);
    clearTimeout(insisting);
    signal.removeEventListener('abort', stop);
  }
}

function bounded(bytesMax: number): { add(chunk: Buffer): void; text(): string; isCut(): boolean } {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add: (chunk) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    isCut: () => bytes > bytesMax,
  };
}

/** Bytes that a program and those it started have written, from the kernel's account (proc(5), /proc/pid/io, `write_bytes` counts late: `wchar`). */
async function written(pid: number): Promise<number> {
  const [account, children] = await Promise.all([
    readFile(`/proc/${pid}/io`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  let bytes = Number(/^wchar: (\d+)$/m.exec(account)?.[1] ?? 0);
  for (const child of children.split(' ').filter((text) => text !== '')) bytes += await written(Number(child));
  return bytes;
}
