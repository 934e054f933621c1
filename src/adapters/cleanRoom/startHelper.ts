import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept, type Result, refuse } from '../../journal/result.ts';

const helperScript = fileURLToPath(new URL(`../../helper/main${extname(import.meta.url)}`, import.meta.url));
const defaultState = '/var/lib/reflexe-helper';

/** What a person types, as root, to have a clean room on this machine. */
export function helperCommand(options: { socket: string; state?: string; programs?: string }): string {
  const programs = options.programs === undefined ? [] : ['--programs', options.programs];
  const uid = process.getuid?.() ?? 0;
  return [
    process.execPath,
    helperScript,
    '--socket',
    options.socket,
    '--state',
    options.state ?? defaultState,
    '--allow-uid',
    `${uid}`,
    ...programs,
  ].join(' ');
}

export interface StartHelperOptions {
  socket: string;
  /** The helper's folder. The same one next time lets a new helper end what a killed one left. At most 70 characters. */
  state: string;
  programs?: string;
  /** True: the helper closes its rooms and ends when this process does. False: rooms outlive both. */
  lifeline: boolean;
}

export interface StartedHelper {
  pid: number;
  /** With a lifeline, closes every room first; resolves when the helper is gone. */
  stop(): Promise<void>;
}

/** For a process that is root already: the drill, the tests, `npm start` as root. */
export async function startHelper(options: StartHelperOptions): Promise<Result<StartedHelper>> {
  if (process.getuid?.() !== 0) {
    return refuse('clean-room-needs-root', 'Only root can start the helper of the clean room.', {
      expected: 'root, on Linux',
      kept: 'nothing was started',
      cure: `as root, run: ${helperCommand(options)}`,
    });
  }
  const { socket, state, programs, lifeline } = options;
  const args = ['--socket', socket, '--state', state, '--allow-uid', '0'];
  if (programs !== undefined) args.push('--programs', programs);
  if (lifeline) args.push('--lifeline');
  const child = spawn(process.execPath, [helperScript, ...args], {
    stdio: [lifeline ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: {},
    cwd: '/',
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 4000) complaint += text;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<boolean>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready')) resolve(true);
    });
    child.once('error', () => resolve(false));
    child.once('close', () => resolve(false));
  });
  if (!ready || child.pid === undefined) {
    return refuse('helper-did-not-start', `The helper of the clean room did not start. ${complaint.trim()}`, {
      expected: 'a helper that says it is ready',
      kept: 'nothing was started',
      cure: `run it by hand to see why: ${helperCommand(options)}`,
    });
  }
  const stop = async () => {
    if (lifeline) child.stdin?.end();
    else child.kill('SIGTERM');
    await ended;
  };
  child.stdin?.on('error', () => {});
  return accept({ pid: child.pid, stop });
}
