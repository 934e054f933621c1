import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

const project = join(import.meta.dirname, '..', '..');

export interface Output {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a tool of node_modules/.bin in a folder and gives what it wrote; its exit status is the caller's to judge. */
export async function runTool(root: string, tool: string, args: readonly string[]): Promise<Output> {
  const bin = join(project, 'node_modules', '.bin');
  const environment = { ...process.env, NO_COLOR: '1', PATH: `${bin}:${process.env.PATH ?? ''}` };
  const child = spawn(join(bin, tool), [...args], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}
