import type { RecordedEvent } from '../journal/event.ts';
import type { PrepareEvent } from './events.ts';

export interface PrepareState {
  /** Exercises running now: their worlds live only as long as the process, so a new life ends them. */
  running: { [exercise: string]: { exercise: string; scenario: string; speed: number; startedAt: string } };
}

export const initialPrepareState: PrepareState = { running: {} };

export function evolve(state: PrepareState, recorded: RecordedEvent): PrepareState {
  const event = recorded as PrepareEvent;
  switch (event.type) {
    case 'ExerciseStarted':
      return { running: { ...state.running, [event.data.exercise]: { ...event.data, startedAt: event.time } } };
    case 'ExerciseEnded': {
      const { [event.data.exercise]: _ended, ...running } = state.running;
      return { running };
    }
    default:
      return state;
  }
}
