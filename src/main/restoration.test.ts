import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { memoryCleanRoom } from '../adapters/cleanRoom/memory.ts';
import { TreeExaminer } from '../adapters/examiner/examiner.ts';
import { type MemoryNight, MemorySource } from '../adapters/files/memory.ts';
import { DiskRecoveryFolders } from '../adapters/recoveryFolders/recoveryFolders.ts';
import { configuredService } from '../adapters/services/service.ts';
import { accept, refuse } from '../journal/result.ts';
import { ServiceSection } from '../restore/configuration.ts';
import type { BackupSource, CleanRoom, KnownFact } from '../restore/ports.ts';
import type { Recovery } from '../restore/state.ts';
import type { RestorationPorts } from '../restore/worker.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';
import { Openings } from './openings.ts';
import { RestorationRunner } from './restoration.ts';

const folder = mkdtempSync(join(tmpdir(), 'reflexe-runner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-01-05T08:00:00.000Z');
const night = (day: number, more: Partial<MemoryNight> = {}): MemoryNight => ({
  time: `2026-01-0${day}T02:00:00.000Z`,
  tree: { 'base/1': Buffer.from(`night ${day}\n`.repeat(500)), 'base/2': Buffer.from('x'.repeat(5000)) },
  ...more,
});
const patients = (value: number): KnownFact[] => [{ name: 'patients', value, rule: 'atLeast' }];
const patient = { again: { room: 5, step: 0, journal: 5 }, limit: 20_000 };

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A hub in memory: real rooms, runner, folders and examiner; nights, clean room and probes are twins. */
async function hub(
  more: { sources?: { [name: string]: BackupSource }; room?: (room: CleanRoom) => CleanRoom; folders?: string } = {},
) {
  const { world, troubles, act: submit } = await memoryWorld(() => NOW);
  ended.push(() => world.close());
  const twin = memoryCleanRoom({ now: () => '2026-01-05T08:00:00.000Z' });
  const asked = { patients: 100 };
  const services = new Map(
    ['db', 'ehr', 'pacs'].map((component) => {
      const section = ServiceSection.parse({ component, program: 'memory', listens: [4000], opens: { 4000: 0 } });
      return [component, configuredService(section, async () => accept('secret'))];
    }),
  );
  const ports: RestorationPorts = {
    source: (name) => more.sources?.[name] ?? new MemorySource([night(3), night(4)]),
    service: (component) => services.get(component),
    probe: () => ({ probe: { ask: async () => accept(patients(asked.patients)) }, port: 4000 }),
    cleanPoints: null,
    examiner: new TreeExaminer(),
    cleanRoom: (more.room ?? ((room) => room))(twin.client()),
    folders: new DiskRecoveryFolders(more.folders ?? mkdtempSync(join(folder, 'hub-'))),
    reach: async () => ({ address: '127.0.0.1:9', [Symbol.asyncDispose]: async () => undefined }),
    epoch: () => 1,
    pause: () => Promise.resolve(),
    stopwatch: () => () => 1,
  };
  for (const component of ['db', 'ehr', 'pacs'])
    for (const probe of ['counts', 'studies'])
      await submit({
        type: 'RecordHealthyFacts',
        component,
        probe,
        facts: patients(100),
        at: '2026-01-03T01:00:00.000Z',
      });
  const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
  const since = '2026-01-05T07:59:00.000Z';
  for (const component of ['db', 'pacs'])
    await submit({ type: 'ChangeComponentState', component, to: 'down', since, evidence });
  await submit({ type: 'ReportRansomwareSign', component: 'db', check: 'c', sign: 'canaryAltered', detail: '', since });
  const limit = () => AbortSignal.timeout(patient.limit);
  // Alarms gather for two seconds of the world's clock, which stands still here: what is due is asked for as of later.
  world.options.clock.now = () => NOW + 10_000;
  const incident = await world.until(({ activate }) => Object.keys(activate.incidents).length > 0, limit());
  await submit({ type: 'PlanRecovery', incident: Object.keys(incident.activate.incidents)[0] ?? '' });

  const live = async () => {
    const runner = new RestorationRunner(world, ports, patient.again);
    await runner.start();
    ended.unshift(() => runner.stop());
    return runner;
  };
  const until = async (holds: (recovery: Recovery) => boolean): Promise<Recovery> => {
    const { restore } = await world.until(({ restore: now }) => Object.values(now.recoveries).some(holds), limit());
    const [recovery] = Object.values(restore.recoveries);
    if (recovery === undefined) throw new Error('a recovery is planned');
    return recovery;
  };
  return { world, ports, twin, asked, troubles, submit, live, until };
}

const isVerified = (recovery: Recovery) =>
  Object.values(recovery.components).every((one) => one.steps.verify?.state === 'done');
const failureOf = (recovery: Recovery, component: string, step: 'choose' | 'fetch' | 'start' | 'verify') =>
  recovery.components[component]?.steps[step]?.failure;

describe('the runner of restorations', () => {
  test('brings everything back, proves its room after the last start, and opens what is released', async () => {
    const { world, live, until, submit } = await hub();
    const runner = await live();
    const recovery = await until((now) => isVerified(now) && (now.isolation?.sequence ?? 0) > 0);
    expect(Object.values(recovery.components).map((one) => one.snapshot?.horizon)).toEqual(
      Array(3).fill('2026-01-04T02:00:00.000Z'),
    );
    await until(
      (now) =>
        (now.isolation?.sequence ?? 0) >
        Math.max(...Object.values(now.components).map((one) => one.steps.start?.sequence ?? 0)),
    );
    expect(world.live.blocked.size).toBe(0);
    const configuration = {
      sources: {},
      probes: {},
      rules: [],
      services: [ServiceSection.parse({ component: 'ehr', program: 'memory', listens: [4000], opens: { 4000: 0 } })],
    };
    const openings = new Openings(world, configuration, runner.worker);
    ended.unshift(() => openings.close());
    expect(await openings.list()).toEqual([]);
    await submit({ type: 'Release', recovery: recovery.recovery, careFunction: 'prescription' });
    expect(await openings.list()).toMatchObject([{ component: 'ehr', inside: 4000 }]);
  });

  test('passes over nights that are damaged or encrypted, names each, and takes the next', async () => {
    const ransom = {
      'base/1.locked': Buffer.alloc(10),
      'base/2.locked': Buffer.alloc(10),
      'base/3.locked': Buffer.alloc(10),
    };
    const nights = [night(2), night(3, { damaged: true }), night(4, { tree: ransom })];
    const { live, until } = await hub({ sources: { 'nights-db': new MemorySource(nights) } });
    await live();
    const recovery = await until((now) => now.components.db?.snapshot !== null);
    expect(recovery.components.db?.snapshot).toMatchObject({
      horizon: '2026-01-02T02:00:00.000Z',
      passedOver: [{ reason: 'mass-rename' }, { reason: 'backup-damaged' }],
    });
  });

  test('a repository that cannot be reached passes nothing over: after three tries a person is asked, and may ask again', async () => {
    const nights: MemoryNight[] = [night(4)];
    let isMounted = false;
    const mounted = new MemorySource(nights);
    const source: BackupSource = {
      snapshots: () => mounted.snapshots(),
      restore: (...call) =>
        isMounted
          ? mounted.restore(...call)
          : Promise.resolve(refuse('backup-unreachable', 'gone', { retryable: true })),
      entries: (snapshot, folder) => mounted.entries(snapshot, folder),
    };
    const { live, until, submit } = await hub({ sources: { 'nights-db': source } });
    await live();
    const stuck = await until((now) => now.components.db?.steps.choose?.faults === 3);
    expect(failureOf(stuck, 'db', 'choose')).toMatchObject({ code: 'backup-unreachable', retryable: true });
    expect(stuck.components.db?.snapshot).toBeNull();
    isMounted = true;
    await submit({ type: 'RetryStep', recovery: stuck.recovery, component: 'db' });
    const done = await until((now) => now.components.db?.steps.choose?.state === 'done');
    expect(done.components.db?.steps.choose?.attempt).toBe(4);
  });

  test('what breaks on the way is a failure of the step, with what it means; the hub and the other components go on', async () => {
    const breaking = (error: Error): BackupSource => ({
      snapshots: () => Promise.reject(error),
      restore: () => Promise.reject(error),
      entries: () => Promise.reject(error),
    });
    const { live, until } = await hub({
      sources: {
        'nights-db': breaking(Object.assign(new Error('write'), { code: 'ENOSPC', path: '/var/x' })),
        'nights-ehr': breaking(new TypeError('a defect')),
      },
    });
    await live();
    const recovery = await until(
      (now) =>
        now.components.db?.steps.choose?.faults === 3 &&
        now.components.ehr?.steps.choose?.faults === 3 &&
        now.components.pacs?.steps.verify?.state === 'done',
    );
    expect(failureOf(recovery, 'db', 'choose')).toMatchObject({ code: 'disk-full', retryable: true });
    expect(failureOf(recovery, 'db', 'choose')?.detail).toContain('/var/x');
    expect(failureOf(recovery, 'ehr', 'choose')).toMatchObject({ code: 'step-broke' });
  });

  test('without its helper the room is asked for again; nothing counts against the steps; then it goes on by itself', async () => {
    let isThere = false;
    const away = refuse('clean-room-needs-root', 'no helper', { cure: 'as root, run: …', retryable: true });
    const { world, live, until } = await hub({
      room: (room) => ({
        ...room,
        open: (...call) => (isThere ? room.open(...call) : Promise.resolve(away)),
        start: (...call) => (isThere ? room.start(...call) : Promise.resolve(away)),
        proveIsolation: (...call) => (isThere ? room.proveIsolation(...call) : Promise.resolve(away)),
      }),
    });
    await live();
    await until((now) => Object.values(now.components).every((one) => one.steps.fetch?.state === 'done'));
    expect([...world.live.blocked.values()]).toEqual([away.refusal]);
    isThere = true;
    await until((now) => now.components.db?.steps.verify?.state === 'done');
    isThere = false;
    await until(
      (now) =>
        Object.values(now.components).some((one) => one.steps.start?.failure?.code === 'clean-room-needs-root') ||
        isVerified(now),
    );
    isThere = true;
    const recovery = await until(isVerified);
    for (const one of Object.values(recovery.components)) expect(one.steps.start?.faults).toBe(0);
    expect(world.live.blocked.size).toBe(0);
  });

  test('a member that died before it was verified is started again, and its room proved again', async () => {
    const { live, until, twin, asked, submit } = await hub();
    asked.patients = 99;
    await live();
    const failed = await until(
      (now) => now.components.db?.steps.verify?.state === 'failed' && (now.isolation?.sequence ?? 0) > 0,
    );
    expect(failureOf(failed, 'db', 'verify')).toMatchObject({ code: 'facts-disagree', retryable: false });
    twin.crash(failed.recovery);
    asked.patients = 100;
    await submit({ type: 'RetryStep', recovery: failed.recovery, component: 'db' });
    const done = await until(isVerified);
    expect(done.room?.sequence).toBeGreaterThan(failed.room?.sequence ?? Infinity);
    await until((now) => (now.isolation?.sequence ?? 0) > (done.room?.sequence ?? Infinity));
  });

  test('a new life gives back what was in hand, meets the room again and starts nothing twice', async () => {
    const { world, live, until, submit } = await hub();
    const runner = await live();
    const before = await until(isVerified);
    const member = runner.worker.member(before.recovery, 'db');
    await runner.stop();
    const again = await live();
    const opened = await until((now) => (now.room?.sequence ?? 0) > (before.room?.sequence ?? Infinity));
    expect(again.worker.member(opened.recovery, 'db')).toEqual(member);
    await until((now) => (now.isolation?.sequence ?? 0) > (opened.room?.sequence ?? Infinity));
    for (const one of Object.values(world.state.restore.recoveries[before.recovery]?.components ?? {}))
      for (const step of Object.values(one.steps)) expect(step.attempt).toBe(1);
    await submit({ type: 'Release', recovery: before.recovery, careFunction: 'prescription' });
  });

  test('a room that is not closed holds the release back', async () => {
    const { live, until, submit } = await hub({
      room: (room) => ({
        ...room,
        proveIsolation: async (...call) => {
          const proof = await room.proveIsolation(...call);
          const [attempt] = proof.ok ? proof.value.attempts : [];
          if (!proof.ok || attempt === undefined) return proof;
          return accept({ ...proof.value, attempts: [{ ...attempt, escaped: true }], escaped: 1 });
        },
      }),
    });
    await live();
    const recovery = await until((now) => isVerified(now) && (now.isolation?.escaped ?? 0) > 0);
    await expect(
      submit({ type: 'Release', recovery: recovery.recovery, careFunction: 'prescription' }),
    ).rejects.toThrow(/isolation-(broken|not-proved)/);
  });
});
