import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cannotMakeRooms } from '../../src/helper/fixtures/ground.ts';
import type { DrillReport } from '../../src/main/drill.ts';
import { missingPackages } from '../run/packages.ts';
import { until } from '../run/waiting.ts';
import { endLeftovers } from './folders.ts';

const reflexe = fileURLToPath(new URL('../../src/cli/reflexe.ts', import.meta.url));
const missing = missingPackages();
const cannot =
  cannotMakeRooms() ?? (missing.length > 0 ? `not run: packages missing: ${missing.join(' ')}` : undefined);

/** `reflexe drill`, as a person runs it, on a small hospital; its temporary files in a folder of the test's own. */
describe('the drill', () => {
  let place: string;
  const started = new Set<ChildProcess>();
  const endings: Promise<unknown>[] = [];

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'rfx-drill-'));
    chmodSync(place, 0o711);
  });
  afterAll(async () => {
    for (const one of started) one.kill('SIGKILL');
    await Promise.all(endings);
    await endLeftovers((why) => expect.fail(why), join(place, 'reflexe-drill'));
    rmSync(place, { recursive: true, force: true });
  });

  function drill(nights: number) {
    const options = ['--patients', '60', '--nights', `${nights}`, '--seed', 'test', '--json', '--lang', 'en'];
    const child = spawn(process.execPath, [reflexe, 'drill', ...options], {
      env: { ...process.env, TMPDIR: place },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(child);
    const said = text(child.stdout);
    const complaints = text(child.stderr);
    const ended = new Promise<number | string>((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? code ?? 'unknown')),
    );
    endings.push(ended);
    return { child, said, complaints, ended };
  }

  test('killed with its helper in the middle of a restoration: the next drill ends what is left, then saves the hospital', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const killed = drill(1);
    const run = await until('the folder of the drill', 30, () => drillFolder(place));
    await until('services run in the clean room', 120, () => {
      if (killed.child.exitCode !== null) throw new Error('it ended before');
      return facts(run).some((fact) => fact === 'memberRunning') || undefined;
    });
    const helper = Number(JSON.parse(readFileSync(join(run, 'helper', 'alive.json'), 'utf8')).pid);
    killed.child.kill('SIGKILL');
    process.kill(helper, 'SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const left = livingWith(run);
    expect(left.length, 'a hospital and restored services go on').toBeGreaterThan(5);
    const rooms = roomKeys(run);
    expect(rooms.length).toBe(1);

    const next = drill(2);
    const status = await next.ended;
    const report: DrillReport = JSON.parse(await next.said);
    expect(report.failures, await next.complaints).toEqual([]);
    expect(status).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.careFunctions.length).toBe(5);
    expect(report.careFunctions.filter(({ verified }) => !verified)).toEqual([]);
    // Of each component the night before the intruder was there: two nights ago for the implants, last night for what was encrypted only.
    const days = (horizon: string) => Math.round((Date.parse(report.startedAt) - Date.parse(horizon)) / 86_400_000);
    const points = Object.entries(report.cleanPoint).map(([component, { horizon, attacked, ...point }]) => [
      component,
      { daysAgo: days(horizon), stage: attacked?.stage, isNightBefore: point.isNightBeforeAttacked },
    ]);
    expect(Object.fromEntries(points)).toEqual({
      'dpi-base': { daysAgo: 2, stage: 'implant', isNightBefore: true },
      dpi: { daysAgo: 2, stage: 'implant', isNightBefore: true },
      pacs: { daysAgo: 1, stage: 'encryption', isNightBefore: true },
    });
    const why = (component: string) => report.cleanPoint[component]?.passedOver.map(({ reason }) => reason);
    // Newest first. A database that is down has no night after the encryption.
    expect(why('dpi-base')).toEqual(['cert_stats_housekeeping_beacon']);
    expect(why('dpi')).toEqual([expect.any(String), 'reflexe_web_shell_php']);
    expect(why('pacs')?.length).toBe(1);
    expect(report.cleanPoint['dpi-base']?.lost).toMatchObject({ nights: 1 });
    expect(report.isolation.attempts).toBeGreaterThan(0);
    expect(report.isolation.escaped).toBe(0);
    expect(report.clinicianRead?.count).toBeGreaterThan(0);
    expect(report.detectedAfterSeconds).toBeGreaterThan(0);

    // Nothing is left of either.
    expect(readdirSync(join(place, 'reflexe-drill'))).toEqual([]);
    expect(livingWith(place)).toEqual([]);
    expect(rooms.flatMap((key) => readdirSync('/run/netns').filter((name) => name.startsWith(`rfx-${key}`)))).toEqual(
      [],
    );
  }, 300_000);

  test('with no night but the poisoned one, nothing is verified: it says so and why, and its exit status is 1', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const run = drill(0);
    const status = await run.ended;
    const report: DrillReport = JSON.parse(await run.said);
    expect(status, await run.complaints).toBe(1);
    expect(report.ok).toBe(false);
    expect(report).not.toHaveProperty('error');
    expect(report.careFunctions.filter(({ verified }) => verified)).toEqual([]);
    expect(report.clinicianRead).toBeNull();
    expect(report.failures.join('\n')).toContain('choose: no-snapshot-without-sign');
    expect(readdirSync(join(place, 'reflexe-drill'))).toEqual([]);
    expect(livingWith(place)).toEqual([]);
  }, 200_000);
});

function drillFolder(place: string): string | undefined {
  const base = join(place, 'reflexe-drill');
  const [name] = existsSync(base) ? readdirSync(base).filter((one) => !one.startsWith('.')) : [];
  return name === undefined ? undefined : join(base, name);
}

function record(run: string): { fact: string; room?: { key: string } }[] {
  const path = join(run, 'helper', 'record.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
}

const facts = (run: string): string[] => record(run).map(({ fact }) => fact);
const roomKeys = (run: string): string[] =>
  record(run).flatMap(({ fact, room }) => (fact === 'roomOpening' && room !== undefined ? [room.key] : []));

/** Processes that hold on to a folder: by their command, their working directory or what is mounted for them. */
function livingWith(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const held = [command, readlinkSync(`/proc/${pid}/cwd`), readFileSync(`/proc/${pid}/mountinfo`, 'utf8')];
        return held.some((one) => one.includes(folder)) ? [`${pid} ${command.slice(0, 100)}`] : [];
      } catch {
        return [];
      }
    });
}
