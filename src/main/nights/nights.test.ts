import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { memoryCleanRoom } from '../../adapters/cleanRoom/memory.ts';
import { TreeExaminer } from '../../adapters/examiner/examiner.ts';
import { MemorySource } from '../../adapters/files/memory.ts';
import { DiskRecoveryFolders } from '../../adapters/recoveryFolders/recoveryFolders.ts';
import { configuredService } from '../../adapters/services/service.ts';
import type { AlarmsView } from '../../detect/views.ts';
import { accept, refuse } from '../../journal/result.ts';
import type { CleanPointAsk, CleanPointFound } from '../../restore/cleanPoint/found.ts';
import { RestoreConfiguration } from '../../restore/configuration.ts';
import { exampleMap } from '../../restore/example.ts';
import type { BackupSource, CleanPointFinder, Work } from '../../restore/ports.ts';
import { badgeOf } from '../../restore/proof/badge.ts';
import type { RestorationPorts } from '../../restore/worker.ts';
import { memoryWorld } from '../fixtures/memoryWorld.ts';
import type { HospitalCommand, HospitalState } from '../hospital.ts';
import { RestorationRunner } from '../restoration.ts';
import { meansOf } from './means.ts';
import { NightsRunner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'reflexe-nights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two in the morning in Paris is one hour before the default hour. */
const EVENING = Date.parse('2026-01-05T18:00:00.000Z');
const HOUR = Date.parse('2026-01-06T02:00:30.000Z');
const components = ['db', 'ehr', 'pacs'];
const configuration = RestoreConfiguration.parse({
  sources: Object.fromEntries(components.map((one) => [`nights-${one}`, { kind: 'files', folder: `/srv/${one}` }])),
  services: components.map((component) => ({ component, program: 'memory', listens: [4000] })),
});
const nights = ['2026-01-04T02:00:00.000Z', '2026-01-05T02:00:00.000Z'];

type Shown = CleanPointFound['snapshots'][number];
const found = (newest: Partial<Shown> = {}): CleanPointFound => ({
  lastClean: { snapshot: nights[0] ?? '', time: nights[0] ?? '' },
  beforeFirstSign: null,
  dirtySince: [],
  lost: null,
  compromisedSince: null,
  snapshots: nights.map((time, index) => ({
    ...{
      id: `night-${index}`,
      time,
      verdict: 'clean',
      findings: [],
      notExamined: [],
      files: 1,
      bytes: 1,
      suspect: false,
      change: null,
    },
    ...(index === 1 ? newest : {}),
  })),
  rules: { date: '2026-01-01', files: 1, engine: 'yara', refused: [] },
  confinement: 'limits',
  blobsExamined: 1,
  bytesExamined: 1,
  blobsReadAgain: 0,
  contents: { scanned: 1, known: 0 },
  notExamined: [],
});

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A hub in memory the evening before: real rooms, runners and folders; nights, finder, clean room and probes are twins. */
async function hub(more: { finder?: CleanPointFinder; source?: BackupSource } = {}) {
  let now = EVENING;
  const { world, troubles, act: submit } = await memoryWorld(() => now);
  const services = new Map(
    configuration.services.map((section) => [
      section.component,
      configuredService(section, async () => accept('secret')),
    ]),
  );
  const recoveries = mkdtempSync(join(folder, 'hub-'));
  const ports: RestorationPorts = {
    source: () =>
      more.source ?? new MemorySource(nights.map((time) => ({ time, tree: { 'base/1': Buffer.from(time) } }))),
    service: (component) => services.get(component),
    probe: () => ({
      probe: { ask: async () => accept([{ name: 'patients', value: 100, rule: 'atLeast' as const }]) },
      port: 4000,
    }),
    cleanPoints: more.finder ?? { find: async () => accept(found()) },
    examiner: new TreeExaminer(),
    cleanRoom: memoryCleanRoom({ now: () => '2026-01-06T02:00:00.000Z' }).client(),
    folders: new DiskRecoveryFolders(recoveries),
    reach: async () => ({ address: '127.0.0.1:9', [Symbol.asyncDispose]: async () => undefined }),
    epoch: () => 1,
    pause: () => Promise.resolve(),
    stopwatch: () => () => 1,
  };
  const facts = [{ name: 'patients', value: 100, rule: 'atLeast' as const }];
  for (const component of components)
    for (const probe of ['counts', 'studies'])
      await submit({ type: 'RecordHealthyFacts', component, probe, facts, at: '2026-01-03T01:00:00.000Z' });
  const runner = new RestorationRunner(world, ports, { room: 5, step: 0, journal: 5 });
  await runner.start();
  const judging = new NightsRunner({ world, ports, worker: runner.worker, configuration });
  ended.push(async () => {
    await judging.close();
    await runner.stop();
    await world.close();
  });
  const until = (holds: (state: HospitalState) => boolean) => world.until(holds, AbortSignal.timeout(20_000));
  await until(({ restore }) => Object.keys(restore.proofs.means).length === components.length);
  return {
    world,
    ports,
    runner,
    troubles,
    recoveries,
    submit,
    until,
    /** The ticker asks once a second of the world's clock. */
    comes: (instant: number) => {
      now = instant;
    },
  };
}

const isOver = ({ restore }: HospitalState) =>
  restore.proofs.lastEnded !== null && Object.keys(restore.proofs.proofs).length === 0;

describe('a night', () => {
  test('is judged at its hour, then proves what it restores, and leaves nothing', async () => {
    const { comes, until, recoveries, troubles, world } = await hub();
    comes(HOUR);
    const { restore } = await until(isOver);
    expect(restore.proofs.lastEnded?.because).toBe('done');
    expect(components.map((one) => badgeOf(restore.proofs.components[one]))).toEqual(Array(3).fill('proved'));
    expect(components.map((one) => restore.nights.components[one]?.nights.length)).toEqual([2, 2, 2]);
    expect(readdirSync(recoveries)).toEqual([]);
    expect(world.live.progress.size).toBe(0);
    expect(troubles).toEqual([]);
  });

  test('that shows a sign nobody explained raises an alarm, once; one that was explained does not', async () => {
    const finding = { path: '/srv/1', rule: 'planted', reason: 'matches' };
    const dirty = await hub({ finder: { find: async () => accept(found({ verdict: 'dirty', findings: [finding] })) } });
    dirty.comes(HOUR);
    const { detect } = await dirty.until(({ restore }) => restore.nights.components.db?.judged != null);
    expect(detect.signs.db).toMatchObject([{ sign: 'backupAnomaly', detail: 'planted', since: nights[1] }]);
    const explained = await hub({
      finder: { find: async () => accept(found({ findings: [{ ...finding, explained: true }] })) },
    });
    explained.comes(HOUR);
    const after = await explained.until(({ restore }) => restore.nights.components.db?.judged != null);
    expect(after.detect.signs).toEqual({});
  });

  test('that shows more of a sign than was explained raises its alarm again, which ended with the explanation', async () => {
    const finding = { path: '/srv/tool', rule: 'planted', reason: 'matches' };
    let shown: Partial<Shown> = { verdict: 'dirty', findings: [finding] };
    const asks: CleanPointAsk[] = [];
    const finder: CleanPointFinder = {
      find: async (_source, ask) => {
        asks.push(ask);
        return accept(found(shown));
      },
    };
    const { comes, until, submit, world } = await hub({ finder });
    const judge: HospitalCommand = { type: 'AskJudging', components: ['db'], because: 'person' };
    await submit(judge);
    await until(({ detect }) => detect.signs.db !== undefined);
    comes(EVENING + 10_000);
    // The alarm opens an incident: nights wait for its end, but not what was explained of them.
    await until(
      ({ restore }) => Object.keys(restore.incidents).length > 0 && restore.nights.components.db?.askedAt === null,
    );
    shown = { findings: [{ ...finding, explained: true }] };
    const marks = ['a'.repeat(64)];
    await submit({
      ...{ type: 'ExplainFindings', component: 'db', rule: 'planted', snapshot: 'night-1', reach: 'content', marks },
      ...{ seen: '', findings: 1, reason: 'ours' },
    });
    await until(({ detect }) => detect.signs.db === undefined && Object.keys(detect.alarms).length === 0);
    expect(asks.at(-1)?.explained).toEqual([{ component: 'db', rule: 'planted', reach: 'content', marks }]);
    for (const incident of Object.keys(world.state.restore.incidents))
      await submit({ type: 'CloseIncident', incident });
    shown = {
      verdict: 'dirty',
      findings: [
        { ...finding, explained: true },
        { ...finding, path: '/srv/shell' },
      ],
    };
    await submit(judge);
    await until((state) => state.detect.signs.db !== undefined);
    comes(EVENING + 20_000);
    const { detect } = await until((state) => Object.keys(state.detect.alarms).length > 0);
    expect(detect.signs.db).toMatchObject([{ sign: 'backupAnomaly', detail: 'planted', since: nights[1] }]);
  });

  test('whose nights cannot be looked through says why, of each component, and stands as a warning', async () => {
    const away = refuse('backup-unreachable', 'gone', { where: '/srv', retryable: true });
    const { comes, until, world } = await hub({ finder: { find: async () => away } });
    comes(HOUR);
    const { restore, detect } = await until(({ restore: now }) =>
      components.every((one) => now.nights.components[one]?.failure != null),
    );
    expect(restore.nights.components.db).toMatchObject({ failure: { code: 'backup-unreachable' }, askedAt: null });
    expect(detect.restorability.db?.nights).toMatchObject({ code: 'backup-unreachable' });
    const { restorability } = world.views.compute('alarms') as AlarmsView;
    expect(restorability.map(({ careFunctions }) => careFunctions[0]?.id)).toEqual([
      'prescription',
      'prescription',
      'imaging',
    ]);
  });

  test('is left alone as soon as an incident opens: the look through it, and the proof with all it holds', async () => {
    const cuts: string[] = [];
    const cutWith = (what: string, { signal }: Work) =>
      new Promise<ReturnType<typeof refuse>>((resolve) => {
        const cut = () => {
          cuts.push(what);
          resolve(refuse('interrupted', 'cut', { retryable: true }));
        };
        if (signal.aborted) cut();
        else signal.addEventListener('abort', cut, { once: true });
      });
    const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
    const lost = { type: 'ChangeComponentState', component: 'modality', to: 'down', evidence } as const;

    const judged = await hub({ finder: { find: (_source, _ask, work) => cutWith('judging', work) } });
    judged.comes(HOUR);
    await judged.until(({ restore }) => restore.nights.passAskedAt !== null);
    await judged.submit({ ...lost, since: '2026-01-06T02:00:00.000Z' });
    judged.comes(HOUR + 10_000);
    const { restore } = await judged.until((state) => Object.keys(state.restore.incidents).length > 0);
    expect(restore.nights.components.db?.askedAt).not.toBeNull();
    await judged.submit({ type: 'AskJudging', components: ['db'], because: 'person' });
    expect(cuts).toEqual(['judging']);

    const slow: BackupSource = {
      snapshots: async () => accept([]),
      restore: async (_snapshot, into, work) => {
        mkdirSync(join(into, 'half'));
        writeFileSync(join(into, 'half', 'written'), 'x');
        return cutWith('restoring', work);
      },
      entries: async () => accept({ entries: [], truncated: false }),
    };
    const proving = await hub({ source: slow });
    await proving.submit({ type: 'AskProof', components: ['pacs'] });
    await proving.until((state) =>
      Object.values(state.restore.recoveries).some(({ components: all }) => all.pacs?.steps.choose !== undefined),
    );
    await proving.submit({ ...lost, since: '2026-01-05T18:00:00.000Z' });
    proving.comes(EVENING + 10_000);
    const over = await proving.until(isOver);
    expect(over.restore.proofs.lastEnded?.because).toBe('incident');
    expect(cuts).toEqual(['judging', 'restoring']);
    expect(readdirSync(proving.recoveries)).toEqual([]);
    expect(proving.troubles).toEqual([]);
  });

  test('of an earlier life that the journal does not know is cleared away at the start; a recovery’s folder is not', async () => {
    const { ports, world, recoveries } = await hub();
    for (const name of ['proof-unknown', 'recovery-unknown'])
      mkdirSync(join(recoveries, name, 'db'), { recursive: true });
    const again = new RestorationRunner(world, ports);
    await again.start();
    await expect.poll(() => existsSync(join(recoveries, 'proof-unknown'))).toBe(false);
    expect(readdirSync(recoveries)).toEqual(['recovery-unknown']);
    await again.stop();
  });
});

describe('means', () => {
  const repository = mkdtempSync(join(folder, 'repository-'));
  const restic = (more: object = {}) =>
    RestoreConfiguration.parse({
      sources: { 'nights-db': { kind: 'restic', repository, password: 'secret-of-it' } },
      services: [{ component: 'db', program: 'memory', listens: [4000], ...more }],
    });
  const digest = async (of: RestoreConfiguration, before = {}) => (await meansOf(exampleMap, of, before))[0]?.digest;

  test('are of every component whose source is configured, and change with its service and the repository itself', async () => {
    expect((await meansOf(exampleMap, configuration, {})).map(({ component }) => component).toSorted()).toEqual(
      components,
    );
    writeFileSync(join(repository, 'config'), 'one repository');
    const first = await digest(restic());
    expect(await digest(restic())).toBe(first);
    expect(await digest(restic({ listens: [4001] }))).not.toBe(first);
    rmSync(join(repository, 'config'));
    expect(await digest(restic(), { db: { digest: first } })).toBe(first);
    writeFileSync(join(repository, 'config'), 'another repository');
    expect(await digest(restic(), { db: { digest: first } })).not.toBe(first);
  });
});
