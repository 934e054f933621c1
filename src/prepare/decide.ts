import type { NewEvent } from '../journal/event.ts';
import { accept, type Result } from '../journal/result.ts';
import { exerciseEnded, exerciseStarted } from './events.ts';
import type { PrepareState } from './state.ts';

export type PrepareCommand =
  | { type: 'StartExercise'; exercise: string; scenario: string; speed: number }
  | { type: 'EndExercise'; exercise: string; reason: 'finished' | 'stopped' | 'realAlarm' };

export function decide(state: PrepareState, command: PrepareCommand): Result<NewEvent[]> {
  const known = state.running[command.exercise] !== undefined;
  switch (command.type) {
    case 'StartExercise':
      return accept(
        known
          ? []
          : [exerciseStarted.of({ exercise: command.exercise, scenario: command.scenario, speed: command.speed })],
      );
    case 'EndExercise':
      return accept(known ? [exerciseEnded.of({ exercise: command.exercise, reason: command.reason })] : []);
  }
}
