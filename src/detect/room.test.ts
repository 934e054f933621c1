import { describe, expect, test } from 'vitest';
import type { DetectCommand } from './decide.ts';
import { Hospital, onBattery } from './fixtures/hospital.ts';

describe('alarms', () => {
  test('losses gather, then one alarm names their root and the care at stake', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr');
    expect(chu.after(1)).toEqual([]);
    chu.see('down', 'switch');
    chu.see('down', 'ehr-db');
    expect(chu.after(1)).toMatchObject([
      {
        type: 'AlarmRaised',
        data: {
          cause: 'componentLost',
          roots: ['switch'],
          careFunctions: ['prescription'],
          since: '2024-08-03T09:00:00.000Z',
        },
      },
    ]);
    expect(new Set(chu.state.alarms['alarm-1']?.components)).toEqual(new Set(['ehr', 'ehr-db', 'switch']));
    expect(chu.after(3600)).toEqual([]);
  });

  test('what was up and is seen so again says nothing; a degraded component calls nobody', () => {
    const chu = new Hospital();
    expect(chu.see('up', 'ehr')).toHaveLength(1);
    expect(chu.see('up', 'ehr')).toEqual([]);
    chu.see('degraded', 'ehr');
    expect(chu.after(60)).toEqual([]);
  });

  test('the root seen later takes over the alarm of what hangs on it', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr-db');
    chu.after(2);
    chu.see('down', 'pacs');
    expect(chu.after(2)).toMatchObject([
      { type: 'AlarmRaised', data: { roots: ['pacs'], careFunctions: ['imaging'] } },
    ]);
    chu.see('down', 'switch');
    expect(chu.after(2)).toMatchObject([
      { type: 'AlarmWidened', data: { alarm: 'alarm-1', roots: ['switch'], components: ['ehr-db', 'switch'] } },
    ]);
    chu.see('down', 'feed');
    chu.now += 600_000;
    expect(chu.after(0)).toMatchObject([
      { type: 'AlarmWidened', data: { alarm: 'alarm-2', roots: ['feed'], components: ['pacs', 'feed'] } },
    ]);
    expect(chu.alarms()).toHaveLength(2);
  });

  test('two alarms found to have one cause become the oldest', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr-db');
    chu.after(2);
    chu.see('down', 'telephony');
    chu.after(2);
    expect(chu.alarms()).toHaveLength(2);
    chu.see('down', 'switch');
    expect(chu.after(2)).toMatchObject([
      {
        type: 'AlarmWidened',
        data: { alarm: 'alarm-1', roots: ['switch'], components: ['ehr-db', 'telephony', 'switch'] },
      },
      { type: 'AlarmCleared', data: { alarm: 'alarm-2', absorbedBy: 'alarm-1' } },
    ]);
  });

  test('cleared when all its components are up, not before', () => {
    const chu = new Hospital();
    chu.see('down', 'switch');
    chu.see('down', 'ehr-db');
    chu.after(2);
    chu.see('up', 'switch');
    expect(chu.after(60)).toEqual([]);
    chu.see('up', 'ehr-db');
    expect(chu.after(0)).toMatchObject([{ type: 'AlarmCleared', data: { alarm: 'alarm-1' } }]);
    expect(chu.alarms()).toEqual([]);
  });

  test('a UPS on battery raises an alarm of power with the care it will cost', () => {
    const chu = new Hospital();
    chu.see('degraded', 'ups', onBattery);
    expect(chu.after(2)).toMatchObject([
      { type: 'AlarmRaised', data: { cause: 'powerOnBattery', roots: ['ups'], careFunctions: ['imaging'] } },
    ]);
  });

  test('what hangs on one thing nobody watches, and falls together, is one alarm that names it', () => {
    const chu = new Hospital();
    for (const id of ['h1', 'h2', 'h3', 'h4']) chu.see('up', id);
    for (const id of ['h1', 'h2']) chu.see('down', id);
    expect(chu.after(2).map((event) => event.type)).toEqual(['AlarmRaised', 'AlarmRaised']);
    chu.see('down', 'h3');
    // One of them still up: the feed cannot be the cause.
    expect(chu.after(2)).toMatchObject([{ type: 'AlarmRaised', data: { roots: ['h3'] } }]);
    chu.see('down', 'h4');
    expect(chu.after(2)).toMatchObject([
      {
        type: 'AlarmWidened',
        data: { alarm: 'alarm-1', roots: ['hosting-feed'], components: ['h1', 'h2', 'h3', 'h4'] },
      },
      { type: 'AlarmCleared', data: { alarm: 'alarm-2', absorbedBy: 'alarm-1' } },
      { type: 'AlarmCleared', data: { alarm: 'alarm-3', absorbedBy: 'alarm-1' } },
    ]);
    chu.see('up', 'h1');
    chu.see('up', 'h2');
    expect(chu.after(2)).toEqual([]);
    chu.see('up', 'h3');
    chu.see('up', 'h4');
    expect(chu.after(0)).toMatchObject([{ type: 'AlarmCleared', data: { alarm: 'alarm-1' } }]);
  });

  test('silence is an alarm of unknown cause, once something was known', () => {
    const chu = new Hospital();
    chu.see('up', 'pacs');
    chu.see('unknown', 'pacs', { kind: 'silence', by: 'pacs-check', code: 'no-observation', detail: '' });
    expect(chu.after(2)).toMatchObject([{ type: 'AlarmRaised', data: { cause: 'unknown', roots: ['pacs'] } }]);
  });
});

describe('signs of ransomware', () => {
  test('one alarm for all places, raised though nothing stopped yet', () => {
    const chu = new Hospital();
    chu.see('up', 'ehr-db');
    chu.sign('ehr-db');
    expect(chu.sign('ehr-db')).toEqual([]);
    chu.sign('pacs');
    expect(chu.after(2)).toMatchObject([
      {
        type: 'AlarmRaised',
        data: { cause: 'ransomwareSign', roots: ['ehr-db', 'pacs'], careFunctions: ['prescription', 'imaging'] },
      },
    ]);
  });

  test('absorbs the alarm of the same component, and takes what falls next', () => {
    const chu = new Hospital();
    chu.see('down', 'ehr-db');
    chu.after(2);
    chu.sign('ehr-db');
    expect(chu.after(2)).toMatchObject([
      { type: 'AlarmRaised', data: { alarm: 'alarm-2', cause: 'ransomwareSign', components: ['ehr-db'] } },
      { type: 'AlarmCleared', data: { alarm: 'alarm-1', absorbedBy: 'alarm-2' } },
    ]);
    chu.see('down', 'pacs');
    expect(chu.after(2)).toMatchObject([
      {
        type: 'AlarmWidened',
        data: {
          alarm: 'alarm-2',
          roots: ['ehr-db'],
          components: ['ehr-db', 'pacs'],
          careFunctions: ['prescription', 'imaging'],
        },
      },
    ]);
    chu.see('degraded', 'ups', onBattery);
    expect(chu.after(2)).toMatchObject([{ type: 'AlarmRaised', data: { cause: 'powerOnBattery' } }]);
  });

  test('stays while a sign stands, and ends with it', () => {
    const chu = new Hospital();
    chu.sign('pacs');
    chu.after(2);
    expect(chu.after(3600)).toEqual([]);
    chu.see('degraded', 'pacs');
    chu.see('up', 'pacs');
    expect(chu.after(0)).toMatchObject([{ type: 'AlarmCleared' }]);
  });
});

describe('reports of wards', () => {
  test('name a function and a ward of the map, once per tap', () => {
    const chu = new Hospital();
    const report: DetectCommand = { type: 'ReportWard', careFunction: 'prescription', ward: 'cardio', works: false };
    expect(chu.submit(report)).toMatchObject([{ type: 'WardReported', data: { works: false } }]);
    expect(chu.submit(report)).toEqual([]);
    chu.now += 60_000;
    expect(chu.submit(report)).toHaveLength(1);
    expect(() => chu.submit({ ...report, ward: 'nowhere' })).toThrow('ward-unknown');
    expect(() => chu.submit({ ...report, careFunction: 'nothing' })).toThrow('care-function-unknown');
  });
});
