import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { namespacePath } from './network.ts';
import { identify, type ProcessIdentity } from './processes.ts';
import type { Sandbox } from './sandbox.ts';
import type { Tools } from './tools.ts';

const launcher = fileURLToPath(new URL('./launch.pl', import.meta.url));

export interface Launched {
  /** bubblewrap itself, outside its sandbox; ends with it. */
  outer: ProcessIdentity;
  /** Process 1 of the sandbox: ending it ends everything inside. */
  init: ProcessIdentity;
  child: ChildProcess;
  output: Readable | null;
}

export interface LaunchOrder {
  tools: Tools;
  /** Undefined only for a weakened probe: the host's own network. */
  namespace: string | undefined;
  sandbox: Sandbox;
  /** Where stdout and stderr go: an open file; or stdout to us and stderr nowhere. */
  output: number | 'pipe';
  /** Called once the process exists and before it does anything: record it, bound it. What it throws stops the launch. */
  beforeGo(outer: ProcessIdentity): void | Promise<void>;
  /** Test only, see `Weakness`. */
  extraDescriptor?: number;
}

const failed = (because: string): Result<never> =>
  refuse('clean-room-sandbox-failed', `The sandbox did not start: ${because}.`, {
    expected: 'bubblewrap reporting its first process',
    kept: 'what was started is ended',
    cure: 'run `bwrap --ro-bind / / true` as root to see what this machine refuses',
  });

/** Starts a sandbox in a network namespace; resolves when its first process exists. Nothing runs before it is recorded. */
export async function launch({
  tools,
  namespace,
  sandbox,
  output,
  beforeGo,
  extraDescriptor,
}: LaunchOrder): Promise<Result<Launched>> {
  const extra = extraDescriptor === undefined ? [] : [{ fd: extraDescriptor }];
  const descriptors = [...sandbox.descriptors, ...extra];
  const kept = descriptors.map((_, index) => index + 3).join(',');
  const [file, args] =
    namespace === undefined
      ? [tools.perl, []]
      : [tools.nsenter, [`--net=${namespacePath(namespace)}`, '--', tools.perl]];
  const child = spawn(file, [...args, launcher, kept, tools.bwrap, ...sandbox.args], {
    env: {},
    cwd: '/',
    detached: true,
    stdio: ['pipe', output, output, ...descriptors.map((given) => ('fd' in given ? given.fd : 'pipe'))],
  });
  child.unref();
  const exited = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signalName) => reject(new Error(`it ended at once (${signalName ?? `status ${code}`})`)));
  });
  exited.catch(() => {});
  const streams = child.stdio as readonly (Readable | Writable | null | undefined)[];
  for (const stream of streams) stream?.on('error', () => {});

  const outer = child.pid === undefined ? undefined : identify(child.pid);
  if (outer === undefined) return failed('no process was made');
  try {
    await beforeGo(outer);
    let answer: Promise<number> | undefined;
    descriptors.forEach((given, index) => {
      const stream = streams[index + 3];
      if ('bytes' in given && stream && 'end' in stream) stream.end(given.bytes);
      if ('answer' in given && stream && 'setEncoding' in stream) answer = firstProcess(stream);
    });
    child.stdin?.end('g');
    if (answer === undefined) return failed('it has no way to answer');
    const init = identify(await Promise.race([answer, exited]));
    if (init === undefined) return failed('its first process was gone at once');
    return accept({ outer, init, child, output: child.stdout });
  } catch (error) {
    child.kill('SIGKILL');
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function firstProcess(answers: Readable): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    answers.setEncoding('utf8');
    answers.on('data', (part: string) => {
      text += part;
      const pid = /"child-pid": (\d+)/.exec(text)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
    answers.once('close', () => reject(new Error('bubblewrap could not set it up')));
  });
}
