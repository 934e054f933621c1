import { describe, expect, it } from 'vitest';
import { incidentClosed, incidentOpened } from '../../activate/events.ts';
import type { NewEvent } from '../../journal/event.ts';
import { given } from '../../journal/specification.ts';
import { recoveryClosed, recoveryPlanned } from '../../restore/events.ts';
import type { ChangeMap } from '../decide.ts';
import { mapImported } from '../events.ts';
import { smallMap } from '../fixture.ts';
import type { Component, HospitalMap } from '../model.ts';
import { mapRoom } from '../room.ts';
import type { MapState } from '../state.ts';
import { applied, differences, withPlaces } from './apply.ts';
import type { MapChange } from './change.ts';
import { versionsKept, withVersion } from './history.ts';
import { withKept } from './kept.ts';
import { withShortIds } from './short.ts';
import { undoing } from './undoing.ts';

const plain = smallMap({ app: 'server', server: null, spare: null }, { care: { needs: { need: 'app' } } });
const map: HospitalMap = {
  ...plain,
  components: plain.components.map((one) =>
    one.id === 'spare' ? one : { ...one, restore: { source: 's', driver: 'files', probes: [] } },
  ),
};
const first = mapImported.of(
  { document: 'sha256:0', source: 'test', careFunctions: 1, components: 3 },
  { documents: { 'sha256:0': JSON.parse(JSON.stringify(map)) } },
);

let hashes = 0;
const change = (changes: MapChange[], more: Partial<ChangeMap> = {}): ChangeMap => {
  hashes += 1;
  return { type: 'ChangeMap', changes, hash: `sha256:c${hashes}`, source: 'person', ...more };
};
const component = (id: string, of: HospitalMap = map): Component => {
  const found = of.components.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const renamed = (id: string, fr: string, of = map): MapChange => {
  const from = component(id, of);
  return { section: 'components', id, from, to: { ...from, name: { fr } } };
};
const removed = (id: string): MapChange => ({ section: 'components', id, from: component(id), to: null });
const added = (to: Component): MapChange => ({ section: 'components', id: to.id, from: null, to });

/** What happened, with commands obeyed among it. */
function story(...steps: (NewEvent | ChangeMap)[]) {
  const history: NewEvent[] = [first];
  for (const step of steps) {
    if (!('changes' in step)) {
      history.push(step);
      continue;
    }
    const decided = given(mapRoom, undefined, history).when(step);
    if (!decided.ok) throw new Error(`${decided.refusal.code}: ${decided.refusal.message}`);
    history.push(...decided.value);
  }
  return {
    history,
    when: (command: ChangeMap) => given(mapRoom, undefined, history).when(command),
    state: stateOf(history),
  };
}

function stateOf(history: readonly NewEvent[]): MapState {
  return history.reduce(
    (state, event, index) =>
      mapRoom.evolve(state, {
        establishment: 'h',
        epoch: 1,
        sequence: index + 1,
        time: new Date(index * 60_000).toISOString(),
        actor: 'person:ada',
        ...event,
        private: null,
      }),
    mapRoom.initial,
  );
}

const opened = incidentOpened.of({
  incident: 'incident-1',
  cause: 'componentLost',
  roots: ['server'],
  careFunctions: ['care'],
  lossSince: '2026-01-05T07:59:00.000Z',
});
const planned = recoveryPlanned.of({
  recovery: 'recovery-1',
  incident: 'incident-1',
  lossSince: '2026-01-05T07:59:00.000Z',
  careFunctions: ['care'],
  components: ['server', 'app'].map((id, rank) => ({
    component: id,
    rank,
    after: [],
    source: 's',
    driver: 'files',
    probes: [],
    expectedSeconds: null,
    careFunctions: ['care'],
  })),
  leftOut: [],
});

describe('a change of the map', () => {
  it('is one event that names its changes and counts them by section', () => {
    const more: Component = { id: 'more', kind: 'server', name: { fr: 'Un serveur' } };
    const changes = [renamed('app', 'Dossier'), removed('spare'), added(more)];
    const decided = story().when(change(changes));
    expect(decided).toMatchObject({
      value: [
        {
          type: 'MapChanged',
          data: { source: 'person', counts: { components: { added: 1, changed: 1, removed: 1 } } },
        },
      ],
    });
    const { state } = story(change(changes));
    expect(state.document).toEqual(applied(map, changes).ok && (applied(map, changes) as { value: HospitalMap }).value);
    expect(state.history.map(({ sequence, by, changes: known }) => [sequence, by, known?.length])).toEqual([
      [1, 'person:ada', undefined],
      [2, 'person:ada', 3],
    ]);
  });

  it('that changes nothing is nothing', () => {
    expect(story().when(change([]))).toEqual({ ok: true, value: [] });
    expect(story().when(change([renamed('app', 'app')]))).toEqual({ ok: true, value: [] });
  });

  it('is refused whole where somebody changed the thing meanwhile', () => {
    const decided = story(change([renamed('app', 'Dossier')])).when(
      change([renamed('server', 'x'), renamed('app', 'y')]),
    );
    expect(decided).toMatchObject({ refusal: { code: 'map-changed-meanwhile', where: 'components app' } });
  });

  it('is refused where the map would not hold together, naming the thing', () => {
    expect(story().when(change([{ ...removed('server') }]))).toMatchObject({
      refusal: {
        code: 'map-invalid',
        where: 'components app needs.need',
        message: expect.stringContaining('`server`'),
      },
    });
    const ring = component('server');
    const loop: MapChange = {
      section: 'components',
      id: 'server',
      from: ring,
      to: { ...ring, needs: { need: 'app' } },
    };
    expect(story().when(change([loop]))).toMatchObject({ refusal: { code: 'map-invalid' } });
    const twice = added({ id: 'care', kind: 'server', name: { fr: 'Même identifiant' } });
    expect(story().when(change([twice]))).toMatchObject({ refusal: { code: 'map-invalid' } });
    expect(story().when(change([added(component('app'))]))).toMatchObject({ refusal: { code: 'map-id-taken' } });
  });

  it('does not answer for what was wrong before it', () => {
    // A document of an older release, which knew less of what is wrong.
    const broken = { ...map, components: [...map.components, { ...component('spare'), id: 'odd', site: 'nowhere' }] };
    const event = { ...first, documents: { 'sha256:0': JSON.parse(JSON.stringify(broken)) } };
    const decided = given(mapRoom, undefined, [event]).when(change([renamed('spare', 'Réserve')]));
    expect(decided).toMatchObject({ ok: true, value: [{ type: 'MapChanged' }] });
    const odd = broken.components.at(-1);
    if (odd === undefined) throw new Error('no odd one');
    const touching: MapChange = { section: 'components', id: 'odd', from: odd, to: { ...odd, name: { fr: 'x' } } };
    expect(given(mapRoom, undefined, [event]).when(change([touching]))).toMatchObject({ ok: true });
  });

  it('keeps the establishment, whatever its name', () => {
    const from = map.establishment;
    const called = (id: string): MapChange => ({
      section: 'establishment',
      id: from.id,
      from,
      to: { ...from, id, name: { fr: 'Autre nom' } },
    });
    expect(story().when(change([called('h')]))).toMatchObject({ ok: true, value: [{ type: 'MapChanged' }] });
    expect(story().when(change([called('other')]))).toMatchObject({ refusal: { code: 'map-other-establishment' } });
  });

  it('without a map has nothing to change', () => {
    expect(given(mapRoom, undefined, []).when(change([added(component('spare'))]))).toMatchObject({
      refusal: { code: 'map-missing' },
    });
  });

  it('may write the establishment before its own references', () => {
    const to: Component = { ...component('spare'), id: 'h:more', needs: { need: 'h:spare' } };
    expect(withShortIds([{ section: 'components', id: 'h:more', from: null, to }], map.establishment)).toMatchObject([
      { id: 'more', to: { id: 'more', needs: { need: 'spare' } } },
    ]);
  });
});

describe('a running recovery', () => {
  const emptied = (): MapChange => {
    const { restore: _restore, ...to } = component('app');
    return { section: 'components', id: 'app', from: component('app'), to };
  };
  const careless: MapChange[] = [
    { ...removed('app') },
    { section: 'careFunctions', id: 'care', from: map.careFunctions[0] ?? null, to: null },
  ];

  it('keeps what it brings back on the map: the change that would take it off is refused, and says which recovery', () => {
    const { when } = story(opened, planned);
    expect(when(change(careless))).toMatchObject({
      refusal: {
        code: 'map-in-use',
        where: 'components app · incident-1',
        expected: expect.stringContaining('recovery-1, of incident-1'),
      },
    });
    expect(when(change([emptied()]))).toMatchObject({ refusal: { code: 'map-in-use' } });
    expect(when(change([renamed('app', 'Dossier')]))).toMatchObject({ ok: true, value: [{ type: 'MapChanged' }] });
  });

  it('gives it back once it is over', () => {
    const over = story(opened, planned, recoveryClosed.of({ recovery: 'recovery-1', outcome: 'released' }));
    expect(over.when(change(careless))).toMatchObject({ ok: true, value: [{ type: 'MapChanged' }] });
  });
});

describe('what is taken off the map while an incident runs', () => {
  const gone: MapChange[] = [
    { section: 'careFunctions', id: 'care', from: map.careFunctions[0] ?? null, to: null },
    removed('app'),
    removed('spare'),
  ];

  it('stays for those at work as far as the incident rests on it, and goes with the incident', () => {
    const { state, history } = story(opened, change(gone));
    if (state.document === null) throw new Error('no map');
    expect(state.document.careFunctions).toEqual([]);
    const seen = withKept(state.document, state.kept, ['care', 'server']);
    expect(seen.careFunctions).toEqual(map.careFunctions);
    expect(seen.components.map(({ id }) => id)).toEqual(['server', 'app']);
    expect(withKept(state.document, state.kept, ['care', 'server'])).toBe(seen);
    expect(withKept(state.document, state.kept, [])).toEqual(state.document);
    expect(stateOf([...history, incidentClosed.of({ incident: 'incident-1' })]).kept).toEqual({});
  });

  it('is not kept when no incident runs, nor once it is put back', () => {
    expect(story(change(gone)).state.kept).toEqual({});
    const { state, history } = story(opened, change(withPlaces(map, gone)));
    const [last] = state.history.slice(-1);
    if (state.document === null || last?.changes == null) throw new Error('no map');
    const back = change(undoing(state.document, last.changes), { undoes: last.sequence });
    const decided = given(mapRoom, undefined, history).when(back);
    if (!decided.ok) throw new Error(decided.refusal.message);
    const again = stateOf([...history, ...decided.value]);
    expect([again.document, again.kept]).toEqual([map, {}]);
  });
});

describe('taking a change back', () => {
  const undo = (state: MapState, sequence: number): ChangeMap => {
    const version = state.history.find((one) => one.sequence === sequence);
    if (state.document === null || version?.changes == null) throw new Error(`no change ${sequence}`);
    return change(undoing(state.document, version.changes), { source: 'undo', undoes: sequence });
  };

  it('puts things back as they were, and can itself be taken back', () => {
    const one = story(change([renamed('app', 'Dossier')]));
    const two = story(...one.history.slice(1), undo(one.state, 2));
    expect(two.state.document).toEqual(map);
    expect(two.state.history.map(({ undoes, undoneBy }) => [undoes, undoneBy])).toEqual([
      [null, null],
      [null, 3],
      [2, null],
    ]);
    expect(two.when(undo(one.state, 2))).toMatchObject({ refusal: { code: 'map-change-undone' } });
    const three = story(...two.history.slice(1), undo(two.state, 3));
    expect(component('app', three.state.document ?? map).name).toEqual({ fr: 'Dossier' });
    expect(three.state.history.map(({ undoneBy }) => undoneBy)).toEqual([null, null, 4, null]);
  });

  it('is refused where what it touched was changed since, naming it', () => {
    const one = story(change([renamed('app', 'Dossier'), renamed('spare', 'Réserve')]));
    const two = story(...one.history.slice(1), change([renamed('spare', 'Secours', one.state.document ?? map)]));
    expect(two.when(undo(two.state, 2))).toMatchObject({
      refusal: { code: 'map-changed-meanwhile', where: 'components spare' },
    });
  });

  it('is refused for one that is not in the history at hand', () => {
    expect(story().when(change([renamed('app', 'x')], { undoes: 99 }))).toMatchObject({
      refusal: { code: 'map-change-unknown' },
    });
  });

  it('puts a thing back last where what it stood before is gone', () => {
    const one = story(
      change(differences(map, { ...map, components: [component('server'), component('app')].toReversed() })),
    );
    const without = { ...map, components: [component('app'), component('server')] };
    const changes = differences({ ...map, components: [component('spare'), ...without.components] }, without);
    const shorter = { ...map, components: [component('server')] };
    const back = applied(shorter, undoing(shorter, changes));
    expect(back.ok && back.value.components.map(({ id }) => id)).toEqual(['server', 'spare']);
    expect(one.state.document?.components.map(({ id }) => id)).toEqual(['app', 'server']);
  });
});

describe('the history of a map', () => {
  it('is bounded by count and by what it touched, the newest kept at hand', () => {
    const versions = Array.from({ length: versionsKept + 20 }, (_, sequence) => ({
      sequence,
      time: '',
      by: '',
      source: '',
      counts: {},
      document: `sha256:${sequence}`,
      changes: Array.from({ length: sequence % 200 }, () => renamed('app', 'x')),
      undoes: null,
      undoneBy: null,
      toolBefore: null,
    }));
    let history: MapState['history'] = [];
    for (const version of versions) history = withVersion(history, version);
    expect(history.length).toBe(versionsKept);
    expect(history.at(-1)?.sequence).toBe(versions.length - 1);
    const things = history.reduce((sum, { changes }) => sum + (changes?.length ?? 0), 0);
    expect(things).toBeGreaterThan(0);
    expect(things).toBeLessThanOrEqual(2_000);
    expect(history.every(({ changes, document }) => changes !== null || document !== null)).toBe(true);
  });
});
