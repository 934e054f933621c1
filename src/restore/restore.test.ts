import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentOpened } from '../activate/events.ts';
import { componentStateChanged } from '../detect/events.ts';
import type { NewEvent } from '../journal/event.ts';
import type { Result } from '../journal/result.ts';
import { given, record } from '../journal/specification.ts';
import { compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import type { RestoreCommand } from './decide.ts';
import { exampleMap } from './example.ts';
import { compareFacts } from './facts.ts';
import { planRecovery } from './plan.ts';
import { stepsReady } from './progress.ts';
import { restoreRoom } from './room.ts';
import { evolve } from './state.ts';
import { workOf } from './work.ts';

const shared = { document: exampleMap };
const down = (component: string) =>
  componentStateChanged.of({
    component,
    from: 'up',
    to: 'down',
    since: '2026-01-05T07:59:00.000Z',
    evidence: { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' },
  });
const opened = incidentOpened.of({
  incident: 'incident-1',
  cause: 'ransomwareSign',
  roots: ['db'],
  careFunctions: ['prescription', 'imaging'],
  lossSince: '2026-01-05T07:59:00.000Z',
});

/** Obeys commands one after another and keeps every event. */
function obey(history: NewEvent[], ...commands: RestoreCommand[]): Result<NewEvent[]> {
  let last: Result<NewEvent[]> = { ok: true, value: [] };
  for (const command of commands) {
    last = given(restoreRoom, shared, history).when(command);
    if (last.ok) history.push(...last.value);
  }
  return last;
}

function story(...commands: RestoreCommand[]) {
  const history: NewEvent[] = [down('db'), opened];
  return { last: obey(history, ...commands), history };
}

const ofStep = (component: string, attempt = 1) => ({ recovery: 'recovery-1', component, attempt, seconds: 2 });
const begin = (component: string, step: 'choose' | 'fetch' | 'start' | 'verify'): RestoreCommand => ({
  type: 'BeginStep',
  recovery: 'recovery-1',
  component,
  step,
});
const facts = (patients: number) => [
  { probe: 'counts', facts: [{ name: 'patients', value: patients, rule: 'atLeast' as const }] },
];
const known = (component: string, patients: number, at = '2026-01-05T00:30:00.000Z'): RestoreCommand => ({
  type: 'RecordHealthyFacts',
  component,
  probe: 'counts',
  facts: [{ name: 'patients', value: patients, rule: 'atLeast' }],
  at,
});
const plan: RestoreCommand = { type: 'PlanRecovery', incident: 'incident-1' };
const room: RestoreCommand = { type: 'RecordRoomOpened', recovery: 'recovery-1', room: 'recovery-1', endedOrphans: 0 };
const choose = (component: string): RestoreCommand[] => [
  begin(component, 'choose'),
  {
    type: 'FinishChoose',
    snapshot: 's1',
    horizon: '2026-01-05T01:00:00.000Z',
    passedOver: [],
    rulesOf: '2026-11-22',
    notExamined: 0,
    judged: null,
    ...ofStep(component),
  },
];
const fetch = (component: string): RestoreCommand[] => [
  begin(component, 'fetch'),
  { type: 'FinishFetch', files: 1, bytes: 1, problems: 0, ...ofStep(component) },
];
const start = (component: string): RestoreCommand[] => [
  begin(component, 'start'),
  { type: 'FinishStart', ...ofStep(component) },
];

describe('the order of a recovery', () => {
  test('dependencies first, then the most vital care', () => {
    const order = planRecovery({
      map: compile(exampleMap),
      careFunctions: ['prescription', 'imaging'],
      lost: {},
      measured: {},
    });
    expect(order.components.map((one) => one.component)).toEqual(['db', 'ehr', 'pacs']);
    expect(order.components[0]?.careFunctions).toEqual(['prescription', 'imaging']);
    expect(order.components[1]?.after).toEqual(['db']);
  });

  test('what is lost and has no source is left out by name', () => {
    const order = planRecovery({
      map: compile(exampleMap),
      careFunctions: ['imaging'],
      lost: { modality: {} },
      measured: {},
    });
    expect(order.leftOut).toEqual([{ component: 'modality', because: 'no-source' }]);
  });

  test('any map: every restorable component stands once, after what it needs, and no vital one waits for a lesser one it does not need', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 10, maxLength: 10 }),
        (links, tiers) => {
          const map = randomMap(links, tiers);
          const { components } = planRecovery({
            map: compile(map),
            careFunctions: map.careFunctions.map((one) => one.id),
            lost: {},
            measured: {},
          });
          const place = new Map(components.map((one) => [one.component, one.rank]));
          expect(place.size).toBe(10);
          for (const one of components) for (const below of one.after) expect(place.get(below)).toBeLessThan(one.rank);
        },
      ),
    );
  });
});

/** Ten components; component i may need any of a higher number, so nothing contains itself. */
function randomMap(links: readonly (readonly [number, number])[], tiers: readonly number[]): HospitalMap {
  const below = (index: number) =>
    links
      .filter(([from, to]) => Math.min(from, to) === index && from !== to)
      .map(([from, to]) => ({ need: `c${Math.max(from, to)}` }));
  return {
    ...exampleMap,
    components: tiers.map((_tier, index) => {
      const needs = below(index);
      return {
        id: `c${index}`,
        kind: 'service',
        name: { fr: 'c' },
        restore: { source: 's', driver: 'files', probes: [] },
        ...(needs.length > 0 ? { needs: { all: needs } } : {}),
      };
    }),
    careFunctions: tiers.map((tier, index) => {
      const [model] = exampleMap.careFunctions;
      if (model === undefined) throw new Error('the example has care functions');
      return {
        ...model,
        id: `f${index}`,
        tier: tier === 1 ? 1 : tier === 2 ? 2 : 3,
        needs: { need: `c${index}` },
      };
    }),
  };
}

describe('a recovery', () => {
  test('a component starts once its room is open and what it needs is verified', () => {
    const before = story(plan, ...choose('ehr'), ...fetch('ehr'), room, begin('ehr', 'start'));
    expect(before.last).toMatchObject({ ok: false, refusal: { code: 'step-not-ready' } });
  });

  test('a result of an attempt that was given back is refused: nothing is counted twice', () => {
    const again = story(
      plan,
      begin('db', 'choose'),
      {
        type: 'FailStep',
        recovery: 'recovery-1',
        component: 'db',
        step: 'choose',
        attempt: 1,
        code: 'interrupted',
        detail: '',
        retryable: true,
      },
      begin('db', 'choose'),
      { type: 'FinishFetch', files: 1, bytes: 1, problems: 0, ...ofStep('db', 1) },
    );
    expect(again.last).toMatchObject({ ok: false, refusal: { code: 'step-not-running' } });
  });

  test('after three failed tries it waits for a person, who may ask again', () => {
    const fail = (attempt: number): RestoreCommand => ({
      type: 'FailStep',
      recovery: 'recovery-1',
      component: 'db',
      step: 'choose',
      attempt,
      code: 'backup-unreachable',
      detail: '',
      retryable: true,
    });
    const tries = [1, 2, 3].flatMap((attempt) => [begin('db', 'choose'), fail(attempt)]);
    expect(story(plan, ...tries, begin('db', 'choose')).last).toMatchObject({
      ok: false,
      refusal: { code: 'step-not-ready' },
    });
    expect(
      story(plan, ...tries, { type: 'RetryStep', recovery: 'recovery-1', component: 'db' }, begin('db', 'choose')).last
        .ok,
    ).toBe(true);
  });

  test('verification needs facts recorded before the horizon: without them, or with fewer patients, it does not pass', () => {
    const verify = [
      plan,
      room,
      ...choose('db'),
      ...fetch('db'),
      ...start('db'),
      begin('db', 'verify'),
      { type: 'FinishVerify', found: facts(3000), ...ofStep('db') } as const,
    ];
    const outcomeWith = (...before: RestoreCommand[]): NewEvent | undefined => {
      const history: NewEvent[] = [];
      obey(history, ...before);
      history.push(down('db'), opened);
      obey(history, ...verify);
      return history.at(-1);
    };
    expect(outcomeWith()).toMatchObject({
      type: 'RecoveryStepFailed',
      data: { code: 'facts-unknown', retryable: false },
    });
    expect(outcomeWith(known('db', 3001))).toMatchObject({
      type: 'RecoveryStepFailed',
      data: { code: 'facts-disagree' },
    });
    expect(outcomeWith(known('db', 2999))).toMatchObject({ type: 'RecoveryStepDone', data: { step: 'verify' } });
  });

  test('what rests on an older night is compared with the facts of that night', () => {
    const history: NewEvent[] = [];
    const older = '2026-01-04T01:00:00.000Z';
    const choice = (component: string, horizon: string): RestoreCommand[] =>
      choose(component).map((command) => (command.type === 'FinishChoose' ? { ...command, horizon } : command));
    obey(history, known('ehr', 90, '2026-01-04T00:30:00.000Z'), known('ehr', 100));
    obey(history, known('db', 90, '2026-01-04T00:30:00.000Z'));
    history.push(down('db'), opened);
    obey(history, plan, room, ...choice('db', older), ...fetch('db'), ...start('db'), begin('db', 'verify'));
    obey(history, { type: 'FinishVerify', found: facts(90), ...ofStep('db') });
    obey(history, ...choose('ehr'), ...fetch('ehr'), ...start('ehr'), begin('ehr', 'verify'));
    obey(history, { type: 'FinishVerify', found: facts(90), ...ofStep('ehr') });
    expect(history.at(-1)).toMatchObject({ type: 'RecoveryStepDone', data: { component: 'ehr', step: 'verify' } });
  });

  test('a night whose verification failed is set aside by a person: another is chosen, and what it ran is started anew', () => {
    const history: NewEvent[] = [];
    obey(history, known('db', 100));
    history.push(down('db'), opened);
    const verify = (patients: number, attempt: number): RestoreCommand[] => [
      begin('db', 'verify'),
      { type: 'FinishVerify', found: facts(patients), ...ofStep('db', attempt) },
    ];
    const older: RestoreCommand = { type: 'RetryStep', recovery: 'recovery-1', component: 'db', olderNight: true };
    obey(history, plan, room, ...choose('db'));
    const failing = { recovery: 'recovery-1', component: 'db', step: 'fetch' as const, attempt: 1 };
    obey(history, begin('db', 'fetch'), {
      type: 'FailStep',
      ...failing,
      code: 'disk-full',
      detail: '',
      retryable: false,
    });
    // A night that nobody asked anything is not set aside.
    expect(obey(history, older)).toMatchObject({ ok: false, refusal: { code: 'night-not-verified' } });
    obey(history, { ...older, olderNight: false }, begin('db', 'fetch'));
    obey(history, { type: 'FinishFetch', files: 1, bytes: 1, problems: 0, ...ofStep('db', 2) });
    obey(history, ...start('db'), ...verify(0, 1));
    expect(obey(history, older).ok).toBe(true);
    const { state } = given(restoreRoom, shared, history);
    const recovery = state.recoveries['recovery-1'];
    expect(recovery?.components.db).toMatchObject({
      snapshot: null,
      setAside: [{ snapshot: 's1', reason: 'facts-disagree' }],
      steps: { choose: { state: 'failed', faults: 0 } },
    });
    expect(recovery && stepsReady(recovery)[0]).toEqual({ component: 'db', step: 'choose' });
    obey(history, begin('db', 'choose'));
    const again = choose('db').at(-1) as Extract<RestoreCommand, { type: 'FinishChoose' }>;
    obey(history, { ...again, snapshot: 's0', attempt: 2 }, ...fetch('db'), ...start('db'), ...verify(100, 1));
    expect(history.at(-1)).toMatchObject({ type: 'RecoveryStepDone', data: { component: 'db', step: 'verify' } });
  });

  test('a restored service is compared with the latest facts before its horizon, in whatever order they were recorded', () => {
    const taking = (at: string, value: number) => ({
      at,
      facts: [{ name: 'patients', value, rule: 'atLeast' as const }],
    });
    const taken = [
      taking('2026-01-04T00:00:00Z', 20),
      taking('2026-01-02T00:00:00Z', 10),
      taking('2026-01-06T00:00:00Z', 30),
    ];
    const checks = (horizon: string | null, value: number) =>
      compareFacts('counts', taken, horizon, [{ name: 'patients', value, rule: 'atLeast' }]);
    expect(checks('2026-01-05T02:00:00Z', 20)).toMatchObject([{ expected: 20, agrees: true }]);
    expect(checks('2026-01-05T02:00:00Z', 19)).toMatchObject([{ expected: 20, agrees: false }]);
    expect(checks('2026-01-03T02:00:00Z', 10)).toMatchObject([{ expected: 10, agrees: true }]);
    expect(checks('2026-01-01T02:00:00Z', 10)).toMatchObject([{ expected: null, agrees: false }]);
    expect(checks(null, 30)).toMatchObject([{ expected: null, agrees: false }]);
  });

  test('each opening of the room asks for a new proof of its isolation, also once all is released', () => {
    const history: NewEvent[] = [];
    obey(history, known('db', 1));
    history.push(down('db'), { ...opened, data: { ...opened.data, careFunctions: ['prescription'] } });
    const proofs = () =>
      workOf(given(restoreRoom, shared, history).state).filter(({ kind }) => kind === 'proveIsolation').length;
    const isolation: RestoreCommand = {
      type: 'RecordIsolation',
      recovery: 'recovery-1',
      attempts: 9,
      escaped: 0,
      paths: [],
    };
    obey(history, plan, room);
    expect(proofs()).toBe(0);
    obey(history, ...choose('db'), ...fetch('db'), ...start('db'));
    expect(proofs()).toBe(1);
    obey(history, isolation);
    expect(proofs()).toBe(0);
    obey(history, room);
    expect(proofs()).toBe(1);
    obey(history, isolation, { type: 'CloseRecovery', recovery: 'recovery-1', outcome: 'released' });
    expect(proofs()).toBe(0);
    expect(obey(history, room).ok).toBe(true);
    expect(proofs()).toBe(1);
    expect(obey(history, isolation).ok).toBe(true);
    expect(proofs()).toBe(0);
  });

  test('tries cut short by the end of the hub or of the helper are not held against a step', () => {
    const fail = (attempt: number, code: string): RestoreCommand => ({
      type: 'FailStep',
      ...{ recovery: 'recovery-1', component: 'db', step: 'choose', attempt, code, detail: '', retryable: true },
    });
    const codes = [
      'interrupted',
      'helper-lost',
      'interrupted',
      'clean-room-needs-root',
      'room-not-open',
      'backup-unreachable',
    ];
    const tries = codes.flatMap((code, index) => [begin('db', 'choose'), fail(index + 1, code)]);
    expect(story(plan, ...tries, begin('db', 'choose')).last).toMatchObject({
      ok: true,
      value: [{ type: 'RecoveryStepStarted', data: { attempt: 7 } }],
    });
  });

  test('a care function is released only when all it rests on is verified, in a room proved closed since', () => {
    const history: NewEvent[] = [];
    obey(history, known('db', 2999), known('ehr', 2999));
    history.push(down('db'), opened);
    const whole = (component: string): RestoreCommand[] => [
      ...choose(component),
      ...fetch(component),
      ...start(component),
      begin(component, 'verify'),
      { type: 'FinishVerify', found: facts(3000), ...ofStep(component) },
    ];
    const release: RestoreCommand = { type: 'Release', recovery: 'recovery-1', careFunction: 'prescription' };
    const isolation = (escaped: number): RestoreCommand => ({
      type: 'RecordIsolation',
      recovery: 'recovery-1',
      attempts: 12,
      escaped,
      paths: [],
    });

    obey(history, plan, room, ...whole('db'), isolation(0));
    expect(obey(history, release)).toMatchObject({ ok: false, refusal: { code: 'not-verified', expected: 'ehr' } });
    obey(history, ...whole('ehr'));
    expect(obey(history, release)).toMatchObject({ ok: false, refusal: { code: 'isolation-not-proved' } });
    obey(history, isolation(1));
    expect(obey(history, release)).toMatchObject({ ok: false, refusal: { code: 'isolation-broken' } });
    obey(history, isolation(0));
    expect(obey(history, release)).toMatchObject({
      ok: true,
      value: [{ type: 'CareFunctionReleased', data: { horizon: '2026-01-05T01:00:00.000Z', targetSeconds: 3600 } }],
    });
  });

  test('more lost care widens the plan, and what was done stays done', () => {
    const history: NewEvent[] = [down('db'), { ...opened, data: { ...opened.data, careFunctions: ['prescription'] } }];
    obey(history, plan, ...choose('db'));
    history.push({
      type: 'AlarmJoinedIncident',
      data: { incident: 'incident-1', alarm: 'alarm-2', careFunctions: ['imaging'] },
    });
    const now = given(restoreRoom, shared, history);
    expect(now.due('2026-01-05T09:00:00.000Z')).toEqual([{ type: 'PlanRecovery', incident: 'incident-1' }]);
    obey(history, ...now.due('2026-01-05T09:00:00.000Z'));
    const widened = given(restoreRoom, shared, history).state.recoveries['recovery-1'];
    expect(Object.keys(widened?.components ?? {})).toContain('pacs');
    expect(widened?.components.db?.snapshot?.id).toBe('s1');
    expect(given(restoreRoom, shared, history).due('2026-01-05T09:00:00.000Z')).toEqual([]);
  });

  test('an event of another room that it does not know leaves its state as it was', () => {
    const state = restoreRoom.initial;
    expect(evolve(state, record({ type: 'SomethingElse', data: {} }, 1, '2026-01-05T08:00:00.000Z'))).toBe(state);
  });

  test('what is ready is the most vital first', () => {
    const { history } = story(plan);
    const recovery = given(restoreRoom, shared, history).state.recoveries['recovery-1'];
    expect(recovery === undefined ? [] : stepsReady(recovery).map((ready) => ready.component)).toEqual([
      'db',
      'ehr',
      'pacs',
    ]);
  });
});
