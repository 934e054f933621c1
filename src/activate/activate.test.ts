import { describe, expect, test } from 'vitest';
import { alarmCleared, alarmRaised, alarmWidened } from '../detect/events.ts';
import type { NewEvent } from '../journal/event.ts';
import { given } from '../journal/specification.ts';
import { exampleMap } from '../restore/example.ts';
import { holdConfirmed, holdEnded, incidentOpened, planStarted, plansImported } from './events.ts';
import type { Plans } from './plans.ts';
import { activateRoom } from './room.ts';
import { incidentsView } from './views.ts';

const shared = { document: exampleMap };
const plans: Plans = {
  version: 1,
  plans: [
    {
      id: 'ransomware',
      name: { fr: 'Rançongiciel' },
      startsOn: ['ransomwareSign'],
      steps: [
        { id: 'isolate', title: { fr: 'Isoler le réseau' }, kind: 'human', containment: true, after: [] },
        {
          id: 'restore',
          title: { fr: 'Restaurer' },
          kind: 'automatic',
          containment: false,
          action: 'planRecovery',
          after: ['isolate'],
        },
      ],
    },
  ],
};
const imported = plansImported.of(
  { document: 'sha256:p', plans: 1, source: 'test' },
  { documents: { 'sha256:p': JSON.parse(JSON.stringify(plans)) } },
);
const raised = (alarm: string, careFunctions: string[], cause: 'componentLost' | 'ransomwareSign' = 'ransomwareSign') =>
  alarmRaised.of({
    alarm,
    cause,
    roots: ['db'],
    components: ['db'],
    careFunctions,
    since: '2026-01-05T07:59:00.000Z',
  });
const opened = incidentOpened.of({
  incident: 'incident-1',
  alarm: 'alarm-1',
  cause: 'ransomwareSign',
  roots: ['db'],
  careFunctions: ['prescription'],
  lossSince: '2026-01-05T07:59:00.000Z',
});
const noon = '2026-01-05T12:00:00.000Z';
const following = (...history: NewEvent[]) => given(activateRoom, shared, history);

describe('alarms and incidents', () => {
  test('an alarm asks for an incident, and no longer once it has one', () => {
    expect(following(raised('alarm-1', ['prescription'])).due(noon)).toEqual([
      { type: 'OpenIncident', alarm: 'alarm-1' },
    ]);
    expect(following(raised('alarm-1', ['prescription']), opened).due(noon)).toEqual([]);
  });

  test('an alarm on the same root joins the open incident; one on nothing in common opens its own', () => {
    const before = [raised('alarm-1', ['prescription']), opened];
    expect(following(...before, raised('alarm-2', ['imaging'])).due(noon)).toEqual([
      { type: 'JoinIncident', alarm: 'alarm-2', incident: 'incident-1' },
    ]);
    const elsewhere = {
      ...raised('alarm-2', ['imaging']),
      data: { ...raised('alarm-2', ['imaging']).data, roots: ['pacs'] },
    };
    expect(following(...before, elsewhere).due(noon)).toEqual([{ type: 'OpenIncident', alarm: 'alarm-2' }]);
  });

  test('a wider alarm widens its incident', () => {
    const { state } = following(
      raised('alarm-1', ['prescription']),
      opened,
      alarmWidened.of({
        alarm: 'alarm-1',
        roots: ['db'],
        components: ['db', 'ehr'],
        careFunctions: ['prescription', 'imaging'],
      }),
    );
    expect(state.incidents['incident-1']?.careFunctions).toEqual(['prescription', 'imaging']);
  });

  test('an incident is not closed while its alarm stands', () => {
    const close = { type: 'CloseIncident', incident: 'incident-1' } as const;
    expect(following(raised('alarm-1', []), opened).when(close)).toMatchObject({
      ok: false,
      refusal: { code: 'incident-alarm-stands' },
    });
    expect(
      following(raised('alarm-1', []), opened, alarmCleared.of({ alarm: 'alarm-1', at: noon })).when(close).ok,
    ).toBe(true);
  });
});

describe('plans', () => {
  const started = planStarted.of({
    incident: 'incident-1',
    plan: 'ransomware',
    name: { fr: 'R' },
    steps: plans.plans[0]?.steps ?? [],
  });

  test('the plan of the cause starts by itself, once', () => {
    expect(following(imported, raised('alarm-1', []), opened).due(noon)).toEqual([
      { type: 'StartPlan', incident: 'incident-1', plan: 'ransomware' },
    ]);
    expect(following(imported, raised('alarm-1', []), opened, started).due(noon)).toEqual([]);
  });

  test('a step waits for the ones before it', () => {
    const finish = (step: string) =>
      ({ type: 'FinishStep', incident: 'incident-1', plan: 'ransomware', step, outcome: 'done' }) as const;
    expect(following(opened, started).when(finish('restore'))).toMatchObject({
      ok: false,
      refusal: { code: 'step-not-ready', expected: 'isolate' },
    });
    expect(following(opened, started).when(finish('isolate')).ok).toBe(true);
    expect(incidentsView(following(opened, started).state).nextActions).toMatchObject([{ step: 'isolate' }]);
  });
});

describe('holding a ward', () => {
  const confirm = { type: 'ConfirmHold', careFunction: 'prescription', ward: 'icu' } as const;

  test('lasts as long as the degraded mode can, and says what runs out first', () => {
    const held = following().when(confirm, '2026-01-05T08:00:00.000Z');
    expect(held).toMatchObject({
      ok: true,
      value: [{ data: { until: '2026-01-05T12:00:00.000Z', runsOutFirst: 'forms', proved: false } }],
    });
  });

  test('confirming again does not lengthen what paper can bear: the spell counts from its start', () => {
    const spell = holdConfirmed.of({
      careFunction: 'prescription',
      ward: 'icu',
      from: '2026-01-05T08:00:00.000Z',
      until: '2026-01-05T12:00:00.000Z',
      limit: '2026-01-05T12:00:00.000Z',
      extended: false,
      runsOutFirst: 'forms',
      proved: false,
    });
    expect(following(spell).when(confirm, '2026-01-05T11:00:00.000Z')).toMatchObject({
      ok: true,
      value: [{ data: { until: '2026-01-05T12:00:00.000Z' } }],
    });
    expect(following(spell).when(confirm, '2026-01-05T12:00:00.000Z')).toMatchObject({
      ok: false,
      refusal: { code: 'hold-exhausted' },
    });
    expect(following(spell).due('2026-01-05T12:00:00.000Z')).toMatchObject([{ type: 'EndHold', reason: 'expired' }]);
  });

  test('a spell that expired or was given up goes on counting; only a clinician with a reason extends it', () => {
    const held = following().when(confirm, '2026-01-05T08:00:00.000Z');
    if (!held.ok) throw new Error('refused');
    const ended = holdEnded.of({ careFunction: 'prescription', ward: 'icu', reason: 'givenUp' });
    const again = following(...held.value, ended).when(confirm, '2026-01-05T10:00:00.000Z');
    expect(again).toMatchObject({
      ok: true,
      value: [{ data: { until: '2026-01-05T12:00:00.000Z', extended: false } }],
    });
    const late = following(...held.value, ended);
    expect(late.when(confirm, '2026-01-05T12:00:00.000Z')).toMatchObject({
      ok: false,
      refusal: { code: 'hold-exhausted' },
    });
    const extended = late.when(
      { ...confirm, type: 'ExtendHold', reason: 'Formulaires livrés' },
      '2026-01-05T12:00:00.000Z',
    );
    expect(extended).toMatchObject({
      ok: true,
      value: [
        {
          data: { until: '2026-01-05T16:00:00.000Z', extended: true },
          private: { data: { text: 'Formulaires livrés' } },
        },
      ],
    });
    expect(JSON.stringify(extended.ok ? extended.value[0]?.data : '')).not.toContain('livrés');
    expect(late.when({ ...confirm, type: 'ExtendHold', reason: ' ' })).toMatchObject({
      ok: false,
      refusal: { code: 'reason-missing' },
    });
    const served = holdEnded.of({ careFunction: 'prescription', ward: 'icu', reason: 'servedAgain' });
    expect(following(...held.value, served).when(confirm, '2026-01-05T13:00:00.000Z')).toMatchObject({
      ok: true,
      value: [{ data: { limit: '2026-01-05T17:00:00.000Z' } }],
    });
  });

  test('ends by itself once no alarm about the care function stands', () => {
    const held = following(raised('alarm-1', ['prescription']), opened).when(confirm, '2026-01-05T08:30:00.000Z');
    if (!held.ok) throw new Error('refused');
    const before = [raised('alarm-1', ['prescription']), opened, ...held.value];
    expect(following(...before).due('2026-01-05T09:00:00.000Z')).toEqual([]);
    const cleared = following(...before, alarmCleared.of({ alarm: 'alarm-1', at: noon }));
    expect(cleared.due('2026-01-05T09:00:00.000Z')).toEqual([
      { type: 'EndHold', careFunction: 'prescription', ward: 'icu', reason: 'servedAgain' },
    ]);
  });

  test('is refused where no degraded mode is written, and for a ward the function does not have', () => {
    expect(following().when({ ...confirm, careFunction: 'imaging', ward: 'ed' })).toMatchObject({
      ok: false,
      refusal: { code: 'hold-without-mode' },
    });
    expect(following().when({ ...confirm, ward: 'maternity' })).toMatchObject({
      ok: false,
      refusal: { code: 'ward-not-concerned' },
    });
  });
});

describe('the crisis log', () => {
  test('writes itself, and keeps what people write apart, under a key that can be erased', () => {
    const written = following(opened).when({
      type: 'WriteLog',
      incident: 'incident-1',
      kind: 'decision',
      text: ' Appel du SAMU ',
    });
    expect(written).toMatchObject({
      ok: true,
      value: [{ data: { kind: 'decision' }, private: { subject: 'incident-1', data: { text: 'Appel du SAMU' } } }],
    });
    expect(JSON.stringify(written.ok ? written.value[0]?.data : '')).not.toContain('SAMU');
    if (!written.ok) throw new Error('refused');
    const { state } = following(opened, ...written.value);
    expect(state.incidents['incident-1']?.log.map((line) => [line.code, line.text])).toEqual([
      ['IncidentOpened', undefined],
      ['CrisisLogWritten', 'Appel du SAMU'],
    ]);
  });
});
