import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';

/** An exercise runs in a journal of its own, outward effects stubbed; the live journal only says that it ran. */
export const exerciseStarted = defineEvent(
  'ExerciseStarted',
  1,
  z.object({ exercise: z.string(), scenario: z.string(), speed: z.number() }),
);
export const exerciseEnded = defineEvent(
  'ExerciseEnded',
  1,
  z.object({ exercise: z.string(), reason: z.enum(['finished', 'stopped', 'realAlarm']) }),
);

export const prepareEvents = [exerciseStarted, exerciseEnded] as const;
export type PrepareEvent = EventIn<typeof prepareEvents>;
