import { describe, expect, test } from 'vitest';
import { alarmRaised } from '../detect/events.ts';
import type { NewEvent } from '../journal/event.ts';
import { given } from '../journal/specification.ts';
import { smallMap } from '../map/fixture.ts';
import type { HospitalMap } from '../map/model.ts';
import { recoveryPlanned } from '../restore/events.ts';
import { restoreRoom } from '../restore/room.ts';
import {
  activationLevelChanged,
  incidentMerged,
  incidentOpened,
  planStarted,
  planStepDone,
  roleTaken,
} from './events.ts';
import { activateRoom } from './room.ts';
import { incidentsView } from './views.ts';

const onSite = (map: HospitalMap, site: string, ids: readonly string[]): HospitalMap => ({
  ...map,
  components: map.components.map((component) => (ids.includes(component.id) ? { ...component, site } : component)),
});
/** Two rooms of one site, each with its own application; a third application stands elsewhere, on a link. */
const document = onSite(
  smallMap(
    { 'room-a': null, 'room-b': null, 'app-a': 'room-a', 'app-b': 'room-b', link: null, 'app-c': 'link' },
    {
      prescription: { needs: { need: 'app-a' } },
      imaging: { needs: { need: 'app-b' } },
      meals: { needs: { need: 'app-c' } },
    },
  ),
  'main',
  ['room-a', 'room-b'],
);
const eight = '2026-01-05T08:00:00.000Z';
const later = '2026-01-05T09:00:00.000Z';
const raised = (alarm: string, root: string, careFunctions: string[], since = eight) =>
  alarmRaised.of({ alarm, cause: 'componentLost', roots: [root], components: [root], careFunctions, since });
const opened = (incident: string, alarm: string, root: string, careFunctions: string[], lossSince = eight) =>
  incidentOpened.of({ incident, alarm, cause: 'componentLost', roots: [root], careFunctions, lossSince });
const following = (...history: NewEvent[]) => given(activateRoom, { document }, history);
const roomA = [
  raised('alarm-1', 'room-a', ['prescription']),
  opened('incident-1', 'alarm-1', 'room-a', ['prescription']),
];

describe('an alarm while an incident is open', () => {
  const joins = (alarm: NewEvent) => following(...roomA, alarm).due(later);

  test('joins it where both rooms of a site were lost together', () => {
    expect(joins(raised('alarm-2', 'room-b', ['imaging']))).toEqual([
      { type: 'JoinIncident', alarm: 'alarm-2', incident: 'incident-1' },
    ]);
  });

  test('joins it where one root hangs on the other, however long after', () => {
    expect(joins(raised('alarm-2', 'app-a', ['imaging'], '2026-01-06T08:00:00.000Z'))).toMatchObject([
      { type: 'JoinIncident', incident: 'incident-1' },
    ]);
  });

  test('opens another for a loss of the same site hours later, or one elsewhere: a person may join them', () => {
    expect(joins(raised('alarm-2', 'room-b', ['imaging'], '2026-01-05T11:00:00.000Z'))).toEqual([
      { type: 'OpenIncident', alarm: 'alarm-2' },
    ]);
    expect(joins(raised('alarm-2', 'link', ['meals']))).toEqual([{ type: 'OpenIncident', alarm: 'alarm-2' }]);
  });

  test('joins the one that opened since it was asked: two alarms of one instant are one crisis', () => {
    const both = following(raised('alarm-1', 'room-a', ['prescription']), raised('alarm-2', 'room-b', ['imaging']));
    expect(both.due(eight)).toEqual([
      { type: 'OpenIncident', alarm: 'alarm-1' },
      { type: 'OpenIncident', alarm: 'alarm-2' },
    ]);
    const first = both.when({ type: 'OpenIncident', alarm: 'alarm-1' });
    if (!first.ok) throw new Error('refused');
    const second = following(
      raised('alarm-1', 'room-a', ['prescription']),
      raised('alarm-2', 'room-b', ['imaging']),
      ...first.value,
    ).when({ type: 'OpenIncident', alarm: 'alarm-2' });
    expect(second).toMatchObject({
      ok: true,
      value: [{ type: 'AlarmJoinedIncident', data: { incident: 'incident-1', careFunctions: ['imaging'] } }],
    });
  });
});

describe('joining two incidents that are one', () => {
  const steps = ['call', 'gather'].map((id) => ({
    id,
    title: { fr: id },
    kind: 'human' as const,
    containment: false,
    after: [],
  }));
  const plan = (incident: string, id: string) => planStarted.of({ incident, plan: id, name: { fr: id }, steps });
  const done = (incident: string, step: string) => planStepDone.of({ incident, plan: 'loss', step, outcome: 'done' });
  const before = [
    ...roomA,
    plan('incident-1', 'loss'),
    done('incident-1', 'call'),
    roleTaken.of({ incident: 'incident-1', role: 'cio', person: 'person:a' }),
    raised('alarm-2', 'link', ['meals'], '2026-01-05T07:00:00.000Z'),
    opened('incident-2', 'alarm-2', 'link', ['meals'], '2026-01-05T07:00:00.000Z'),
    plan('incident-2', 'loss'),
    plan('incident-2', 'network'),
    done('incident-2', 'gather'),
    roleTaken.of({ incident: 'incident-2', role: 'cio', person: 'person:b' }),
    roleTaken.of({ incident: 'incident-2', role: 'legal', person: 'person:b' }),
    activationLevelChanged.of({ incident: 'incident-2', from: 'veille', to: 'planBlanc' }),
  ];
  const merge = { type: 'MergeIncident', incident: 'incident-2', into: 'incident-1' } as const;

  test('brings along its alarms, care functions, plans, roles and lines, and the higher level', () => {
    const decided = following(...before).when(merge);
    expect(decided).toMatchObject({
      ok: true,
      value: [
        { type: 'IncidentMerged', data: { incident: 'incident-2', into: 'incident-1' } },
        { type: 'ActivationLevelChanged', data: { incident: 'incident-1', from: 'veille', to: 'planBlanc' } },
      ],
    });
    if (!decided.ok) return;
    const { state, due } = following(...before, ...decided.value);
    const [gone, into] = incidentsView(state).incidents;
    expect(gone).toMatchObject({ number: 2, mergedInto: 'incident-1', closedAt: expect.any(String) });
    expect(into).toMatchObject({
      number: 1,
      closedAt: null,
      level: 'planBlanc',
      roots: ['room-a', 'link'],
      careFunctions: ['prescription', 'meals'],
      lossSince: '2026-01-05T07:00:00.000Z',
      roles: [
        { role: 'cio', person: 'person:a' },
        { role: 'legal', person: 'person:b' },
      ],
      plans: [{ plan: 'loss', steps: [{ state: 'done' }, { state: 'done' }] }, { plan: 'network' }],
    });
    // Lines that both had stand once, in order.
    const sequences = into?.log.map((line) => line.sequence) ?? [];
    expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => one - other));
    expect(into?.log.map((line) => line.code)).toEqual(expect.arrayContaining(['IncidentMerged', 'IncidentOpened']));
    expect(into?.log.filter((line) => line.code === 'IncidentOpened')).toHaveLength(2);
    expect(state.alarms['alarm-2']?.incident).toBe('incident-1');
    expect(due(later)).toEqual([]);
  });

  test('is refused with itself, with one that is closed, and while both are being restored', () => {
    const asked = (into: string, ...more: NewEvent[]) => following(...before, ...more).when({ ...merge, into });
    expect(asked('incident-2')).toMatchObject({ refusal: { code: 'incident-not-joinable' } });
    expect(asked('nowhere')).toMatchObject({ refusal: { code: 'not-found' } });
    const merged = incidentMerged.of({ incident: 'incident-1', into: 'incident-2' });
    expect(asked('incident-1', merged)).toMatchObject({ refusal: { code: 'incident-not-joinable' } });
    const planned = (recovery: string, incident: string) =>
      recoveryPlanned.of({ recovery, incident, lossSince: eight, careFunctions: [], components: [], leftOut: [] });
    expect(asked('incident-1', planned('r1', 'incident-1'), planned('r2', 'incident-2'))).toMatchObject({
      refusal: { code: 'incidents-both-restoring' },
    });
  });

  test('hands its restoration over: it widens to the care functions of both', () => {
    const planned = recoveryPlanned.of({
      recovery: 'r2',
      incident: 'incident-2',
      lossSince: eight,
      careFunctions: ['meals'],
      components: [],
      leftOut: [],
    });
    const merged = incidentMerged.of({ incident: 'incident-2', into: 'incident-1' });
    const { state, due } = given(restoreRoom, { document }, [...before, planned, merged]);
    expect(state.recoveries.r2?.incident).toBe('incident-1');
    expect(Object.keys(state.incidents)).toEqual(['incident-1']);
    expect(due(later)).toEqual([{ type: 'PlanRecovery', incident: 'incident-1' }]);
  });
});
