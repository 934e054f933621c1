import { describe, expect, it } from 'vitest';
import { activityDecided, holdConfirmed, holdEnded } from '../activate/events.ts';
import { componentStateChanged, wardReported } from '../detect/events.ts';
import type { NewEvent, RecordedEvent } from '../journal/event.ts';
import type { Context } from '../journal/room.ts';
import { careFunctionReleased } from '../restore/events.ts';
import { transitionsOf } from './facts.ts';
import { smallMap } from './fixture.ts';
import { mapRoom } from './room.ts';

const context: Context<unknown> = { now: 0, actor: 'import', newId: (kind) => `${kind}-1`, shared: undefined };
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const recorded = (event: NewEvent, seconds: number): RecordedEvent => ({
  establishment: 'h',
  epoch: 1,
  sequence: seconds + 1,
  time: iso(seconds),
  actor: 'test',
  ...event,
  private: null,
});
const given = (...events: [NewEvent, number][]) =>
  events.reduce((state, [event, at]) => mapRoom.evolve(state, recorded(event, at)), mapRoom.initial);
const document = smallMap({ app: null }, { care: { needs: { need: 'app' } } });
const importing = (hash = 'sha256:1', map = document) =>
  ({ type: 'ImportMap', document: map, hash, source: 'test' }) as const;

describe('the map room', () => {
  it('imports a map as one event that carries the document, and then nothing for the same one', () => {
    const first = mapRoom.decide(mapRoom.initial, importing(), context);
    if (!first.ok) throw new Error(first.refusal.message);
    expect(first.value).toEqual([
      {
        type: 'MapImported',
        data: { document: 'sha256:1', source: 'test', careFunctions: 1, components: 1 },
        documents: { 'sha256:1': document },
      },
    ]);
    const [event] = first.value;
    if (event === undefined) throw new Error('no event');
    const state = given([event, 0]);
    expect([state.hash, state.document]).toEqual(['sha256:1', document]);
    expect(mapRoom.decide(state, importing(), context)).toEqual({ ok: true, value: [] });
    const other = smallMap({ app: null, more: null }, { care: { needs: { need: 'app' } } });
    expect(mapRoom.decide(state, importing('sha256:2', other), context)).toMatchObject({
      ok: false,
      refusal: { code: 'map-already-there' },
    });
  });

  it('refuses a map with an error, and says what is kept', () => {
    const broken = smallMap({ app: 'nothing' }, { care: { needs: { need: 'app' } } });
    expect(mapRoom.decide(mapRoom.initial, importing('sha256:3', broken), context)).toMatchObject({
      ok: false,
      refusal: { code: 'map-invalid', where: 'components.0.needs.need', kept: expect.stringContaining('none is now') },
    });
    const shapeless = { ...document, careFunctions: [{}] } as unknown as typeof document;
    expect(mapRoom.decide(mapRoom.initial, importing('sha256:4', shapeless), context)).toMatchObject({
      ok: false,
      refusal: { code: 'map-invalid', where: expect.stringContaining('careFunctions.0') },
    });
  });

  it('folds what other rooms learn, holds with their spell and their end', () => {
    const hold = (from: number, until: number) =>
      holdConfirmed.of({
        careFunction: 'care',
        ward: 'w',
        from: iso(from),
        until: iso(until),
        limit: iso(until),
        extended: false,
        runsOutFirst: 'forms',
        proved: false,
      });
    const evidence = { kind: 'check', by: 'check-1', code: 'tcp-refused', detail: '' } as const;
    const state = given(
      [componentStateChanged.of({ component: 'app', from: 'up', to: 'down', since: iso(5), evidence }), 9],
      [hold(10, 100), 10],
      [hold(60, 200), 60],
      [holdEnded.of({ careFunction: 'care', ward: 'w', reason: 'expired' }), 230],
      [hold(300, 400), 300],
      [wardReported.of({ careFunction: 'care', ward: 'w', works: false }), 301],
      [activityDecided.of({ careFunction: 'care', wards: ['w'], decision: 'diverted', patients: 3 }), 302],
      [
        careFunctionReleased.of({
          recovery: 'r',
          careFunction: 'care',
          horizon: null,
          lostAt: iso(5),
          restoredSeconds: 1,
          targetSeconds: 2,
        }),
        303,
      ],
    );
    expect([...transitionsOf(state.care)]).toEqual([{ component: 'app', at: iso(5), to: 'down', code: 'tcp-refused' }]);
    expect(
      state.care.holds.map(({ from, endedAt, endedBy, spellFrom }) => ({ from, endedAt, endedBy, spellFrom })),
    ).toEqual([
      { from: iso(10), endedAt: iso(60), endedBy: 'confirmedAgain', spellFrom: iso(10) },
      { from: iso(60), endedAt: iso(200), endedBy: 'expired', spellFrom: iso(10) },
      { from: iso(300), endedAt: undefined, endedBy: undefined, spellFrom: iso(300) },
    ]);
    expect(state.care.wardReports).toEqual([{ careFunction: 'care', ward: 'w', works: false, at: iso(301) }]);
    expect(state.care.decisions).toMatchObject([{ decision: 'diverted', at: iso(302), patients: 3 }]);
    expect(state.care.releases).toEqual([{ careFunction: 'care', at: iso(303), horizon: null }]);
  });

  it('keeps its facts bounded however many events there are, and never what each component last did', () => {
    const evidence = { kind: 'check', by: 'c', code: 'x', detail: '' } as const;
    const change = (component: string, to: 'up' | 'down', at: number) =>
      mapRoom.evolve.call(
        null,
        state,
        recorded(componentStateChanged.of({ component, from: 'up', to, since: iso(at), evidence }), at),
      );
    let state = mapRoom.initial;
    state = change('quiet', 'down', 0);
    for (let i = 1; i < 20_000; i += 1) state = change('flapping', i % 2 === 0 ? 'up' : 'down', i);
    const kept = [...transitionsOf(state.care)];
    expect(kept.length).toBeLessThan(5000);
    expect(kept[0]).toMatchObject({ component: 'quiet', to: 'down' });
    expect(kept.at(-1)).toMatchObject({ component: 'flapping', at: iso(19_999) });
  });

  it('changes nothing of the state it is given, nor for events it does not know', () => {
    const state = given([wardReported.of({ careFunction: 'care', ward: 'w', works: true }), 1]);
    const before = JSON.stringify(state);
    mapRoom.evolve(state, recorded(wardReported.of({ careFunction: 'care', ward: 'w', works: false }), 2));
    expect(JSON.stringify(state)).toBe(before);
    expect(mapRoom.evolve(state, recorded({ type: 'SomethingElse', data: {} }, 3))).toBe(state);
    expect(mapRoom.due(state, 0, undefined)).toEqual([]);
  });
});
