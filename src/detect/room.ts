import type { Room } from '../journal/room.ts';
import { alarmChanges } from './alarms.ts';
import { type DetectCommand, decide, type Shared } from './decide.ts';
import { dependenciesOf } from './dependencies.ts';
import { type DetectState, evolve, initialDetectState, stateOf } from './state.ts';

export const detectRoom: Room<DetectState, DetectCommand, Shared> = {
  name: 'detect',
  initial: initialDetectState,
  evolve,
  decide,
  due(state, now, shared) {
    const restored = Object.entries(state.wishes)
      .filter(([component, { to }]) => stateOf(state, component) !== to)
      .map(([component, { to, recovery, since }]): DetectCommand => {
        const evidence = { kind: 'restoration' as const, by: recovery, code: `restoration-${to}`, detail: '' };
        return { type: 'ChangeComponentState', component, to, since, evidence };
      });
    const alarms: DetectCommand[] =
      alarmChanges(state, now, dependenciesOf(shared.document)).length > 0 ? [{ type: 'AssessAlarms' }] : [];
    return [...restored, ...alarms];
  },
};
