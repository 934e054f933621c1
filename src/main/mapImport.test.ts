import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Refusal } from '../journal/result.ts';
import type { HospitalMap } from '../map/model.ts';
import type { MapBody, MapChangesBody, MapHistoryBody, ReviewBody } from '../server/protocol.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import type { HospitalCommand } from './hospital.ts';
import type { Hub } from './hub.ts';

let folder: string;
let hub: Hub;
let cookie: string;
let person: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-import-'));
  hub = await exampleHub(folder);
  const made = await fetch(new URL('/api/sign-in/first', hub.url), {
    method: 'POST',
    headers: { 'x-reflexe': '1', 'content-type': 'application/json' },
    body: JSON.stringify({
      token: hub.firstLink?.split('#first=')[1],
      name: 'anne',
      displayName: 'Anne',
      password: 'five calm otters sail',
    }),
  });
  cookie =
    made.headers
      .getSetCookie()
      .find((one) => one.startsWith('reflexe-session='))
      ?.split(';')[0] ?? '';
  person = ((await made.json()) as { person: { id: string } }).person.id;
});
afterAll(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Body>(path: string, body?: object): Promise<Body & { error?: Refusal; sequence?: number }> {
  const response = await fetch(new URL(`/api/worlds/live/map${path}`, hub.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-reflexe': '1', cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Body & { error?: Refusal };
}
const text = async (path: string): Promise<string> =>
  (await fetch(new URL(`/api/worlds/live/map${path}`, hub.url), { headers: { cookie } })).text();

const csv = (table: string, more: object = {}) => ({
  kind: 'csv',
  files: [{ name: 'applications.csv', base64: Buffer.from(table).toString('base64') }],
  ...more,
});
const all = { follow: [], leave: [], confirm: [] };
const named = (document: HospitalMap | null, id: string) => document?.components.find((one) => one.id === id);

describe('the map through the hub', () => {
  it('is edited, says who changed what, and goes back and forth', async () => {
    const { document, sequence } = await ask<MapBody>('');
    const from = named(document, 'dpi');
    if (from === undefined) throw new Error('no dpi in the example');
    const changes = [{ section: 'components', id: 'dpi', from, to: { ...from, name: { fr: 'Dossier du patient' } } }];
    expect(await ask('/check', { changes })).toEqual({ problems: [] });
    const broken = [{ section: 'components', id: 'dpi', from, to: { ...from, needs: { need: 'nowhere' } } }];
    expect(await ask('/check', { changes: broken })).toMatchObject({
      problems: [
        { severity: 'error', section: 'components', id: 'dpi', path: ['needs', 'need'], reference: 'nowhere' },
      ],
    });
    expect(await ask('/change', { changes: broken })).toMatchObject({ error: { code: 'map-invalid' } });
    const edited = await ask('/change', { changes });
    expect(edited.sequence).toBeGreaterThan(sequence);
    expect(await ask('/change', { changes })).toMatchObject({ error: { code: 'map-changed-meanwhile' } });

    const { versions } = await ask<MapHistoryBody>('/changes');
    expect(versions[0]).toMatchObject({
      sequence: edited.sequence,
      by: `person:${person}`,
      source: 'person',
      counts: { components: { changed: 1 } },
      undoneBy: null,
      isWhole: false,
    });
    expect(versions.at(-1)).toMatchObject({ isWhole: true });
    expect(await ask<MapChangesBody>(`/changes/${edited.sequence}`)).toEqual({ count: 1, from: 0, changes });

    const undone = await ask('/undo', { sequence: edited.sequence });
    expect(await ask<MapBody>('')).toEqual({ document, sequence: undone.sequence });
    expect(await ask('/undo', { sequence: edited.sequence })).toMatchObject({ error: { code: 'map-change-undone' } });
    await ask('/undo', { sequence: undone.sequence });
    expect(named((await ask<MapBody>('')).document, 'dpi')?.name).toEqual({ fr: 'Dossier du patient' });
    expect(await ask('/undo', { sequence: versions.at(-1)?.sequence })).toMatchObject({
      error: { code: 'map-change-whole' },
    });
  });

  it('is written out, the same bytes each time', async () => {
    const written = await text('/export.yaml');
    expect(written).toContain('dpi');
    expect(await text('/export.yaml')).toBe(written);
  });

  it('takes an import that a person looked at; again, it changes nothing; taken back, it was never said', async () => {
    const table = 'Application;Type;Dépend de;Priorité\nPaie;application;SRV-PAIE;basse\nSRV-PAIE;serveur;;haute\n';
    const before = await ask<MapBody>('');
    const guessed = await ask<ReviewBody>('/review', csv(table));
    expect(guessed).toMatchObject({ changed: [], removed: [], conflicts: [], problems: [], refused: null, told: 2 });
    expect(guessed.added.map(({ id }) => id)).toEqual(['paie', 'srv-paie']);
    expect(await ask<MapBody>('')).toEqual(before);

    const columns = { ...guessed.columns, columns: { ...guessed.columns?.columns, Priorité: null } };
    const source = csv(table, { columns });
    const stale = await ask('/import', { ...source, ...all, sequence: guessed.sequence - 1 });
    expect(stale).toMatchObject({ error: { code: 'map-changed-meanwhile' } });
    const taken = await ask('/import', { ...source, ...all, sequence: guessed.sequence });
    expect(taken.error).toBeUndefined();
    expect(named((await ask<MapBody>('')).document, 'paie')).toMatchObject({ needs: { need: 'srv-paie' } });
    const again = await ask<ReviewBody>('/review', csv(table));
    expect(again).toMatchObject({ changes: 0, columns });
    const nothing = await ask('/import', { ...csv(table), ...all, sequence: again.sequence });
    expect(nothing.error).toBeUndefined();
    expect((await ask<MapBody>('')).sequence).toBe(taken.sequence);

    const [last] = (await ask<MapHistoryBody>('/changes')).versions;
    expect(last).toMatchObject({ source: 'import:csv', counts: { components: { added: 2 } } });
    await ask('/undo', { sequence: taken.sequence });
    expect((await ask<MapBody>('')).document).toEqual(before.document);
    expect(await ask<ReviewBody>('/review', csv(table))).toMatchObject({ changes: 2 });
  });

  it('takes its own export back: the same changes nothing, what a person wrote in it is one change; another house is refused', async () => {
    const yaml = (carte: string) => ({
      kind: 'yaml',
      files: [{ name: 'carte.yaml', base64: Buffer.from(carte).toString('base64') }],
    });
    const written = await text('/export.yaml');
    expect(await ask<ReviewBody>('/review', yaml(written))).toMatchObject({ changes: 0, conflicts: [], refused: null });
    const before = await ask<MapBody>('');
    const more = written.replace('components:\n', 'components:\n  - { id: neuf, kind: server, name: Neuf }\n');
    const looked = await ask<ReviewBody>('/review', yaml(more));
    expect(looked).toMatchObject({ added: [{ section: 'components', id: 'neuf' }], changes: 1, conflicts: [] });
    const taken = await ask('/import', { ...yaml(more), ...all, sequence: looked.sequence });
    expect(taken.error).toBeUndefined();
    expect(await ask<ReviewBody>('/review', yaml(more))).toMatchObject({ changes: 0, conflicts: [] });
    await ask('/undo', { sequence: taken.sequence });
    expect((await ask<MapBody>('')).document).toEqual(before.document);

    const { sequence } = await ask<MapBody>('');
    for (const [other, code] of [
      ['establishment: { id: ailleurs, name: Ailleurs }\n', 'map-other-establishment'],
      ['establishment: { id: \n', 'map-invalid'],
    ]) {
      expect(await ask<ReviewBody>('/review', yaml(other ?? ''))).toMatchObject({ changes: 0, refused: { code } });
      const refused = await ask('/import', { ...yaml(other ?? ''), ...all, sequence });
      expect(refused).toMatchObject({ error: { code } });
    }
    expect((await ask<MapBody>('')).sequence).toBe(sequence);
  });

  it('leaves what a person left, and offers it again', async () => {
    const table = 'Application;Type;Dépend de\nBordereaux;application;Courriers\nCourriers;application;\n';
    const looked = await ask<ReviewBody>('/review', csv(table));
    const leave = ['components/courriers'];
    const taken = await ask('/import', { ...csv(table), ...all, leave, sequence: looked.sequence });
    expect(taken.error).toBeUndefined();
    const { document } = await ask<MapBody>('');
    expect(named(document, 'bordereaux')).toMatchObject({ id: 'bordereaux', kind: 'application' });
    expect(named(document, 'bordereaux')).not.toHaveProperty('needs');
    expect(named(document, 'courriers')).toBeUndefined();
    expect((await ask<ReviewBody>('/review', csv(table))).added.map(({ id }) => id)).toEqual(['courriers']);
  });

  it('refuses what a running recovery would lose by an import, and says which', async () => {
    const { world } = hub.establishment;
    const submit = async (command: HospitalCommand) => {
      const answer = await world.journal.queue.submit(command, { actor: 'person:test' });
      if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code}`);
    };
    const from = named((await ask<MapBody>('')).document, 'dpi-base');
    const to = { ...from, origin: { from: 'table:applications', id: 'dpi-base' } };
    await ask('/change', { changes: [{ section: 'components', id: 'dpi-base', from, to }] });

    const since = new Date().toISOString();
    const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
    await submit({ type: 'ChangeComponentState', component: 'dpi-base', to: 'down', since, evidence });
    const { activate } = await world.until(
      (state) => Object.keys(state.activate.incidents).length > 0,
      AbortSignal.timeout(20_000),
    );
    const [incident = ''] = Object.keys(activate.incidents);
    await submit({ type: 'PlanRecovery', incident });

    const without = csv('id;Application;Type\nautre;Autre;application\n', { isComplete: true });
    const review = await ask<ReviewBody>('/review', without);
    const removing = review.conflicts.filter(({ id }) => id === 'dpi-base').map(({ key }) => key);
    expect(removing).toHaveLength(1);
    const refused = await ask('/import', { ...without, ...all, follow: removing, sequence: review.sequence });
    expect(refused).toMatchObject({ error: { code: 'map-in-use', where: `components dpi-base · ${incident}` } });
    expect(refused.error?.expected).toContain(incident);
    expect(named((await ask<MapBody>('')).document, 'dpi-base')?.restore).toBeDefined();
  });
});
