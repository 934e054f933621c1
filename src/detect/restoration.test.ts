import { describe, expect, test } from 'vitest';
import {
  careFunctionReleased,
  isolationProved,
  recoveryClosed,
  recoveryPlanned,
  recoveryStepStarted,
} from '../restore/events.ts';
import { Hospital } from './fixtures/hospital.ts';
import { stateOf } from './state.ts';

describe('restoration', () => {
  const plan = recoveryPlanned.of({
    recovery: 'r1',
    incident: 'i1',
    lossSince: '2024-08-03T09:00:00.000Z',
    careFunctions: ['prescription'],
    components: ['ehr-db', 'ehr'].map((component) => ({
      component,
      rank: 1,
      after: [],
      source: 's',
      driver: 'files',
      probes: [],
      expectedSeconds: null,
      careFunctions: ['prescription'],
    })),
    leftOut: [],
  });
  const begun = (component: string) =>
    recoveryStepStarted.of({ recovery: 'r1', component, step: 'choose', attempt: 1 });
  const released = careFunctionReleased.of({
    recovery: 'r1',
    careFunction: 'prescription',
    horizon: null,
    lostAt: '2024-08-03T09:00:00.000Z',
    restoredSeconds: 60,
    targetSeconds: 1800,
  });

  test('holds the state against checks of the dead place, and gives it back with the release', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr-db');
    chu.see('up', 'ehr');
    chu.after(2);
    chu.record(plan, begun('ehr-db'), begun('ehr'));
    expect(chu.after(0)).toMatchObject([
      { type: 'ComponentStateChanged', data: { component: 'ehr-db', from: 'down', to: 'restoring' } },
    ]);
    expect(stateOf(chu.state, 'ehr')).toBe('up');
    expect(chu.see('down', 'ehr-db')).toEqual([]);
    expect(chu.sign('ehr-db')).toEqual([]);
    chu.record(released);
    expect(chu.after(0)).toMatchObject([
      { type: 'ComponentStateChanged', data: { component: 'ehr-db', from: 'restoring', to: 'up' } },
      { type: 'AlarmCleared', data: { alarm: 'alarm-1' } },
    ]);
    expect(chu.see('down', 'ehr-db')).toEqual([]);
    expect(chu.see('up', 'ehr-db')).toMatchObject([{ data: { from: 'up', to: 'up', evidence: { kind: 'check' } } }]);
    expect(chu.see('down', 'ehr-db')).toMatchObject([{ data: { from: 'up', to: 'down' } }]);
  });

  test('abandoned: nothing is known any more of what was being restored', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr-db');
    chu.record(plan, begun('ehr-db'), isolationProved.of({ recovery: 'r1', attempts: 1, escaped: 0, paths: [] }));
    chu.after(0);
    chu.record(recoveryClosed.of({ recovery: 'r1', outcome: 'abandoned' }));
    chu.after(0);
    expect(stateOf(chu.state, 'ehr-db')).toBe('unknown');
    expect(chu.see('down', 'ehr-db')).toHaveLength(1);
  });
});
