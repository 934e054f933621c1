import { z } from 'zod';

/** `owner:id`; a bare `id` in a file belongs to that file's establishment. Lower case, digits, dashes and dots. */
export const Reference = z.string().regex(/^(?:[a-z0-9][a-z0-9.-]*:)?[a-z0-9][a-z0-9.-]*$/);
export type Reference = z.infer<typeof Reference>;

/** A text in both languages of the product; English falls back to French where a hospital wrote only one. */
export const Words = z.strictObject({ fr: z.string().min(1), en: z.string().min(1).optional() });
export type Words = z.infer<typeof Words>;

/** What something depends on. `graceSeconds`: how long it goes on once the need is lost (a UPS, a cache, paper). */
export type Need =
  | { need: Reference; graceSeconds?: number | undefined }
  | { all: Need[] }
  | { any: Need[] }
  | { atLeast: number; of: Need[] };
export const Need: z.ZodType<Need> = z.lazy(() =>
  z.union([
    z.strictObject({ need: Reference, graceSeconds: z.number().int().nonnegative().optional() }),
    z.strictObject({ all: z.array(Need).min(1) }),
    z.strictObject({ any: z.array(Need).min(1) }),
    z.strictObject({ atLeast: z.number().int().positive(), of: z.array(Need).min(1) }),
  ]),
);

export const componentKinds = [
  'application',
  'service',
  'server',
  'virtualMachine',
  'database',
  'storage',
  'networkLink',
  'powerFeed',
  'transferSwitch',
  'generator',
  'ups',
  'pdu',
  'accessPoint',
  'directory',
  'integrationEngine',
  'telephony',
  'hosting',
  'workstation',
  'environment',
] as const;
export const ComponentKind = z.enum(componentKinds);
export type ComponentKind = z.infer<typeof ComponentKind>;

export const Site = z.strictObject({
  id: Reference,
  name: Words,
  city: z.string().optional(),
  position: z.tuple([z.number(), z.number()]).optional(),
});
export type Site = z.infer<typeof Site>;
export const Ward = z.strictObject({
  id: Reference,
  name: Words,
  site: Reference,
  beds: z.number().int().nonnegative().optional(),
  phone: z.string().optional(),
  accessPoints: z.array(Reference).default([]),
});
export type Ward = z.infer<typeof Ward>;
export const Supplier = z.strictObject({
  id: Reference,
  name: z.string(),
  phone: z.string().optional(),
  mustAnswerWithinSeconds: z.number().optional(),
  mustRepairWithinSeconds: z.number().optional(),
});
export type Supplier = z.infer<typeof Supplier>;

/** Where and how a component is brought back. Names only: addresses and secrets are configuration, not map. */
export const RestorePolicy = z.strictObject({
  /** A backup source of the configuration. */
  source: z.string(),
  /** How restored files become a service. */
  driver: z.enum(['postgresql', 'orthanc', 'application', 'files']),
  /** Declared restoration time, until one is measured. */
  declaredSeconds: z.number().int().positive().optional(),
  /** Clinical probes of the configuration that must agree before anyone relies on it. */
  probes: z.array(z.string()).default([]),
});

export const Component = z.strictObject({
  id: Reference,
  kind: ComponentKind,
  name: Words,
  site: Reference.optional(),
  supplier: Reference.optional(),
  needs: Need.optional(),
  restore: RestorePolicy.optional(),
  /** Who confirmed the links of this component, and when (YYYY-MM-DD). */
  confirmed: z.strictObject({ by: z.string(), on: z.string() }).optional(),
});
export type Component = z.infer<typeof Component>;

/** When a function is needed: always, or hours of some days (establishment's local time). */
export const Calendar = z.union([
  z.literal('always'),
  z.strictObject({
    days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
    from: z.string().regex(/^\d\d:\d\d$/),
    to: z.string().regex(/^\d\d:\d\d$/),
  }),
]);
export type Calendar = z.infer<typeof Calendar>;

export const DegradedMode = z.strictObject({
  name: Words,
  /** How long a ward can hold with it; proved by an exercise on a date, or unproved. */
  holdSeconds: z.number().int().nonnegative(),
  runsOutFirst: z.enum(['staff', 'forms', 'stock', 'sheets', 'battery', 'nothing']),
  provedOn: z.string().optional(),
  /** Action card lines: what the ward does instead. */
  steps: z.array(Words).default([]),
});

export const CareFunction = z.strictObject({
  id: Reference,
  name: Words,
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  weight: z.number().positive(),
  signedBy: z.string().optional(),
  calendar: Calendar.default('always'),
  /** Maximum tolerable interruption (DMIA). */
  mtpdSeconds: z.number().int().nonnegative(),
  /** Restoration objective. Must fit inside the DMIA. */
  rtoSeconds: z.number().int().positive(),
  rpoSeconds: z.number().int().nonnegative().optional(),
  wards: z.array(Reference).min(1),
  /** Nested function: counts once, inside this one. */
  partOf: Reference.optional(),
  needs: Need,
  degradedMode: DegradedMode.optional(),
});
export type CareFunction = z.infer<typeof CareFunction>;

/** One establishment's map: the document a `MapImported` event names. Order is clinical order. */
export const HospitalMap = z.strictObject({
  version: z.literal(1),
  establishment: z.strictObject({ id: Reference, name: Words, timeZone: z.string().default('Europe/Paris') }),
  sites: z.array(Site),
  wards: z.array(Ward),
  suppliers: z.array(Supplier).default([]),
  careFunctions: z.array(CareFunction),
  components: z.array(Component),
});
export type HospitalMap = z.infer<typeof HospitalMap>;

/** States of a component. Unknown is never shown as up. */
export const componentStates = ['up', 'degraded', 'down', 'unknown', 'isolated', 'restoring'] as const;
export const ComponentState = z.enum(componentStates);
export type ComponentState = z.infer<typeof ComponentState>;

/** Whether a care function's needs are met by its systems. */
export type Supply = 'served' | 'partly' | 'lost' | 'unknown';
