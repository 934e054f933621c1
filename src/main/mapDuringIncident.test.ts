import { afterEach, expect, test } from 'vitest';
import type { Result } from '../journal/result.ts';
import type { MapChange } from '../map/change/change.ts';
import { undoing } from '../map/change/undoing.ts';
import { exampleMap } from '../restore/example.ts';
import { changeMap } from '../server/changeMap.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';
import type { HospitalCommand } from './hospital.ts';

const START = Date.parse('2026-01-05T08:00:00.000Z');
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A hospital whose record and images are lost, with an incident open on them. */
async function inCrisis() {
  const clock = { now: START };
  const { world, act } = await memoryWorld(() => clock.now);
  ended.push(() => world.close());
  const submit = (command: HospitalCommand) => world.journal.queue.submit(command, { actor: 'person:ada' });
  const done = (command: HospitalCommand) => act(command, 'person:ada');
  const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
  const since = '2026-01-05T07:59:00.000Z';
  for (const component of ['db', 'pacs'])
    await done({ type: 'ChangeComponentState', component, to: 'down', since, evidence });
  await done({ type: 'ReportRansomwareSign', component: 'db', check: 'c', sign: 'canaryAltered', detail: '', since });
  // Losses gather for two seconds of the world's clock.
  clock.now += 10_000;
  await world.until(({ activate }) => Object.keys(activate.incidents).length > 0, AbortSignal.timeout(20_000));
  const edit = (changes: MapChange[]): Promise<Result<unknown>> => {
    const { document } = world.state.map;
    if (document === null) throw new Error('no map');
    return submit(changeMap(document, changes, { source: 'person' }));
  };
  return { world, clock, submit, done, edit };
}

const careFunction = (id: string) => exampleMap.careFunctions.find((one) => one.id === id) ?? null;
const component = (id: string) => exampleMap.components.find((one) => one.id === id) ?? null;
const off = (id: string): MapChange => ({ section: 'careFunctions', id, from: careFunction(id), to: null });

test('what an incident opened with stays until it is closed, and the incident tells what changed since', async () => {
  const { world, submit, done, edit } = await inCrisis();
  const [incident] = Object.values(world.state.activate.incidents);
  if (incident === undefined) throw new Error('no incident');
  const bands = () => (world.views.compute('board') as { bands: { careFunction: string }[] }).bands;
  const graph = () => (world.views.compute('map') as { nodes: { id: string }[] }).nodes.map(({ id }) => id);
  const view = () =>
    world.views.compute('incidents') as { incidents: { mapChanges: number | null }[]; gone: unknown[] };
  expect([view().incidents[0]?.mapChanges, view().gone]).toEqual([0, []]);

  // Imaging leaves the map, with what only it needed, while it is lost.
  const { careFunctions } = exampleMap;
  expect(
    await edit([
      off('imaging'),
      ...['modality'].map((id): MapChange => ({ section: 'components', id, from: component(id), to: null })),
    ]),
  ).toMatchObject({ ok: true });
  expect(world.state.map.document?.careFunctions.map(({ id }) => id)).toEqual(['prescription']);
  expect(graph()).not.toContain('imaging');
  expect(incident.careFunctions).toEqual(['prescription', 'imaging']);
  expect(bands().map((band) => band.careFunction)).toEqual(careFunctions.map(({ id }) => id));
  expect(view()).toMatchObject({ incidents: [{ mapChanges: 1 }], gone: [{ id: 'imaging' }, { id: 'modality' }] });

  // Those at work go on with it.
  await done({ type: 'DecideActivity', careFunction: 'imaging', wards: ['ed'], decision: 'diverted' });
  await done({ type: 'ReportWard', careFunction: 'imaging', ward: 'ed', works: false });
  await done({ type: 'PlanRecovery', incident: incident.incident });
  const [recovery] = Object.values(world.state.restore.recoveries);
  expect(Object.keys(recovery?.components ?? {}).sort()).toEqual(['db', 'ehr', 'pacs']);

  // What the recovery brings back stays on the map.
  const db = component('db');
  const refused = await edit([{ section: 'components', id: 'db', from: db, to: null }]);
  expect(refused).toMatchObject({ refusal: { code: 'map-in-use', where: `components db · ${incident.incident}` } });

  // Links that change meanwhile change nothing of what was planned.
  const ehr = component('ehr');
  if (ehr === null) throw new Error('no ehr');
  const { needs: _needs, ...alone } = ehr;
  expect(await edit([{ section: 'components', id: 'ehr', from: ehr, to: alone }])).toMatchObject({ ok: true });
  expect(
    await submit({ type: 'Release', recovery: recovery?.recovery ?? '', careFunction: 'prescription' }),
  ).toMatchObject({
    refusal: { code: 'not-verified', expected: 'db, ehr' },
  });
  expect(view().incidents[0]?.mapChanges).toBe(2);

  // Over: the map in force is all there is.
  await done({ type: 'CloseRecovery', recovery: recovery?.recovery ?? '', outcome: 'abandoned' });
  await done({ type: 'CloseIncident', incident: incident.incident });
  expect(bands().map((band) => band.careFunction)).toEqual(['prescription']);
  expect(view()).toMatchObject({ incidents: [{ mapChanges: null }], gone: [] });
});

test('a wider recovery keeps what it had planned, and takes what the map now says along', async () => {
  const { world, done, edit } = await inCrisis();
  const [incident] = Object.values(world.state.activate.incidents);
  await done({ type: 'PlanRecovery', incident: incident?.incident ?? '' });
  const planned = Object.values(world.state.restore.recoveries)[0];
  const before = planned?.components.ehr;
  expect(before?.after).toEqual(['db']);

  // A new function and a new service of it, and the record no longer said to need its database.
  const ehr = component('ehr');
  const imaging = careFunction('imaging');
  if (ehr === null || imaging === null) throw new Error('no example');
  const { needs: _needs, ...alone } = ehr;
  const archive = {
    id: 'archive',
    kind: 'storage' as const,
    name: { fr: 'Archive' },
    needs: { need: 'pacs' },
    restore: { source: 'nights-archive', driver: 'files' as const, probes: [] },
  };
  const changes: MapChange[] = [
    { section: 'components', id: 'ehr', from: ehr, to: alone },
    { section: 'components', id: 'archive', from: null, to: archive },
    {
      section: 'careFunctions',
      id: 'archiving',
      from: null,
      to: { ...imaging, id: 'archiving', needs: { all: [{ need: 'archive' }, { need: 'ehr' }] } },
    },
  ];
  expect(await edit(changes)).toMatchObject({ ok: true });
  const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
  await done({
    type: 'ChangeComponentState',
    component: 'archive',
    to: 'down',
    since: '2026-01-05T08:01:00.000Z',
    evidence,
  });
  await done({ type: 'AssessAlarms' });
  world.options.clock.now = () => START + 60_000;
  await world.until(
    ({ activate }) => Object.values(activate.incidents).some((one) => one.careFunctions.includes('archiving')),
    AbortSignal.timeout(20_000),
  );
  await done({ type: 'PlanRecovery', incident: incident?.incident ?? '' });
  const wider = Object.values(world.state.restore.recoveries)[0];
  expect(wider?.components.ehr).toMatchObject({
    after: ['db'],
    careFunctions: expect.arrayContaining(before?.careFunctions ?? []),
  });
  expect(wider?.components.archive).toMatchObject({ after: ['pacs'], careFunctions: ['archiving'] });
  expect(Object.keys(wider?.components ?? {}).sort()).toEqual(['archive', 'db', 'ehr', 'pacs']);
});

test('a change made in a crisis can be taken back in it', async () => {
  const { world, submit, edit } = await inCrisis();
  expect(await edit([off('imaging')])).toMatchObject({ ok: true });
  const { document, history } = world.state.map;
  const last = history.at(-1);
  if (document === null || last?.changes == null) throw new Error('no change');
  const back = changeMap(document, undoing(document, last.changes), { source: 'undo', undoes: last.sequence });
  expect(await submit(back)).toMatchObject({ ok: true });
  expect(world.state.map.document?.careFunctions.map(({ id }) => id)).toEqual(['prescription', 'imaging']);
  expect(world.state.map.kept).toEqual({});
  expect(world.views.compute('incidents')).toMatchObject({ incidents: [{ mapChanges: 2 }], gone: [] });
});
