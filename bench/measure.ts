import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

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
