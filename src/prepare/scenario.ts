import { z } from 'zod';
import { activationLevels } from '../activate/events.ts';
import { ComponentState, Reference, Words } from '../map/model.ts';

/** `+90m`, `+3h30m`, `+2d4h`: time since the story's start. */
const Offset = z
  .string()
  .regex(/^\+(?:\d{1,4}d)?(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,6}s)?$/, 'expected a time since the start, such as +3h30m')
  .refine((text) => text.length > 1, 'expected a time since the start, such as +3h30m');

/** Milliseconds of a valid offset. */
export function offsetMilliseconds(offset: string): number {
  const unit: { [letter: string]: number } = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
  return [...offset.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, letter]) => sum + Number(count) * (unit[letter ?? ''] ?? 0),
    0,
  );
}

const Wards = z.union([z.literal('all'), z.array(Reference).min(1)]);

/** One moment of the story: what sensors see and what people do then. */
export const Inject = z.strictObject({
  at: Offset,
  title: Words.optional(),
  /** Components that change state. */
  states: z.record(Reference, ComponentState).optional(),
  /** Wards that confirm their degraded mode; several at once. With a reason, a clinician extends what it bears. */
  hold: z.array(z.strictObject({ careFunction: Reference, wards: Wards, reason: Words.optional() })).optional(),
  level: z.enum(activationLevels).optional(),
  decision: z
    .array(
      z.strictObject({
        careFunction: Reference,
        wards: Wards,
        decision: z.enum(['diverted', 'reduced', 'resumed']),
        reviewAt: Offset.optional(),
        patients: z.number().int().nonnegative().optional(),
      }),
    )
    .optional(),
  /** When someone answerable says a care function will be back: since the story's start. */
  estimate: z.array(z.strictObject({ careFunction: Reference, p50: Offset, p90: Offset })).optional(),
  /** Steps of running plans that people finish. */
  steps: z
    .array(z.strictObject({ plan: z.string(), step: z.string(), outcome: z.enum(['done', 'skipped']).default('done') }))
    .optional(),
  log: z
    .array(
      z.strictObject({
        kind: z.enum(['fact', 'decision', 'action', 'message']),
        fr: z.string(),
        en: z.string().optional(),
      }),
    )
    .optional(),
  close: z.boolean().optional(),
});
export type Inject = z.infer<typeof Inject>;

/** A real incident as a story that can be played again on an example map. */
export const Scenario = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: Words,
  story: Words,
  /** Where the facts come from, and what is only plausible. */
  sources: Words,
  /** ISO 8601 with its offset. */
  start: z.iso.datetime({ offset: true }),
  /** Name of a folder of `examples/`. */
  map: z.string(),
  injects: z.array(Inject).min(1),
});
export type Scenario = z.infer<typeof Scenario>;
