import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';

export const activationLevels = ['nominal', 'veille', 'mobilisationInterne', 'planBlanc', 'levee'] as const;
export const ActivationLevel = z.enum(activationLevels);
export type ActivationLevel = z.infer<typeof ActivationLevel>;

export const incidentOpened = defineEvent(
  'IncidentOpened',
  1,
  z.object({
    incident: z.string(),
    alarm: z.string().optional(),
    cause: z.string(),
    roots: z.array(z.string()),
    careFunctions: z.array(z.string()),
    lossSince: z.string(),
  }),
);
export const alarmJoinedIncident = defineEvent(
  'AlarmJoinedIncident',
  1,
  z.object({ incident: z.string(), alarm: z.string(), careFunctions: z.array(z.string()) }),
);
export const activationLevelChanged = defineEvent(
  'ActivationLevelChanged',
  1,
  z.object({ incident: z.string(), from: ActivationLevel, to: ActivationLevel }),
);
export const incidentClosed = defineEvent('IncidentClosed', 1, z.object({ incident: z.string() }));
/** `incident` was found to be the same crisis as `into`: its alarms, plans and lines go on there, and it is closed. */
export const incidentMerged = defineEvent('IncidentMerged', 1, z.object({ incident: z.string(), into: z.string() }));
export const roleTaken = defineEvent(
  'RoleTaken',
  1,
  z.object({ incident: z.string(), role: z.string(), person: z.string() }),
);

export const PlanStep = z.object({
  id: z.string(),
  /** Words are in the plan document; an automatic step names a closed action of the product. */
  title: z.object({ fr: z.string(), en: z.string().optional() }),
  kind: z.enum(['human', 'automatic']),
  action: z.enum(['planRecovery']).optional(),
  role: z.string().optional(),
  /** Stops what destroys: before it is done, no return may be promised. */
  containment: z.boolean().default(false),
  after: z.array(z.string()).default([]),
  withinSeconds: z.number().optional(),
});
export type PlanStep = z.infer<typeof PlanStep>;
/** The establishment's plans, replaced together; the document is content-addressed. */
export const plansImported = defineEvent(
  'PlansImported',
  1,
  z.object({ document: z.string(), plans: z.number(), source: z.string() }),
);
export const planStarted = defineEvent(
  'PlanStarted',
  1,
  z.object({
    incident: z.string(),
    plan: z.string(),
    name: z.object({ fr: z.string(), en: z.string().optional() }),
    steps: z.array(PlanStep),
  }),
);
export const planStepDone = defineEvent(
  'PlanStepDone',
  1,
  z.object({
    incident: z.string(),
    plan: z.string(),
    step: z.string(),
    outcome: z.enum(['done', 'skipped', 'failed']),
    code: z.string().optional(),
  }),
);

/**
 * A person of the ward says the degraded mode is in place. Expires at `until` unless confirmed again, and cannot go past `limit`:
 * what the degraded mode bears, counted from the start of the spell. `extended`: a named clinician moved the limit; why is private.
 */
export const holdConfirmed = defineEvent(
  'HoldConfirmed',
  1,
  z.object({
    careFunction: z.string(),
    ward: z.string(),
    from: z.string(),
    until: z.string(),
    limit: z.string(),
    extended: z.boolean(),
    runsOutFirst: z.string(),
    proved: z.boolean(),
  }),
);
export const holdEnded = defineEvent(
  'HoldEnded',
  1,
  z.object({ careFunction: z.string(), ward: z.string(), reason: z.enum(['expired', 'givenUp', 'servedAgain']) }),
);
export const activityDecided = defineEvent(
  'ActivityDecided',
  1,
  z.object({
    careFunction: z.string(),
    wards: z.array(z.string()),
    decision: z.enum(['diverted', 'reduced', 'resumed']),
    reviewAt: z.string().optional(),
    patients: z.number().optional(),
  }),
);
/** Someone answerable for it says when a care function will be back: their estimate, with their name on it. */
export const returnEstimated = defineEvent(
  'ReturnEstimated',
  1,
  z.object({ careFunction: z.string(), p50: z.string(), p90: z.string() }),
);
/**
 * A line a person writes; its text is private. A correction is a new line. A story's line, written in several languages, has
 * them all in its private part beside `text`: `{ text: '…', words: { fr: '…', en: '…' } }`.
 */
export const crisisLogWritten = defineEvent(
  'CrisisLogWritten',
  1,
  z.object({
    incident: z.string(),
    kind: z.enum(['fact', 'decision', 'action', 'message']),
    corrects: z.number().optional(),
  }),
);

export const activateEvents = [
  incidentOpened,
  alarmJoinedIncident,
  activationLevelChanged,
  incidentClosed,
  roleTaken,
  plansImported,
  planStarted,
  planStepDone,
  holdConfirmed,
  holdEnded,
  activityDecided,
  returnEstimated,
  crisisLogWritten,
  incidentMerged,
] as const;
export type ActivateEvent = EventIn<typeof activateEvents>;
