import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Measure, type Report, round } from './measure.ts';

/** A hub under load, by TLS, on its own disk: one process; all its clients: another. Both share this machine's cores. */
const shape = { perSecond: 2_000, seconds: 30, feeds: 500, slow: 50 };
const people = 60;
const sessionsEach = 4;
const passwordsAtOnce = 1_000;

const worker = (name: string): string => fileURLToPath(new URL(`${name}.worker.ts`, import.meta.url));

function started(name: string, ...args: string[]): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [worker(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no output');
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

async function said(lines: AsyncIterator<string>, who: string) {
  const { value, done } = await lines.next();
  if (done || typeof value !== 'string') throw new Error(`${who} ended without a word`);
  return JSON.parse(value);
}

const statusOf = (pid: number, what: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
/** Seconds of processor, of all its threads. */
const processorOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

export async function run(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-load-'));
  const hub = started('load', folder, String(people), String(sessionsEach));
  const pid = hub.child.pid ?? 0;
  const memory: number[] = [];
  let sampling: NodeJS.Timeout | undefined;
  try {
    const door = await said(hub.lines, 'the hub');
    const idle = statusOf(pid, 'VmRSS');
    const clients = started('loadClients', JSON.stringify(door), JSON.stringify(shape));
    const { feeds: open } = await said(clients.lines, 'the clients');
    const busyBefore = processorOf(pid);
    sampling = setInterval(() => memory.push(statusOf(pid, 'VmRSS')), 500);
    const result = await said(clients.lines, 'the clients');
    clearInterval(sampling);
    const busy = processorOf(pid) - busyBefore;
    const peak = statusOf(pid, 'VmHWM');
    const lines = figures(result, { idle, peak, memory, busy, open });
    lines.push(await passwords());
    return { name: 'load', lines };
  } finally {
    clearInterval(sampling);
    const ended = once(hub.child, 'exit');
    hub.child.stdin?.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Result {
  waits: [kind: string, milliseconds: number][];
  answers: [what: string, count: number][];
  took: number;
  feeds: { count: number; open: number; lost: number };
  slowCut: { headers: number; readers: number };
  processorSeconds: number;
}

function figures(
  { waits, answers, took, feeds, slowCut, processorSeconds }: Result,
  hub: { idle: number; peak: number; memory: number[]; busy: number; open: number },
): Measure[] {
  const sortedOf = (kind?: string) =>
    waits
      .flatMap(([which, milliseconds]) => (kind === undefined || which === kind ? [milliseconds] : []))
      .sort((a, b) => a - b);
  const all = sortedOf();
  const p99 = percentile(all, 0.99);
  const rate = waits.length / took;
  const countOf = (beginning: string) =>
    answers.flatMap(([what, count]) => (what.startsWith(beginning) ? [count] : [])).reduce((sum, one) => sum + one, 0);
  const errors = countOf('error');
  const refused = answers
    .filter(([what]) => what.startsWith('refused'))
    .map(([what, count]) => `${count} ${what.slice(8)}`);
  const byKind = ['read', 'file', 'act'].map((kind) => `${kind} ${round(percentile(sortedOf(kind), 0.99))}`).join(', ');
  const third = Math.floor(hub.memory.length / 3);
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const growth = mean(hub.memory.slice(-third)) / mean(hub.memory.slice(third, 2 * third));
  return [
    {
      measure: `requests by TLS for ${shape.seconds} s: of twenty, twelve reads, seven files, one act; ${shape.feeds} feeds and ${shape.slow} slow clients`,
      value: `${round(rate)}/s of ${round(shape.perSecond)}/s asked; hub ${round(hub.busy / took)} and clients ${round(processorSeconds / took)} cores busy`,
      target: '≥ 0.95 × 2,000/s',
      met: rate >= shape.perSecond * 0.95,
    },
    {
      measure: 'wait from the moment each was due',
      value: `p50 ${round(percentile(all, 0.5))}, p99 ${round(p99)} (${byKind}), worst ${round(all.at(-1) ?? Number.NaN)} ms`,
      target: 'p99 ≤ 250 ms',
      met: p99 <= 250,
    },
    {
      measure: 'errors, but declared refusals',
      value: `${errors} of ${waits.length.toLocaleString('en')}${
        errors > 0
          ? ` (${answers
              .filter(([what]) => what.startsWith('error'))
              .map(([what, count]) => `${count} ${what}`)
              .join(', ')})`
          : ''
      }; refused: ${refused.join(', ') || 'none'}`,
      target: '0',
      met: errors === 0,
    },
    {
      measure: 'feeds open before and after, and what they were sent',
      value: `${hub.open}, ${feeds.open} (${feeds.lost} lost); ${round(feeds.count / took)} messages/s`,
      target: 'none lost',
      met: feeds.lost === 0 && hub.open === shape.feeds,
    },
    {
      measure: 'slow clients cut: headers by drops, answers never read',
      value: `${slowCut.headers}, ${slowCut.readers}`,
      target: 'both cut',
      met: slowCut.headers > 0 && slowCut.readers > 0,
    },
    {
      measure: 'memory of the hub, resident',
      value: `idle ${round(hub.idle)}, peak ${round(hub.peak)} MB; last third over the middle one ${growth.toFixed(2)} ×`,
      target: '≤ 1.15 ×',
      met: growth <= 1.15,
    },
  ];
}

/** Argon2id for everyone who knocks at once: two at a time, some wait, the others are told to come back. */
async function passwords(): Promise<Measure> {
  const { child, lines } = started('loadPasswords', String(passwordsAtOnce));
  const { attempts, looked, busy, seconds, grownMegabytes } = await said(lines, 'the hasher');
  if (child.exitCode === null) await once(child, 'exit');
  return {
    measure: `${round(attempts)} passwords to verify in one instant (Argon2id, 19 MiB each)`,
    value: `${looked} verified in ${round(seconds)} s, ${busy} told to come back; ${round(grownMegabytes)} MB more at the peak`,
    target: '≤ 64 MB more',
    met: grownMegabytes <= 64 && looked + busy === attempts,
  };
}
