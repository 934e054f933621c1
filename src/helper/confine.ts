import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Refusal, refuse } from '../journal/result.ts';
import { deny, filterBytes } from './room/seccomp.ts';
import { findTools } from './room/tools.ts';

const script = fileURLToPath(new URL('./confine.pl', import.meta.url));

interface Calls {
  audit: number;
  foreignFrom?: number;
  prctl: number;
  refused: number[];
}

/**
 * Root's powers that no clean room needs, refused by the kernel to the helper and to all it starts: another kernel or a
 * module of it, other processes' memory, keys, tracing, BPF, io_uring, files by handle, the clock, swap, a restart.
 * Namespaces, mounts and other users it does need. Numbers as in the kernel's unistd.h of each processor.
 */
const common = [425, 426, 427, 438];
export const helperCalls: { [name: string]: Calls } = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    prctl: 157,
    refused: [
      ...[101, 103, 153, 159, 163, 164, 167, 168, 169, 172, 173, 175, 176, 179, 180, 212, 227, 246, 248, 249, 250],
      ...[298, 300, 304, 305, 310, 311, 312, 313, 320, 321, 323],
      ...common,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    prctl: 167,
    refused: [
      ...[18, 42, 58, 60, 89, 104, 105, 106, 112, 116, 117, 142, 170, 171, 217, 218, 219, 224, 225, 241, 262, 265],
      ...[266, 270, 271, 272, 273, 280, 282, 294],
      ...common,
    ],
  },
};

export function helperFilter(architecture: string): Buffer {
  const known = helperCalls[architecture];
  if (known === undefined) throw new Error(`no seccomp filter of the helper for processor "${architecture}"`);
  return filterBytes(deny(known));
}

/** Whether this process can gain nothing any more, and some of its system calls are filtered: as the kernel says. */
export function isConfined(): boolean {
  const status = readFileSync('/proc/self/status', 'utf8');
  return /^NoNewPrivs:\s*1$/m.test(status) && /^Seccomp:\s*2$/m.test(status);
}

/** Becomes the same command, confined and with an empty environment; answers only when it cannot. */
export function confine(args: readonly string[]): Refusal {
  const tools = findTools();
  if (!tools.ok) return tools.refusal;
  const known = helperCalls[process.arch];
  if (known === undefined || process.execve === undefined) {
    return refuse('helper-not-confined', 'The helper cannot give up what it does not need on this machine.', {
      expected: `Node 24 on ${Object.keys(helperCalls).join(' or ')}`,
      kept: 'nothing was started',
      cure: 'use the Node that comes with Reflexe',
    }).refusal;
  }
  const filter = helperFilter(process.arch).toString('hex');
  const { perl } = tools.value;
  return process.execve(perl, [perl, script, `${known.prctl}`, filter, process.execPath, ...args], {});
}
