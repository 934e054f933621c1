import type { NewEvent, RecordedEvent } from './event.ts';
import type { Result } from './result.ts';
import type { Room } from './room.ts';

/** Tests of a room read given / when / then: events before, a command, and what was decided. */
export function given<State, Command extends { type: string }, Shared>(
  room: Room<State, Command, Shared>,
  shared: Shared,
  history: readonly (NewEvent & { at?: string })[],
) {
  const recorded = history.map((event, index) => record(event, index + 1, event.at ?? at(index)));
  const state = recorded.reduce(room.evolve, room.initial);
  return {
    state,
    when(command: Command, now = at(history.length)): Result<NewEvent[]> {
      let ids = 0;
      return room.decide(state, command, {
        now: Date.parse(now),
        actor: 'person:test',
        newId: (kind) => `${kind}-${++ids}`,
        shared,
      });
    },
    due: (now: string): Command[] => room.due(state, Date.parse(now), shared),
  };
}

/** A decided event as it would be recorded. */
export function record(event: NewEvent, sequence: number, time: string): RecordedEvent {
  const { private: secret, ...rest } = event;
  return {
    establishment: 'test',
    epoch: 1,
    sequence,
    time,
    actor: 'person:test',
    ...rest,
    ...(secret === undefined ? {} : { private: secret.data }),
  };
}

/** One event a minute from eight in the morning. */
const at = (index: number): string => new Date(Date.UTC(2026, 0, 5, 8, index)).toISOString();
