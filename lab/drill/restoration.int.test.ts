import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { StartedHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { cannotMakeRooms } from '../../src/helper/fixtures/ground.ts';
import { needsIsolationProof } from '../../src/restore/progress.ts';
import type { Recovery } from '../../src/restore/state.ts';
import { isInstalled, missingPackages } from '../run/packages.ts';
import { identityOf, isAlive, signalProcess } from '../run/processes.ts';
import { until } from '../run/waiting.ts';
import { AttackedHospital } from './attackedHospital.ts';
import { doubles, placeOf, takeCensus } from './census.ts';
import { type HubFolders, type HubLife, KillableHub } from './killableHub.ts';

const components = ['dpi-base', 'dpi', 'pacs'];
const steps = ['choose', 'fetch', 'start', 'verify'];

const missing = missingPackages();
const cannot =
  cannotMakeRooms() ?? (missing.length > 0 ? `not run: packages missing: ${missing.join(' ')}` : undefined);

describe('a restoration whose hub or helper is killed', () => {
  let lab: AttackedHospital;
  let helper: StartedHelper;
  const hubs = new Set<KillableHub>();
  /** Data held twice, whenever it was seen. */
  const seenDoubles = new Set<string>();
  let watching: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    if (cannot !== undefined) return;
    lab = await AttackedHospital.prepare();
    helper = await lab.startHelper();
    watching = setInterval(() => {
      for (const one of doubles(takeCensus())) seenDoubles.add(one);
    }, 100);
  }, 120_000);

  afterAll(async () => {
    if (cannot !== undefined) return;
    clearInterval(watching);
    for (const hub of hubs) await hub.kill9();
    await helper?.stop();
    await lab?.end();
  }, 60_000);

  function live(folders: HubFolders, life: HubLife = {}): KillableHub {
    const hub = new KillableHub(folders, life);
    hubs.add(hub);
    return hub;
  }

  async function killHelper(): Promise<void> {
    const identity = identityOf(helper.pid);
    process.kill(helper.pid, 'SIGKILL');
    await until('the helper is gone', 10, () => (identity !== undefined && isAlive(identity) ? undefined : true));
  }

  test('at each moment of each step: the next life goes on, and nothing done is done again', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const about = (event: string, component: string, step: string) =>
      `"event":"${event}".*"component":"${component}".*"step":"${step}"`;
    const moments = new Map<string, string>([
      ['room opened', '"event":"CleanRoomOpened"'],
      ['isolation proved', '"event":"IsolationProved"'],
      ...components.flatMap((component) =>
        steps.flatMap((step): [string, string][] => [
          [`${component} ${step} begun`, about('RecoveryStepStarted', component, step)],
          [`${component} ${step} done`, about('RecoveryStepDone', component, step)],
        ]),
      ),
    ]);
    const folders = await lab.hub();
    const killedAt: string[] = [];
    while (!context.signal.aborted) {
      const hub = live(folders, { dieAt: [...moments.values()] });
      const planning = planned(hub).catch(() => undefined);
      const how = await Promise.race([hub.ended(), verified(hub).then(() => 'finished')]);
      await planning;
      if (how === 'finished') {
        await expectEachDoneOnce(hub, ['interrupted'], killedAt);
        expect(await hub.stop()).toBe('status 0');
        break;
      }
      expect(how, hub.troubles.join('; ')).toBe('SIGKILL');
      const last = JSON.stringify(hub.events.at(-1));
      const [moment] = [...moments].find(([, expression]) => new RegExp(expression).test(last)) ?? [];
      if (moment === undefined) throw new Error(`it died at ${last}, which is no moment of this test`);
      moments.delete(moment);
      killedAt.push(moment);
    }
    expect([...moments.keys()], 'every moment came').toEqual([]);
    expect([...seenDoubles]).toEqual([]);
  }, 240_000);

  test('in the middle of its work: what it left running is ended, or met again', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const folders = readByRestic(await lab.hub());
    const first = live(folders);
    await planned(first);
    // Stopped, so that it cannot end by itself: only the next life can end it.
    const orphan = await until('a backup is being read', 20, () => {
      const found = [...takeCensus().writers].find(([folder]) => folder.startsWith(`${folders.data}/`));
      const pid = found?.[1][0];
      if (pid === undefined) return undefined;
      process.kill(pid, 'SIGSTOP');
      return identityOf(pid);
    });
    await first.kill9();
    expect(isAlive(orphan)).toBe(true);

    const second = live(folders);
    await second.event('RecoveryStepStarted', { component: 'dpi-base', step: 'start' });
    expect(isAlive(orphan)).toBe(false);
    await second.kill9();

    const third = live(folders);
    await third.event('RecoveryStepStarted', { component: 'dpi', step: 'verify' });
    await third.kill9();

    const fourth = live(folders);
    await verified(fourth);
    await expectEachDoneOnce(fourth, ['interrupted']);
    await fourth.stop();
    expect([...seenDoubles]).toEqual([]);
  }, 120_000);

  test('a helper killed in the middle is waited for; a released recovery is served again after both were killed', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const folders = await lab.hub();
    const hub = live(folders);
    await planned(hub);
    await hub.event('RecoveryStepStarted', { component: 'dpi-base', step: 'start' });
    await killHelper();
    const refusal = await hub.until('the missing helper is told', () =>
      hub.blocked.find((one) => one?.code === 'clean-room-needs-root'),
    );
    expect(refusal?.cure).toContain(`--socket ${folders.socket} --state ${folders.state}`);
    helper = await lab.startHelper();
    const recovery = await verified(hub);
    await expectEachDoneOnce(hub, ['interrupted', 'helper-lost', 'clean-room-needs-root']);
    expect(hub.blocked).toEqual([null]);

    for (const careFunction of recovery.careFunctions)
      expect(await hub.submit({ type: 'Release', recovery: recovery.recovery, careFunction })).toMatchObject({
        ok: true,
      });
    const prescriptions = await readAsClinician(hub);
    expect(prescriptions).toBeGreaterThan(0);

    // Members survive both, and are the same ones afterwards.
    const before = sandboxes(folders, recovery);
    await Promise.all([hub.kill9(), killHelper()]);
    helper = await lab.startHelper();
    const second = live(folders);
    await proved(second);
    expect(await readAsClinician(second)).toBe(prescriptions);
    expect(sandboxes(folders, recovery)).toEqual(before);

    // The database dies while nobody watches it: it is started again on its data, and the others go on.
    await Promise.all([second.kill9(), killHelper()]);
    const database = takeCensus().servers.get(placeOf(dataOf(folders, recovery, 'dpi-base')));
    const pids = [...(database?.values() ?? [])].flat();
    expect(pids).not.toEqual([]);
    // A database whose first process is gone ends its others.
    for (const one of pids.map(identityOf)) if (one !== undefined) signalProcess(one, 'SIGKILL');
    helper = await lab.startHelper();
    const third = live(folders);
    await proved(third);
    expect(await readAsClinician(third)).toBe(prescriptions);
    const after = sandboxes(folders, recovery);
    expect(after.map((one, index) => one === before[index])).toEqual([false, true, true]);
    expect(await third.verifyJournal()).toMatchObject({ ok: true });
    await third.stop();
    expect([...seenDoubles]).toEqual([]);
  }, 180_000);

  test('a hub that is not root says which command makes the room, and goes on by itself once it was given', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const somebody = { uid: 54_321, gid: 54_321 };
    if ((statMode(process.execPath) & 0o005) !== 0o005)
      return context.skip('not run: others may not read this checkout');
    const folders = giveTo(somebody, await lab.hub());
    const hub = live(folders, { as: somebody });
    await planned(hub);
    const refusal = await hub.until('the missing helper is told', () => hub.blocked.find((one) => one !== null));
    expect(refusal).toMatchObject({ code: 'clean-room-needs-root', where: folders.socket, retryable: true });
    const [, command = ''] = /^as root, run: (.*)$/.exec(refusal?.cure ?? '') ?? [];
    expect(command).toContain(`--allow-uid ${somebody.uid}`);

    const [program = '', ...words] = command.split(' ');
    const byHand = spawn(program, words, { stdio: 'ignore', cwd: '/' });
    const gone = new Promise((resolve) => byHand.once('exit', resolve));
    try {
      await verified(hub);
      expect(hub.blocked).toEqual([null]);
      await hub.stop();
    } finally {
      byHand.kill('SIGTERM');
      await gone;
      // Ended by a signal it leaves its rooms; with a lifeline, the next one closes them.
      await (await lab.startHelper({ ...folders, socket: `${lab.helper.socket}.closing` })).stop();
    }
    expect([...seenDoubles]).toEqual([]);
  }, 120_000);

  test('a full disk is told, tried again, then left to a person; with room made, it goes on', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    for (const program of ['unshare', 'nsenter'])
      if (!isInstalled(program)) return context.skip(`not run: ${program} is missing`);
    const folders = await lab.hub();
    const recoveries = join(folders.data, 'recoveries');
    mkdirSync(recoveries);
    // In a mount namespace of its own: what is mounted there ends with it.
    const small = `mount -t tmpfs -o size=24m none ${recoveries} && exec "$@"`;
    const hub = live(folders, { through: ['unshare', '-m', 'sh', '-c', small, 'sh'] });
    await planned(hub);
    const failed = await hub.until('three failures', () => {
      const found = hub.events.filter(
        ({ event, data }) => event === 'RecoveryStepFailed' && data.component === 'dpi-base' && data.step === 'choose',
      );
      return found.length === 3 ? found : undefined;
    });
    for (const { data } of failed) {
      expect(data).toMatchObject({ code: 'disk-full', retryable: true });
      expect(data.detail).toContain(recoveries);
    }
    const stuck = await recoveryOf(hub);
    expect(
      await hub.submit({ type: 'BeginStep', recovery: stuck.recovery, component: 'dpi-base', step: 'choose' }),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'step-not-ready' },
    });
    const larger = spawn('nsenter', ['-t', `${hub.pid}`, '-m', 'mount', '-o', 'remount,size=1g', recoveries]);
    expect(await new Promise((resolve) => larger.once('exit', resolve))).toBe(0);
    expect(await hub.submit({ type: 'RetryStep', recovery: stuck.recovery, component: 'dpi-base' })).toMatchObject({
      ok: true,
    });
    const done = await hub.event('RecoveryStepDone', { component: 'dpi-base', step: 'choose' });
    expect(done.data.attempt).toBe(4);
    await hub.kill9();
  }, 120_000);

  /** The same hospital, its backups reached by a protocol of restic's own: programs that outlive whoever started them. */
  function readByRestic(folders: HubFolders): HubFolders {
    const configuration = `${folders.data}-read-by-restic`;
    cpSync(folders.configuration, configuration, { recursive: true });
    const file = join(configuration, 'restore.yaml');
    const backups = join(lab.hospital.description.folder, 'backups');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(backups, `rclone::local:${backups}`));
    return { ...folders, configuration };
  }

  /** The same hospital for a hub of another user: its own copies of journal, backups and secrets. */
  function giveTo({ uid, gid }: { uid: number; gid: number }, folders: HubFolders): HubFolders {
    const home = join(lab.folder, `user-${uid}`);
    mkdirSync(home);
    chmodSync(home, 0o711);
    const { folder, secretsFolder } = lab.hospital.description;
    const backups = join(folder, 'backups');
    for (const [from, name] of [
      [folders.data, 'data'],
      [backups, 'backups'],
      [secretsFolder, 'secrets'],
      [folders.configuration, 'configuration'],
    ] as const)
      cpSync(from, join(home, name), { recursive: true });
    const file = join(home, 'configuration', 'restore.yaml');
    writeFileSync(file, stringify(parse(readFileSync(file, 'utf8').replaceAll(backups, join(home, 'backups')))));
    const give = (path: string) => chownSync(path, uid, gid);
    give(home);
    for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) give(join(home, name));
    chmodSync(join(home, 'data'), 0o711);
    return {
      data: join(home, 'data'),
      configuration: join(home, 'configuration'),
      secrets: join(home, 'secrets'),
      socket: join(home, 'door', 'helper.sock'),
      state: join(lab.folder, 'helper-of-user'),
      programs: folders.programs,
    };
  }
});

const statMode = (path: string): number => statSync(dirname(path)).mode;

/** Plans the recovery of the incident the journal holds, where no earlier life did. */
async function planned(hub: KillableHub): Promise<void> {
  await hub.ready();
  const { activate, restore } = await hub.state();
  const [incident] = Object.keys(activate.incidents);
  if (incident === undefined) throw new Error('the journal has an incident');
  if (Object.keys(restore.recoveries).length > 0) return;
  const answer = await hub.submit({ type: 'PlanRecovery', incident });
  if (!answer.ok) throw new Error(answer.refusal.message);
}

async function recoveryOf(hub: KillableHub): Promise<Recovery> {
  const [recovery] = Object.values((await hub.state()).restore.recoveries);
  if (recovery === undefined) throw new Error('a recovery is planned');
  return recovery;
}

/** Resolves once every component is verified, in a room proved since. */
async function verified(hub: KillableHub): Promise<Recovery> {
  await hub.ready();
  for (;;) {
    const told = hub.events.length;
    const { restore } = await hub.state();
    const [recovery] = Object.values(restore.recoveries);
    const all = Object.values(recovery?.components ?? {});
    const done = all.length === components.length && all.every((one) => one.steps.verify?.state === 'done');
    if (recovery !== undefined && done && !needsIsolationProof(recovery)) return recovery;
    await hub.until('another event', () => (hub.events.length > told ? true : undefined));
  }
}

/** Resolves once this life has met its room again and proved it closed. */
async function proved(hub: KillableHub): Promise<void> {
  const { data } = await hub.event('IsolationProved');
  expect(data.escaped).toBe(0);
}

/** Each step ended once and was never taken again; each try before it was cut short, for one of these reasons. */
async function expectEachDoneOnce(
  hub: KillableHub,
  reasons: readonly string[],
  killedAt: readonly string[] = [],
): Promise<void> {
  expect(await hub.verifyJournal()).toMatchObject({ ok: true });
  const journal = await hub.journal();
  for (const component of components) {
    for (const step of steps) {
      const name = `${component} ${step}`;
      const about = journal.filter(({ data }) => data.component === component && data.step === step);
      const of = (type: string) => about.filter(({ event }) => event === type);
      const started = of('RecoveryStepStarted');
      const done = of('RecoveryStepDone');
      const failed = of('RecoveryStepFailed');
      expect(done.length, `${name}: done once`).toBe(1);
      expect(about.at(-1), `${name}: nothing after its end`).toBe(done[0]);
      expect(started.map(({ data }) => data.attempt)).toEqual(started.map((_one, index) => index + 1));
      expect(failed.length, `${name}: every other try was cut short`).toBe(started.length - 1);
      for (const { data } of failed) expect(reasons, name).toContain(data.code);
      if (killedAt.includes(`${name} begun`)) expect(started.length, name).toBeGreaterThan(1);
    }
  }
}

/** What a ward's software finds through the port that release opened; like that software, it asks again where it is refused. */
async function readAsClinician(hub: KillableHub): Promise<unknown> {
  const door = (await hub.openings()).find(({ component, inside }) => component === 'dpi' && inside === 8080);
  if (door === undefined) throw new Error('no port is open');
  return until('prescriptions are read', 30, async () => {
    const answer = await fetch(`http://127.0.0.1:${door.port}/fhir/MedicationRequest?_summary=count`);
    const said = await answer.text();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${said.slice(0, 300)}`);
    return JSON.parse(said).total;
  });
}

const dataOf = (folders: HubFolders, { recovery }: Recovery, component: string): string =>
  join(folders.data, 'recoveries', recovery, component, 'data');

/** The sandbox in which each component's data are served now. */
function sandboxes(folders: HubFolders, recovery: Recovery): string[] {
  const { servers } = takeCensus();
  return components.map((component) =>
    [...(servers.get(placeOf(dataOf(folders, recovery, component))) ?? [])]
      // The kernel gives a freed namespace's number to the next one: its first program tells them apart.
      .map(([sandbox, pids]) => `${sandbox} ${JSON.stringify(identityOf(Math.min(...pids)))}`)
      .join(),
  );
}
