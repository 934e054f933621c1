import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewEvent, RecordedEvent } from '../journal/event.ts';
import { HospitalMap } from '../map/model.ts';
import {
  careFunctionReleased,
  isolationProved,
  recoveryClosed,
  recoveryPlanned,
  recoveryStepStarted,
} from '../restore/events.ts';
import type { DetectCommand } from './decide.ts';
import type { Evidence } from './events.ts';
import { detectRoom } from './room.ts';
import { stateOf } from './state.ts';
import { alarmsView } from './views.ts';

const words = (fr: string) => ({ fr });
const hospital = HospitalMap.parse({
  version: 1,
  establishment: { id: 'chu', name: words('CHU') },
  sites: [{ id: 'main', name: words('Site') }],
  wards: [{ id: 'cardio', name: words('Cardiologie'), site: 'main' }],
  careFunctions: ['prescription', 'imaging'].map((id) => ({
    id,
    name: words(id),
    tier: 1,
    weight: 1,
    mtpdSeconds: 3600,
    rtoSeconds: 1800,
    wards: ['cardio'],
    needs: { need: id === 'imaging' ? 'pacs' : 'ehr' },
  })),
  components: [
    { id: 'ehr', kind: 'application', name: words('DPI'), needs: { all: [{ need: 'ehr-db' }, { need: 'switch' }] } },
    { id: 'ehr-db', kind: 'database', name: words('Base'), needs: { need: 'switch' } },
    { id: 'pacs', kind: 'application', name: words('PACS'), needs: { need: 'ups' } },
    { id: 'telephony', kind: 'telephony', name: words('Téléphonie'), needs: { need: 'switch' } },
    { id: 'switch', kind: 'networkLink', name: words('Commutateur') },
    { id: 'ups', kind: 'ups', name: words('Onduleur'), needs: { need: 'feed', graceSeconds: 600 } },
    { id: 'feed', kind: 'powerFeed', name: words('Arrivée') },
    { id: 'hosting', kind: 'hosting', name: words('Hébergeur') },
    { id: 'hosting-feed', kind: 'powerFeed', name: words('Arrivée de l’hébergeur'), needs: { need: 'hosting' } },
    ...['h1', 'h2', 'h3', 'h4'].map((id) => ({ id, kind: 'server', name: words(id), needs: { need: 'hosting-feed' } })),
  ],
});

const byCheck: Evidence = { kind: 'check', by: 'some-check', code: 'tcp-refused', detail: '' };
const onBattery: Evidence = { kind: 'power', by: 'ups-check', code: 'ups-on-battery', detail: '' };

/** One establishment's facts about detection, under a clock the test moves. */
class Hospital {
  state = detectRoom.initial;
  now = Date.parse('2024-08-03T09:00:00.000Z');
  told: RecordedEvent[] = [];
  #ids = 0;

  record(...events: NewEvent[]): void {
    for (const event of events) {
      const recorded: RecordedEvent = {
        establishment: 'chu',
        epoch: 1,
        sequence: this.told.length + 1,
        time: this.iso(),
        actor: 'test',
        type: event.type,
        data: event.data,
      };
      this.told.push(recorded);
      this.state = detectRoom.evolve(this.state, recorded);
    }
  }

  submit(command: DetectCommand): NewEvent[] {
    const decided = detectRoom.decide(this.state, command, {
      now: this.now,
      actor: 'test',
      newId: (kind) => `${kind}-${++this.#ids}`,
      shared: { document: hospital },
    });
    if (!decided.ok) throw new Error(decided.refusal.code);
    this.record(...decided.value);
    return decided.value;
  }

  /** Lets time pass, then does all that is due; asking again at the same instant must ask for nothing. */
  after(seconds: number): RecordedEvent[] {
    this.now += seconds * 1000;
    const before = this.told.length;
    for (let round = 0; round < 3; round += 1) {
      for (const command of detectRoom.due(this.state, this.now, { document: hospital })) this.submit(command);
    }
    expect(detectRoom.due(this.state, this.now, { document: hospital })).toEqual([]);
    return this.told.slice(before);
  }

  see(to: 'up' | 'down' | 'degraded' | 'unknown', component: string, evidence = byCheck): NewEvent[] {
    return this.submit({ type: 'ChangeComponentState', component, to, since: this.iso(), evidence });
  }

  sign(component: string): NewEvent[] {
    return this.submit({
      type: 'ReportRansomwareSign',
      component,
      check: 'canary',
      sign: 'canaryAltered',
      detail: '',
      since: this.iso(),
    });
  }

  iso = () => new Date(this.now).toISOString();
  alarms = () => alarmsView(this.state).alarms;
}

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

describe('whatever falls, comes back and shows signs', () => {
  const ids = hospital.components.map((component) => component.id);
  const change = fc.record({
    id: fc.constantFrom(...ids),
    to: fc.constantFrom('up', 'down', 'degraded', 'unknown', 'battery', 'sign'),
    seconds: fc.integer({ min: 0, max: 5 }),
  });

  test('every loss is in exactly one alarm two seconds later, and no alarm outlives its losses', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (story) => {
        const chu = new Hospital();
        for (const { id, to, seconds } of story) {
          if (to === 'sign') chu.sign(id);
          else if (to === 'battery') chu.see('degraded', id, onBattery);
          else chu.see(to, id);
          chu.after(seconds);
        }
        chu.after(2);
        const alarms = Object.values(chu.state.alarms);
        const covering = (id: string) => alarms.filter((alarm) => alarm.components.includes(id)).length;
        for (const { component, state } of alarmsView(chu.state).notUp) {
          if (state === 'down' || state === 'unknown') expect(covering(component)).toBe(1);
          else expect(covering(component)).toBeLessThanOrEqual(1);
        }
        for (const id of Object.keys(chu.state.signs)) {
          expect(alarms.filter((alarm) => alarm.cause === 'ransomwareSign' && alarm.roots.includes(id))).toHaveLength(
            1,
          );
        }
        for (const alarm of alarms) {
          expect(alarm.roots.length).toBeGreaterThan(0);
          expect(new Set(alarm.components).size).toBe(alarm.components.length);
          expect(
            alarm.components.some((id) => stateOf(chu.state, id) !== 'up' || chu.state.signs[id] !== undefined),
          ).toBe(true);
        }
        for (const id of ids) {
          chu.see('degraded', id);
          chu.see('up', id);
        }
        chu.after(2);
        expect(chu.state.alarms).toEqual({});
      }),
    );
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
