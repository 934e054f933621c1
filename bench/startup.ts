import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Measure, median, type Report, round } from './measure.ts';

/** A hub of 100,000 components, 2,000 open tasks and a million events: how fast it opens, and what it holds while it fills. */
const worker = fileURLToPath(new URL('startup.worker.ts', import.meta.url));
const openings = 5;

async function said(what: 'import' | 'fill' | 'open' | 'refold', folder: string): Promise<Record<string, number>[]> {
  const child = spawn(process.execPath, ['--expose-gc', worker, what, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, number>[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (what === 'fill') process.stderr.write(`${line}\n`);
    lines.push(JSON.parse(line));
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return lines;
}

export async function run(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-startup-'));
  const lines: Measure[] = [];
  try {
    await said('import', folder);
    const filled = await said('fill', folder);
    const last = filled.at(-1);
    const opened: Record<string, number>[] = [];
    for (let opening = 0; opening < openings; opening++) opened.push(...(await said('open', folder)));
    const figures = (name: string): number[] => opened.map((one) => one[name] ?? Number.NaN);
    const [first] = opened;
    if (first?.events !== 1_000_000 || first.components !== 100_000 || first.tasks !== 2_000) {
      throw new Error(`the hub opened is not the one that was filled: ${JSON.stringify(first)}`);
    }
    lines.push({
      measure: `open from snapshot and a tail of ${round(first.folded ?? 0)} entries`,
      value: `${round(median(figures('milliseconds')))} ms (process start included: ${round(median(figures('sinceStart')))} ms)`,
      target: '≤ 1,500 ms',
      met: median(figures('sinceStart')) <= 1_500,
    });
    const memory = filled.map((one) => one.megabytes ?? 0);
    const held = filled.flatMap((one) => one.heldMegabytes ?? []);
    const growth = (held.at(-1) ?? Number.NaN) / (held[0] ?? Number.NaN);
    lines.push({
      measure: 'memory while a million events are appended',
      value: `held after 100,000 and 1,000,000: ${held.join(', ')} MB (${growth.toFixed(2)} ×); RSS each 100,000: ${memory.join(', ')} MB`,
      target: 'held ≤ 1.1 ×',
      met: growth <= 1.1,
    });
    const [refolded] = await said('refold', folder);
    lines.push({
      measure: 'fold and verify all of it again, without a snapshot',
      value: `${round((refolded?.milliseconds ?? 0) / 1_000)} s: ${round(1e9 / (refolded?.milliseconds ?? 0))} entries/s`,
      target: 'printed',
      met: true,
    });
    lines.push({
      measure: 'filling, 256 writers, snapshots on the way',
      value: `${round((last?.events ?? 0) / (last?.seconds ?? 1))} events/s`,
      target: 'printed',
      met: true,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  return { name: 'startup', lines };
}
