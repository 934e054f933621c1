import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';
import { nightsEvents } from './nights/events.ts';
import { proofEvents } from './proof/events.ts';
import { PlannedComponent, StepKind } from './step.ts';

const Fact = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  rule: z.enum(['atLeast', 'equal']),
});
export const FactCheck = z.object({
  probe: z.string(),
  name: z.string(),
  expected: z.union([z.number(), z.string(), z.null()]),
  found: z.union([z.number(), z.string(), z.null()]),
  agrees: z.boolean(),
});
export type FactCheck = z.infer<typeof FactCheck>;

/** Counts and digests taken while the component was healthy, beside the time they were true. */
export const healthyFactsRecorded = defineEvent(
  'HealthyFactsRecorded',
  1,
  z.object({ component: z.string(), probe: z.string(), facts: z.array(Fact), at: z.string() }),
);

/** The order of a recovery. Said again with the same name when more is lost: what was already done stays done. */
export const recoveryPlanned = defineEvent(
  'RecoveryPlanned',
  1,
  z.object({
    recovery: z.string(),
    incident: z.string(),
    lossSince: z.string(),
    careFunctions: z.array(z.string()),
    components: z.array(PlannedComponent),
    leftOut: z.array(z.object({ component: z.string(), because: z.string() })),
  }),
);
export const cleanRoomOpened = defineEvent(
  'CleanRoomOpened',
  1,
  z.object({ recovery: z.string(), room: z.string(), endedOrphans: z.number() }),
);
/** `paths`: each kind of forbidden path tried from inside, once; one that got out ends with `!`. */
export const isolationProved = defineEvent(
  'IsolationProved',
  1,
  z.object({ recovery: z.string(), attempts: z.number(), escaped: z.number(), paths: z.array(z.string()) }),
);

export const recoveryStepStarted = defineEvent(
  'RecoveryStepStarted',
  1,
  z.object({ recovery: z.string(), component: z.string(), step: StepKind, attempt: z.number() }),
);
export const recoveryStepDone = defineEvent(
  'RecoveryStepDone',
  1,
  z.object({ recovery: z.string(), component: z.string(), step: StepKind, attempt: z.number(), seconds: z.number() }),
);
export const recoveryStepFailed = defineEvent(
  'RecoveryStepFailed',
  1,
  z.object({
    recovery: z.string(),
    component: z.string(),
    step: StepKind,
    attempt: z.number(),
    code: z.string(),
    detail: z.string().max(300),
    retryable: z.boolean(),
  }),
);
/** Result of `choose`: the newest snapshot that restores with no known sign, and what going back to it loses. */
export const snapshotChosen = defineEvent(
  'SnapshotChosen',
  1,
  z.object({
    recovery: z.string(),
    component: z.string(),
    snapshot: z.string(),
    /** Data horizon: nothing after this instant comes back from this backup. */
    horizon: z.string(),
    passedOver: z.array(z.object({ snapshot: z.string(), time: z.string(), reason: z.string() })),
    rulesOf: z.string(),
    notExamined: z.number(),
  }),
);
/** A person who saw what the chosen night answered has an older one chosen. `reason`: why its verification failed. */
export const nightSetAside = defineEvent(
  'NightSetAside',
  1,
  z.object({
    recovery: z.string(),
    component: z.string(),
    snapshot: z.string(),
    horizon: z.string(),
    reason: z.string(),
  }),
);
export const componentFetched = defineEvent(
  'ComponentFetched',
  1,
  z.object({ recovery: z.string(), component: z.string(), files: z.number(), bytes: z.number(), problems: z.number() }),
);
export const componentVerified = defineEvent(
  'ComponentVerified',
  1,
  z.object({ recovery: z.string(), component: z.string(), checks: z.array(FactCheck), agrees: z.boolean() }),
);
/** A person opened a care function to clinicians, seeing what was verified and the data horizon. */
export const careFunctionReleased = defineEvent(
  'CareFunctionReleased',
  1,
  z.object({
    recovery: z.string(),
    careFunction: z.string(),
    horizon: z.string().nullable(),
    lostAt: z.string(),
    restoredSeconds: z.number(),
    targetSeconds: z.number(),
  }),
);
export const recoveryClosed = defineEvent(
  'RecoveryClosed',
  1,
  z.object({ recovery: z.string(), outcome: z.enum(['released', 'abandoned']) }),
);

export const restoreEvents = [
  healthyFactsRecorded,
  recoveryPlanned,
  cleanRoomOpened,
  isolationProved,
  recoveryStepStarted,
  recoveryStepDone,
  recoveryStepFailed,
  snapshotChosen,
  nightSetAside,
  componentFetched,
  componentVerified,
  careFunctionReleased,
  recoveryClosed,
  ...nightsEvents,
  ...proofEvents,
] as const;
export type RestoreEvent = EventIn<typeof restoreEvents>;
