import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface Measure {
  measure: string;
  value: string;
  target: string;
  met: boolean;
}

/** What a bench file's `run()` gives. */
export interface Report {
  name: string;
  lines: Measure[];
}

export const machine = (): string => `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

export const spread = (values: readonly number[]): string =>
  `${round(Math.min(...values))}–${round(Math.max(...values))}`;

/** The middle half of the values. */
export function quartiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string => round(sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN);
  return `middle half ${at(0.25)}–${at(0.75)}`;
}

export const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);

/** How often this disk flushes four written kilobytes, at this moment. */
export function flushesPerSecond(folder: string, milliseconds = 200): number {
  const file = join(folder, 'flushes');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4_096, 1);
  for (let at = 0; at < 64; at++) writeSync(descriptor, page, 0, page.length, at * page.length);
  fdatasyncSync(descriptor);
  const start = performance.now();
  let flushes = 0;
  while (performance.now() - start < milliseconds) {
    writeSync(descriptor, page, 0, page.length, (flushes % 64) * page.length);
    fdatasyncSync(descriptor);
    flushes++;
  }
  const rate = (flushes * 1_000) / (performance.now() - start);
  closeSync(descriptor);
  rmSync(file);
  return rate;
}

/** The same flush asked of another thread, one after the other: the bound of any engine that does not store in this one. */
export async function flushesPerSecondAcrossThreads(folder: string, milliseconds = 200): Promise<number> {
  const worker = new Worker(new URL('hop.worker.ts', import.meta.url), { workerData: join(folder, 'hops') });
  const flushed = (): Promise<void> => {
    worker.postMessage(true);
    return new Promise((resolve) => worker.once('message', () => resolve()));
  };
  for (let at = 0; at < 64; at++) await flushed();
  const start = performance.now();
  let flushes = 0;
  for (; performance.now() - start < milliseconds; flushes++) await flushed();
  const rate = (flushes * 1_000) / (performance.now() - start);
  worker.postMessage(false);
  await new Promise((resolve) => worker.once('exit', resolve));
  return rate;
}
