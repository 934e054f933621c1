import { z } from 'zod';

/** What is done to a component, in this order. `release` is a person's. */
export const stepKinds = ['choose', 'fetch', 'start', 'verify', 'release'] as const;
export const StepKind = z.enum(stepKinds);
export type StepKind = z.infer<typeof StepKind>;

export const PlannedComponent = z.object({
  component: z.string(),
  /** Lower goes first; ties may run side by side. */
  rank: z.number(),
  after: z.array(z.string()),
  source: z.string(),
  driver: z.enum(['postgresql', 'orthanc', 'application', 'files']),
  probes: z.array(z.string()),
  expectedSeconds: z.number().nullable(),
  /** Care functions this component carries back, most vital first: why it has its rank. */
  careFunctions: z.array(z.string()),
});
export type PlannedComponent = z.infer<typeof PlannedComponent>;
