import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanRoom } from '../../src/adapters/cleanRoom/cleanRoom.ts';
import { type StartedHelper, startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { SecretFiles } from '../../src/adapters/secretFiles/secretFiles.ts';
import { cannotMakeRooms } from '../../src/helper/fixtures/ground.ts';
import { Establishment } from '../../src/main/establishment.ts';
import { zoneOffset } from '../../src/map/gap/zone.ts';
import { measuredRestorations } from '../../src/restore/measured.ts';
import { badgeOf } from '../../src/restore/proof/badge.ts';
import { changeMap } from '../../src/server/changeMap.ts';
import { type LabHospital, startHospital } from '../hospital.ts';
import { programFile, writeConfiguration } from '../reflexe.ts';
import { missingPackages } from '../run/packages.ts';
import { type HubFolders, type HubLife, KillableHub } from './killableHub.ts';

const components = ['dpi', 'dpi-base', 'pacs'];
const missing = missingPackages();
const cannot =
  cannotMakeRooms() ?? (missing.length > 0 ? `not run: packages missing: ${missing.join(' ')}` : undefined);

/** A hospital that is well: real nights of real services, and the hub that tries them out. One story, told in order. */
describe('nights of a hospital that is well', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rfx-nights-'));
  const folders: HubFolders = {
    data: join(folder, 'hub'),
    configuration: join(folder, 'configuration'),
    secrets: '',
    socket: join(folder, 'door', 'helper.sock'),
    state: join(folder, 'helper'),
    programs: join(folder, 'programs.json'),
  };
  const hubs = new Set<KillableHub>();
  let hospital: LabHospital | undefined;
  let helper: StartedHelper | undefined;

  beforeAll(async () => {
    if (cannot !== undefined) return;
    chmodSync(folder, 0o711);
    mkdirSync(join(folder, 'door'), { mode: 0o700 });
    mkdirSync(folders.data, { mode: 0o711 });
    writeFileSync(folders.programs, programFile(), { mode: 0o600 });
    hospital = await startHospital({ folder: join(folder, 'hospital'), seed: 'nights', patients: 30, studies: 1 });
    folders.secrets = hospital.description.secretsFolder;
    await writeConfiguration(hospital.description, folders.configuration);
    // Nothing watches it: a slow check would be an incident, and no night of such a hospital is like another.
    rmSync(join(folders.configuration, 'checks.yaml'));
    await twoNights(hospital, folders);
    const started = await startHelper({ ...folders, lifeline: true });
    if (!started.ok) throw new Error(started.refusal.message);
    helper = started.value;
  }, 600_000);

  afterAll(async () => {
    for (const hub of hubs) await hub.kill9();
    await helper?.stop();
    await hospital?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function live(life: HubLife = {}): KillableHub {
    const hub = new KillableHub(folders, life);
    hubs.add(hub);
    return hub;
  }
  const cleared = (hub: KillableHub, recovery: unknown) => hub.event('ProofCleared', { recovery });
  const begun = async (hub: KillableHub) => (await hub.event('ProofBegun')).data.recovery;
  const badges = async (hub: KillableHub) => {
    const { proofs } = (await hub.state()).restore;
    return components.map((one) => badgeOf(proofs.components[one]));
  };
  /** No folder of a proof, no room, and so no process in one. */
  async function expectNothingLeft(): Promise<void> {
    expect(readdirSync(join(folders.data, 'recoveries'))).toEqual([]);
    const room = cleanRoom(folders);
    expect(await room.status()).toMatchObject({ ok: true, value: { rooms: [] } });
    await room.disconnect();
  }
  /** Obeyed by a hub that knows what can be restored here. */
  async function ask(hub: KillableHub, ...asked: string[]): Promise<void> {
    await hub.ready();
    expect(await hub.submit({ type: 'AskProof', components: asked })).toMatchObject({ ok: true });
  }

  test('a night comes: judged, restored whole in a room of its own, verified, cleared away; what it took is known', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const hub = live();
    await hub.ready();
    for (const component of components) await hub.event('RestorationMeansSeen', { component });
    const { map } = await hub.state();
    const timeZone = map.document?.establishment.timeZone ?? '';
    const wall = new Date(Date.now() + zoneOffset(timeZone, Date.now()));
    // The hour is now, and today is not the day of the whole.
    const schedule = { time: wall.toISOString().slice(11, 16), weekday: (wall.getUTCDay() + 3) % 7 };
    expect(await hub.submit({ type: 'ScheduleNight', ...schedule })).toMatchObject({ ok: true });
    const recovery = await begun(hub);
    await cleared(hub, recovery);
    const state = await hub.state();
    for (const component of components) {
      const { nights, failure } = state.restore.nights.components[component] ?? {};
      expect({ component, failure, verdicts: nights?.map(({ verdict }) => verdict) }).toEqual({
        component,
        failure: null,
        verdicts: ['clean', 'clean'],
      });
      const last = state.restore.proofs.components[component]?.last;
      expect(last).toMatchObject({ outcome: 'proved', snapshot: nights?.at(-1)?.snapshot, scope: 'sample' });
      expect(last?.agreed).toBeGreaterThan(0);
      expect(measuredRestorations(state.restore)[component]).toEqual({
        seconds: last?.seconds,
        at: last?.at,
        proof: true,
      });
    }
    const ended = hub.events.find(({ event }) => event === 'ProofEnded');
    expect(ended?.data).toMatchObject({ because: 'done', isolation: { escaped: 0 } });
    expect(state.activate.incidents).toEqual({});
    expect(state.detect.restorability).toEqual({});
    await expectNothingLeft();
    expect(hub.troubles).toEqual([]);
    expect(await hub.stop()).toBe('status 0');
  }, 600_000);

  test('another way to restore on the map un-proves what rests on it; a new proof proves it again', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const hub = live();
    await hub.ready();
    const { document } = (await hub.state()).map;
    const base = document?.components.find(({ id }) => id === 'dpi-base');
    if (document == null || base?.restore === undefined) throw new Error('the map has its database');
    const to = { ...base, restore: { ...base.restore, declaredSeconds: 900 } };
    const change = changeMap(document, [{ section: 'components', id: base.id, from: base, to }], { source: 'person' });
    expect(await hub.submit(change)).toMatchObject({ ok: true });
    expect(await badges(hub)).toEqual(['changed', 'changed', 'proved']);
    await ask(hub, 'dpi', 'pacs');
    await cleared(hub, await begun(hub));
    expect(await badges(hub)).toEqual(['proved', 'proved', 'proved']);
    expect(await hub.stop()).toBe('status 0');
  }, 600_000);

  test('a hub killed amid a proof goes on with it; killed once it ended, clears it away', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const first = live({ dieAt: ['"event":"RecoveryStepStarted".*"component":"dpi","step":"start"'] });
    await ask(first, 'dpi', 'pacs');
    const recovery = await begun(first);
    expect(await first.ended()).toBe('SIGKILL');
    const second = live({ dieAt: ['"event":"ProofEnded"'] });
    expect(await second.ended()).toBe('SIGKILL');
    expect(readdirSync(join(folders.data, 'recoveries'))).toEqual([recovery]);
    const third = live();
    await cleared(third, recovery);
    expect(await badges(third)).toEqual(['proved', 'proved', 'proved']);
    await expectNothingLeft();
    expect(await third.verifyJournal()).toMatchObject({ ok: true });
    expect(await third.stop()).toBe('status 0');
  }, 600_000);

  test('from the command line, with what the hub’s journal knows: proved, in one document', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const reflexe = fileURLToPath(new URL('../../src/cli/reflexe.ts', import.meta.url));
    const prove = (component: string) => {
      const { configuration, secrets, data, programs } = folders;
      const options = ['--config', configuration, '--secrets', secrets, '--data', data, '--programs', programs];
      const words = [reflexe, 'restore', 'prove', '--component', component, ...options, '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      return { status, stderr, document: JSON.parse(stdout) };
    };
    const pacs = prove('pacs');
    expect(pacs, pacs.stderr).toMatchObject({
      status: 0,
      document: { ok: true, component: 'pacs', outcome: 'proved', isolation: { escaped: 0 } },
    });
    expect(pacs.document.steps.map(({ step }: { step: string }) => step)).toEqual([
      'choose',
      'fetch',
      'start',
      'verify',
    ]);
    expect(pacs.document.checks.length).toBeGreaterThan(0);
    expect(prove('onduleur')).toMatchObject({ status: 1, document: { error: { code: 'component-not-restorable' } } });
  }, 600_000);

  test('a damaged repository fails the next proof, says why, and stands as a warning', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const { repository = '' } = hospital?.description.repositories.find(({ part }) => part === 'imaging') ?? {};
    const packs = readdirSync(join(repository, 'data'), { recursive: true, withFileTypes: true });
    for (const pack of packs) if (pack.isFile()) truncateSync(join(pack.parentPath, pack.name), 10);
    const hub = live();
    await ask(hub, 'pacs');
    await cleared(hub, await begun(hub));
    const { restore, detect } = await hub.state();
    expect(restore.proofs.components.pacs?.last).toMatchObject({
      outcome: 'failed',
      step: 'choose',
      code: 'no-snapshot-without-sign',
    });
    expect(await badges(hub)).toEqual(['proved', 'proved', 'unproved']);
    expect(detect.restorability.pacs?.proof).toMatchObject({ code: 'no-snapshot-without-sign' });
    await expectNothingLeft();
    expect(await hub.stop()).toBe('status 0');
  }, 600_000);
});

/** The journal of a hub that took the facts of two nights as they were backed up; nothing was restored yet. */
async function twoNights(hospital: LabHospital, { data, configuration, secrets }: HubFolders): Promise<void> {
  const opened = await Establishment.open({
    id: 'live',
    kind: 'live',
    folder: data,
    configuration,
    secrets: new SecretFiles(secrets),
    sealer: null,
    // Nothing is restored in this life: its room is never asked for.
    cleanRoom: cleanRoom({ socket: join(data, 'no-helper.sock') }),
    hasNights: false,
    onTrouble: () => undefined,
  });
  if (!opened.ok) throw new Error(`${opened.refusal.message} ${opened.refusal.expected ?? ''}`);
  const establishment = opened.value;
  try {
    for (const daysAgo of [2, 1]) {
      const at = new Date(Math.floor(Date.now() / 1000) * 1000 - daysAgo * 86_400_000);
      const silent = await establishment.recordFacts(at, AbortSignal.timeout(300_000));
      if (silent.length > 0) throw new Error(`no facts: ${JSON.stringify(silent)}`);
      const taken = await hospital.backups.takeNight(at);
      for (const part of taken.parts) if (!part.ok) throw new Error(`no night: ${part.part} ${part.reason}`);
    }
  } finally {
    await establishment.close();
  }
}
