import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hospital, hospital, onBattery } from './fixtures/hospital.ts';
import { stateOf } from './state.ts';
import { alarmsView } from './views.ts';

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
          // On battery and showing a sign, it is two things at once, for two people: neither may hide the other.
          else expect(covering(component)).toBeLessThanOrEqual(chu.state.signs[component] === undefined ? 1 : 2);
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
      {
        examples: [
          [
            [
              { id: 'h3', to: 'battery', seconds: 2 },
              { id: 'hosting', to: 'sign', seconds: 0 },
              { id: 'h3', to: 'sign', seconds: 0 },
            ],
          ],
        ],
      },
    );
  });
});
