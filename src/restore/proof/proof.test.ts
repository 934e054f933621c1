import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentClosed, incidentOpened } from '../../activate/events.ts';
import type { Json, NewEvent } from '../../journal/event.ts';
import type { Result } from '../../journal/result.ts';
import { given } from '../../journal/specification.ts';
import { compile } from '../../map/compile.ts';
import { mapChanged } from '../../map/events.ts';
import type { Component, HospitalMap } from '../../map/model.ts';
import type { RestoreCommand } from '../decide.ts';
import { exampleMap } from '../example.ts';
import { measuredRestorations } from '../measured.ts';
import { backupsView } from '../nights/views.ts';
import { restoreRoom } from '../room.ts';
import { restorationView } from '../views.ts';
import { nightsToJudge, workOf } from '../work.ts';
import { badgeOf } from './badge.ts';

const means = (...components: string[]): RestoreCommand => ({
  type: 'SeeMeans',
  means: components.map((component) => ({ component, source: `nights-${component}`, digest: `sha256:${component}` })),
});
const all = means('db', 'ehr', 'pacs');
const opened = incidentOpened.of({
  incident: 'incident-1',
  cause: 'componentLost',
  roots: ['db'],
  careFunctions: ['prescription'],
  lossSince: '2026-01-05T07:59:00.000Z',
});
const recovery = 'proof-1';
const ofStep = (component: string) => ({ recovery, component, attempt: 1, seconds: 2 });
const begin = (component: string, step: 'choose' | 'fetch' | 'start' | 'verify'): RestoreCommand => ({
  type: 'BeginStep',
  recovery,
  component,
  step,
});
const room: RestoreCommand = { type: 'RecordRoomOpened', recovery, room: recovery, endedOrphans: 0 };
const isolation = (escaped = 0): RestoreCommand => ({
  type: 'RecordIsolation',
  recovery,
  attempts: 9,
  escaped,
  paths: [],
});
const chosen = (component: string): RestoreCommand => ({
  type: 'FinishChoose',
  snapshot: `s-${component}`,
  horizon: '2026-01-05T01:00:00.000Z',
  passedOver: [],
  rulesOf: '2026-01-01',
  notExamined: 0,
  judged: null,
  ...ofStep(component),
});
const whole = (component: string, probe = 'counts', value = 100): RestoreCommand[] => [
  begin(component, 'choose'),
  chosen(component),
  begin(component, 'fetch'),
  { type: 'FinishFetch', files: 1, bytes: 7, problems: 0, ...ofStep(component) },
  begin(component, 'start'),
  { type: 'FinishStart', ...ofStep(component) },
  begin(component, 'verify'),
  {
    type: 'FinishVerify',
    found: [{ probe, facts: [{ name: 'patients', value, rule: 'atLeast' }] }],
    ...ofStep(component),
  },
];
const known = (component: string, probe = 'counts'): RestoreCommand => ({
  type: 'RecordHealthyFacts',
  component,
  probe,
  facts: [{ name: 'patients', value: 100, rule: 'atLeast' }],
  at: '2026-01-05T00:30:00.000Z',
});
const failed = (component: string, code = 'backup-damaged'): RestoreCommand[] => [
  begin(component, 'choose'),
  { type: 'FailStep', recovery, component, step: 'choose', attempt: 1, code, detail: '', retryable: false },
];

/** A hospital of which everything can be restored, and what was told to it since. */
function hospital(map: HospitalMap = exampleMap) {
  const history: (NewEvent & { at?: string })[] = [];
  const shared = { document: map };
  const now = () => given(restoreRoom, shared, history);
  const told = {
    history,
    now,
    get state() {
      return now().state;
    },
    obey(...commands: RestoreCommand[]): Result<NewEvent[]> {
      let last: Result<NewEvent[]> = { ok: true, value: [] };
      for (const command of commands) {
        last = now().when(command);
        if (last.ok) history.push(...last.value);
      }
      return last;
    },
    at(instant: string, ...commands: RestoreCommand[]) {
      for (const command of commands) {
        const decided = now().when(command, instant);
        if (!decided.ok) throw new Error(decided.refusal.code);
        history.push(...decided.value.map((event) => ({ ...event, at: instant })));
      }
    },
    badge: (component: string) => badgeOf(told.state.proofs.components[component]),
  };
  return told;
}

/** `ehr` and `db` restored and verified, their room proved closed, the proof ended and cleared away. */
function proved() {
  const told = hospital();
  const last = told.obey(
    all,
    known('db'),
    known('ehr'),
    { type: 'AskProof', components: ['ehr'] },
    room,
    ...whole('db'),
    ...whole('ehr'),
    isolation(),
    { type: 'EndProof', recovery, because: 'done' },
    { type: 'RecordCleared', recovery },
  );
  expect(last.ok).toBe(true);
  return told;
}

const edited = (before: Component | undefined, after: Component): NewEvent => {
  const changes = [{ section: 'components', id: after.id, from: before, to: after }] as unknown as Json;
  return mapChanged.of(
    { document: 'sha256:edit', source: 'person', counts: {} },
    { documents: { 'sha256:edit': changes } },
  );
};
const component = (id: string) => exampleMap.components.find((one) => one.id === id);
const componentOf = (id: string): Component => {
  const found = component(id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe('a proof', () => {
  test('asked for of a component brings along what it rests on, in order, and nothing else', () => {
    const told = hospital();
    expect(told.obey(all, { type: 'AskProof', components: ['ehr'] })).toMatchObject({
      value: [
        {
          type: 'ProofBegun',
          data: {
            scope: 'asked',
            components: [
              { component: 'db', rank: 0 },
              { component: 'ehr', after: ['db'] },
            ],
          },
        },
      ],
    });
    expect(told.state.recoveries[recovery]).toMatchObject({ incident: null, proof: { scope: 'asked' } });
    expect(restorationView(told.state, compile(exampleMap), { progress: new Map(), blocked: new Map() })).toEqual({
      recoveries: [],
    });
  });

  test('is refused of what cannot be restored here, of what carries no care, beside another, and while an incident is open', () => {
    const ask = (id: string): RestoreCommand => ({ type: 'AskProof', components: [id] });
    const code = (answer: Result<NewEvent[]>) => (answer.ok ? 'taken' : answer.refusal.code);
    expect(code(hospital().obey(all, ask('modality')))).toBe('component-not-restorable');
    const spare = { ...exampleMap, components: [...exampleMap.components, { ...componentOf('pacs'), id: 'spare' }] };
    expect(code(hospital(spare).obey(means('db', 'spare'), ask('spare')))).toBe('nothing-restorable');
    expect(code(hospital().obey(all, ask('db'), ask('pacs')))).toBe('proof-running');
    const told = hospital();
    told.obey(all);
    told.history.push(opened);
    expect(code(told.obey(ask('db')))).toBe('incident-open');
  });

  test('that went through proves each component, with what it took; the next plan and the map count with it', () => {
    const { state, badge } = proved();
    expect(['db', 'ehr', 'pacs'].map(badge)).toEqual(['proved', 'proved', 'unproved']);
    expect(state.proofs.components.ehr?.last).toMatchObject({
      snapshot: 's-ehr',
      seconds: 8,
      bytes: 7,
      agreed: 1,
      asked: 1,
      restsOn: ['ehr', 'db'],
    });
    expect(measuredRestorations(state).ehr).toMatchObject({ seconds: 8, proof: true });
    expect(state.measured.ehr).toBe(8);
    expect(state.proofs).toMatchObject({ proofs: {}, lastEnded: { because: 'done' } });
    const view = backupsView(state, compile(exampleMap), Date.parse('2026-01-05T12:00:00Z'), new Map());
    expect(view.components.map((one) => [one.component, one.badge])).toEqual([
      ['db', 'proved'],
      ['ehr', 'proved'],
      ['pacs', 'unproved'],
    ]);
  });

  test('is ended by itself once all is through and its room proved closed, then cleared away', () => {
    const told = hospital();
    told.obey(all, known('db'), { type: 'AskProof', components: ['db'] }, room, ...whole('db'));
    const due = () => told.now().due('2026-01-05T09:00:00.000Z');
    expect(due()).toEqual([]);
    told.obey(isolation());
    expect(due()).toEqual([{ type: 'EndProof', recovery, because: 'done' }]);
    told.obey(...due());
    expect(due()).toEqual([]);
    expect(workOf(told.state)).toEqual([{ kind: 'clearAway', key: `${recovery}/room`, recovery }]);
    told.obey({ type: 'RecordCleared', recovery });
    expect(workOf(told.state)).toEqual([]);
  });

  test('of which a component fails says why, of it and of what rests on it; another night may prove it', () => {
    const told = hospital();
    told.obey(all, { type: 'AskProof', components: ['ehr'] }, room, ...failed('db'));
    const due = told.now().due('2026-01-05T09:00:00.000Z');
    expect(due).toEqual([{ type: 'EndProof', recovery, because: 'done' }]);
    told.obey(...due);
    const { db, ehr } = told.state.proofs.components;
    expect(db?.last).toMatchObject({ outcome: 'failed', step: 'choose', code: 'backup-damaged' });
    expect(ehr?.last).toMatchObject({ outcome: 'failed', step: 'start', code: 'below-failed' });
    expect(told.badge('db')).toBe('unproved');
  });

  test('of what nothing was known to compare with, or of a room that is open, proves nothing', () => {
    const unknown = hospital();
    unknown.obey(all, { type: 'AskProof', components: ['db'] }, room, ...whole('db'), isolation());
    unknown.obey({ type: 'EndProof', recovery, because: 'done' });
    expect(unknown.state.proofs.components.db?.last).toMatchObject({ outcome: 'restored', code: 'facts-unknown' });
    expect(unknown.badge('db')).toBe('unproved');
    const open = hospital();
    open.obey(all, known('db'), { type: 'AskProof', components: ['db'] }, room, ...whole('db'), isolation(1));
    open.obey({ type: 'EndProof', recovery, because: 'done' });
    expect(open.state.proofs.components.db?.last).toMatchObject({ outcome: 'failed', code: 'isolation-broken' });
  });

  test('gives way to an incident: what was verified is proved, what was not tried says nothing', () => {
    const told = hospital();
    told.obey(all, known('db'), { type: 'AskProof', components: ['ehr'] }, room, ...whole('db'));
    told.history.push(opened);
    const due = told.now().due('2026-01-05T09:00:00.000Z');
    expect(due).toEqual([{ type: 'EndProof', recovery, because: 'incident' }]);
    told.obey(...due);
    expect([told.badge('db'), told.badge('ehr')]).toEqual(['proved', 'unproved']);
    expect(told.state.proofs.components.ehr).toBeUndefined();
    expect(told.state.recoveries).toEqual({});
  });

  test('that has no room, or that a night was too short for, is ended; what hung is named, so that others get their turn', () => {
    const told = hospital();
    told.obey(all, { type: 'AskProof', components: ['ehr'] });
    expect(told.now().due('2026-01-05T08:30:00.000Z')).toEqual([{ type: 'EndProof', recovery, because: 'no-room' }]);
    told.obey(room, begin('db', 'choose'));
    const due = told.now().due('2026-01-05T16:30:00.000Z');
    expect(due).toEqual([{ type: 'EndProof', recovery, because: 'late' }]);
    told.obey(...due);
    expect(told.state.proofs.components.db?.last).toMatchObject({
      outcome: 'failed',
      step: 'choose',
      code: 'too-late',
    });
    expect(told.state.proofs.components.ehr).toBeUndefined();
  });

  test('is never released, nor closed as a recovery is', () => {
    const told = hospital();
    const facts = [known('db'), known('ehr')];
    told.obey(
      all,
      ...facts,
      { type: 'AskProof', components: ['ehr'] },
      room,
      ...whole('db'),
      ...whole('ehr'),
      isolation(),
    );
    for (const command of [
      { type: 'Release', recovery, careFunction: 'prescription' },
      { type: 'CloseRecovery', recovery, outcome: 'abandoned' },
    ] as const)
      expect(told.obey(command)).toMatchObject({ ok: false, refusal: { code: 'recovery-is-proof' } });
  });
});

describe('what was proved', () => {
  test('is changed by another way to restore it, or what is below it; not by a name', () => {
    const renamed = proved();
    renamed.history.push(edited(component('db'), { ...componentOf('db'), name: { fr: 'Base' } }));
    expect(renamed.badge('ehr')).toBe('proved');
    for (const [id, change] of [
      ['db', { restore: { source: 'elsewhere', driver: 'postgresql', probes: ['counts'] } }],
      ['db', { kind: 'server' }],
      ['ehr', { needs: { all: [{ need: 'db' }, { need: 'pacs' }] } }],
      ['ehr', { restore: { source: 'nights-ehr', driver: 'application', probes: [] } }],
    ] as const) {
      const told = proved();
      told.history.push(edited(component(id), { ...componentOf(id), ...change } as Component));
      expect(told.badge('ehr')).toBe('changed');
      expect(told.badge('db')).toBe(id === 'db' ? 'changed' : 'proved');
      expect(told.state.proofs.components.ehr?.changed?.what).toBe('map');
    }
    const elsewhere = proved();
    elsewhere.history.push(edited(component('pacs'), { ...componentOf('pacs'), kind: 'server' }));
    expect(elsewhere.badge('ehr')).toBe('proved');
  });

  test('is the same whatever the order in which a change is written', () => {
    const told = proved();
    const { restore, ...rest } = componentOf('db');
    const turned = Object.fromEntries(Object.entries(restore ?? {}).toReversed());
    told.history.push(edited(component('db'), { ...rest, restore: turned } as Component));
    expect(told.badge('ehr')).toBe('proved');
  });

  test('is changed by other means, also where they were gone for a while; not by the same means seen again', () => {
    const told = proved();
    expect(told.obey(all)).toEqual({ ok: true, value: [] });
    told.obey({
      type: 'SeeMeans',
      means: [
        { component: 'db', source: 'nights-db', digest: 'sha256:other' },
        { component: 'ehr', source: 'nights-ehr', digest: 'sha256:ehr' },
        { component: 'pacs', source: 'nights-pacs', digest: 'sha256:pacs' },
      ],
    });
    expect([told.badge('db'), told.badge('ehr')]).toEqual(['changed', 'changed']);
    expect(told.state.proofs.components.db?.changed?.what).toBe('means');
    const gone = proved();
    gone.obey(means('ehr', 'pacs'), all);
    expect([gone.badge('db'), gone.badge('ehr')]).toEqual(['changed', 'changed']);
  });

  test('is proved of what was, where it changed meanwhile', () => {
    const told = hospital();
    told.obey(all, known('db'), { type: 'AskProof', components: ['db'] }, room, ...whole('db'));
    told.history.push(edited(component('db'), { ...componentOf('db'), kind: 'server' }));
    told.obey(isolation(), { type: 'EndProof', recovery, because: 'done' });
    expect(told.badge('db')).toBe('changed');
  });
});

describe('a night', () => {
  const due = (told: ReturnType<typeof hospital>, instant: string) => told.now().due(instant);
  const judged = (component: string): RestoreCommand => ({
    type: 'FailJudging',
    component,
    code: 'backup-unreachable',
    detail: '',
  });

  test('judges at the hour, then proves a sample; the whole once a week; neither twice, nor late in the day', () => {
    const told = hospital();
    told.at('2026-01-05T12:00:00.000Z', all);
    expect(due(told, '2026-01-06T01:59:00.000Z')).toEqual([]);
    expect(due(told, '2026-01-06T05:30:00.000Z')).toEqual([]);
    const hour = '2026-01-06T02:00:30.000Z';
    const asked = { type: 'AskJudging', components: ['db', 'ehr', 'pacs'], because: 'night' };
    expect(due(told, hour)).toEqual([asked]);
    told.at(hour, ...due(told, hour));
    expect(nightsToJudge(told.state)).toEqual(['db', 'ehr', 'pacs']);
    expect(due(told, hour)).toEqual([]);
    told.at(hour, judged('db'), judged('ehr'), judged('pacs'));
    expect(due(told, hour)).toEqual([{ type: 'BeginProof', scope: 'sample' }]);
    told.at(hour, ...due(told, hour));
    expect(due(told, hour)).toEqual([]);
    told.at(hour, { type: 'EndProof', recovery, because: 'person' }, { type: 'RecordCleared', recovery });
    expect(due(told, '2026-01-06T04:00:00.000Z')).toEqual([]);
    // Sunday 11 January.
    const sunday = '2026-01-11T02:01:00.000Z';
    told.at(sunday, ...due(told, sunday), judged('db'), judged('ehr'), judged('pacs'));
    expect(due(told, sunday)).toEqual([{ type: 'BeginProof', scope: 'whole' }]);
  });

  test('does nothing while an incident is open, and goes on once it is closed', () => {
    const told = hospital();
    told.at('2026-01-05T12:00:00.000Z', all);
    told.history.push({ ...opened, at: '2026-01-06T01:00:00.000Z' });
    const hour = '2026-01-06T02:00:30.000Z';
    expect(due(told, hour)).toEqual([]);
    told.at(hour, { type: 'AskJudging', components: ['db'], because: 'person' });
    expect(nightsToJudge(told.state)).toEqual([]);
    told.history.push({ ...incidentClosed.of({ incident: 'incident-1' }), at: hour });
    expect(nightsToJudge(told.state)).toEqual(['db']);
    expect(due(told, hour)).toMatchObject([{ type: 'AskJudging', because: 'night' }]);
  });

  test('has nothing to do where nothing that care rests on can be restored here', () => {
    const told = hospital();
    const hour = '2026-01-06T02:00:30.000Z';
    expect(due(told, hour)).toEqual([]);
    const none = hospital({ ...exampleMap, careFunctions: [] });
    none.at('2026-01-05T12:00:00.000Z', means('db'));
    none.at(hour, ...due(none, hour), judged('db'));
    expect(due(none, hour)).toEqual([]);
  });

  test('whatever the map and the times: every component is tried within as many nights as there are, with what it rests on', () => {
    const size = 7;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 12 }),
        fc.array(fc.nat(12_000), { minLength: size, maxLength: size }),
        (links, seconds) => {
          const told = hospital(randomMap(links, seconds));
          const names = seconds.map((_, index) => `c${index}`);
          told.obey(means(...names));
          const tried = new Set<string>();
          for (let night = 1; night <= size && tried.size < size; night += 1) {
            expect(told.obey({ type: 'BeginProof', scope: 'sample' }).ok).toBe(true);
            const [running] = Object.values(told.state.recoveries);
            if (running === undefined) throw new Error('a proof runs');
            const { recovery: id, components } = running;
            const restsOn = told.state.proofs.proofs[id]?.restsOn ?? {};
            for (const one of Object.keys(components)) {
              tried.add(one);
              for (const below of restsOn[one] ?? []) expect(Object.keys(components)).toContain(below);
            }
            // Each fails where it is tried first: it was tried all the same.
            for (const { component: one } of Object.values(components))
              told.obey(
                { type: 'BeginStep', recovery: id, component: one, step: 'choose' },
                {
                  type: 'FailStep',
                  ...{
                    recovery: id,
                    component: one,
                    step: 'choose',
                    attempt: 1,
                    code: 'x',
                    detail: '',
                    retryable: false,
                  },
                },
              );
            told.obey({ type: 'EndProof', recovery: id, because: 'done' }, { type: 'RecordCleared', recovery: id });
          }
          expect([...tried].toSorted()).toEqual(names);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Component i may need any of a higher number, so nothing contains itself. */
function randomMap(links: readonly (readonly [number, number])[], seconds: readonly number[]): HospitalMap {
  const needsOf = (index: number) =>
    links
      .filter(([from, to]) => Math.min(from, to) === index && from !== to)
      .map(([from, to]) => ({ need: `c${Math.max(from, to)}` }));
  const [model] = exampleMap.careFunctions;
  if (model === undefined) throw new Error('the example has care functions');
  return {
    ...exampleMap,
    components: seconds.map((declaredSeconds, index) => ({
      id: `c${index}`,
      kind: 'service',
      name: { fr: 'c' },
      restore: { source: 's', driver: 'files', probes: [], declaredSeconds },
      ...(needsOf(index).length > 0 ? { needs: { all: needsOf(index) } } : {}),
    })),
    careFunctions: seconds.map((_, index) => ({ ...model, id: `f${index}`, needs: { need: `c${index}` } })),
  };
}
