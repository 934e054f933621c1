import { z } from 'zod';
import { defineEvent } from '../../journal/event.ts';
import { PlannedComponent, StepKind } from '../step.ts';

/** How a component is restored was read in the configuration and the repository: where it differs from before, what was proved no longer holds. */
export const restorationMeansSeen = defineEvent(
  'RestorationMeansSeen',
  1,
  z.object({
    component: z.string(),
    source: z.string(),
    /** `sha256:<hex>` of its source, its service, its probes and the repository's own id. */
    digest: z.string(),
  }),
);
/** Restorable no longer: neither judged nor proved from now on. */
export const restorationMeansGone = defineEvent('RestorationMeansGone', 1, z.object({ component: z.string() }));

/** When nights are judged and restorations proved: local time of the establishment (HH:MM), and the day of the week (0: Sunday) of the whole. */
export const nightScheduled = defineEvent(
  'NightScheduled',
  1,
  z.object({ time: z.string(), weekday: z.number().int().min(0).max(6) }),
);

/** A restoration of no incident, in a clean room of its own, to know whether it can be done. */
export const proofBegun = defineEvent(
  'ProofBegun',
  1,
  z.object({
    recovery: z.string(),
    scope: z.enum(['sample', 'whole', 'asked']),
    careFunctions: z.array(z.string()),
    components: z.array(PlannedComponent),
    /** What each one's proof rests on: itself, and what is restored below it. A change on the map to one of these un-proves it. */
    restsOn: z.record(z.string(), z.array(z.string())),
  }),
);

const ProofOutcome = z.object({
  component: z.string(),
  /** `restored`: whole and with no known sign, but nothing could be asked of it that was known before. */
  outcome: z.enum(['proved', 'restored', 'failed', 'notTried']),
  /** Where it stopped; null where it went through. */
  step: StepKind.nullable(),
  code: z.string().nullable(),
  snapshot: z.string().nullable(),
  horizon: z.string().nullable(),
  /** Of all its steps. */
  seconds: z.number(),
  bytes: z.number(),
  /** Facts that agreed, of those asked. */
  agreed: z.number(),
  asked: z.number(),
});
export type ProofOutcome = z.infer<typeof ProofOutcome>;

export const proofEnded = defineEvent(
  'ProofEnded',
  1,
  z.object({
    recovery: z.string(),
    /** `incident`: care comes first; what was not done is done another night. `late`: it took longer than a night. */
    because: z.enum(['done', 'incident', 'late', 'no-room', 'person']),
    isolation: z.object({ attempts: z.number(), escaped: z.number() }).nullable(),
    outcomes: z.array(ProofOutcome),
  }),
);
/** Its room is taken down and the restored data removed. */
export const proofCleared = defineEvent('ProofCleared', 1, z.object({ recovery: z.string() }));

export const proofEvents = [
  restorationMeansSeen,
  restorationMeansGone,
  nightScheduled,
  proofBegun,
  proofEnded,
  proofCleared,
] as const;
