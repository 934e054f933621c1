import { z } from 'zod';
import { Reference, Words } from './reference.ts';
import { Contract, Supplier, Team } from './register.ts';

export { Reference, Words } from './reference.ts';
export { Contract, Supplier, Team } from './register.ts';

/** Who confirmed something, and when (YYYY-MM-DD). */
export const Confirmation = z.strictObject({ by: z.string().min(1), on: z.string().regex(/^\d{4}-\d\d-\d\d$/) });
export type Confirmation = z.infer<typeof Confirmation>;

/** What something depends on. `graceSeconds`: how long it goes on once the need is lost (a UPS, a cache, paper). */
export type Need =
  | { need: Reference; graceSeconds?: number | undefined; confirmed?: Confirmation | undefined }
  | { all: Need[] }
  | { any: Need[] }
  | { atLeast: number; of: Need[] };
export const Need: z.ZodType<Need> = z.lazy(() =>
  z.union([
    z.strictObject({
      need: Reference,
      graceSeconds: z.number().int().nonnegative().optional(),
      confirmed: Confirmation.optional(),
    }),
    z.strictObject({ all: z.array(Need).min(1) }),
    z.strictObject({ any: z.array(Need).min(1) }),
    z.strictObject({ atLeast: z.number().int().positive(), of: z.array(Need).min(1) }),
  ]),
);

/** A link that a tool or a likeness of names suggests: it counts for nothing until a person confirms it. */
export const ProposedLink = z.strictObject({
  need: Reference,
  graceSeconds: z.number().int().nonnegative().optional(),
  /** What suggests it, as people read it: `NetBox: cable 12`, `same name`. */
  because: z.string(),
});
export type ProposedLink = z.infer<typeof ProposedLink>;

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
/** Where and how a component is brought back. Names only: addresses and secrets are configuration, not map. */
export const RestorePolicy = z.strictObject({
  /** A backup source of the configuration. */
  source: z.string(),
  /** How restored files become a service. */
  driver: z.enum(['postgresql', 'orthanc', 'application', 'files']),
  /** Declared restoration time, until one is measured. */
  declaredSeconds: z.number().int().positive().optional(),
  /** How far apart two backups are declared to be: what a return to the last one may lose (PDMA). */
  everySeconds: z.number().int().positive().optional(),
  /** Clinical probes of the configuration that must agree before anyone relies on it. */
  probes: z.array(z.string()).default([]),
});

/** How often a component fails by itself, and how long each failure lasts. A rate without its source is nobody's. */
export const Reliability = z.strictObject({
  failuresPerYear: z.number().positive(),
  repairSeconds: z.number().positive(),
  source: z.string().min(1),
});

export const Origin = z.strictObject({ from: z.string().min(1), id: z.string().min(1) });
export type Origin = z.infer<typeof Origin>;

export const Component = z.strictObject({
  id: Reference,
  kind: ComponentKind,
  name: Words,
  site: Reference.optional(),
  supplier: Reference.optional(),
  /** Who looks after it in the house. */
  team: Reference.optional(),
  needs: Need.optional(),
  proposed: z.array(ProposedLink).optional(),
  restore: RestorePolicy.optional(),
  /** Declared time to stand again after its own failure, all it needs being there, where nothing is restored from a backup. */
  returnSeconds: z.number().int().positive().optional(),
  reliability: Reliability.optional(),
  /** Who confirmed the links of this component; a link's own confirmation comes before. */
  confirmed: Confirmation.optional(),
  /** The tool that told of it, and its name there. */
  origin: Origin.optional(),
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
export type DegradedMode = z.infer<typeof DegradedMode>;

export const CareFunction = z.strictObject({
  id: Reference,
  name: Words,
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  weight: z.number().positive(),
  /** Who signed the tier, the weight and the calendar, and when. */
  signedBy: z.string().optional(),
  signedOn: z.string().optional(),
  calendar: Calendar.default('always'),
  /** Maximum tolerable interruption (DMIA). */
  mtpdSeconds: z.number().int().nonnegative(),
  /** Restoration objective. Must fit inside the DMIA. */
  rtoSeconds: z.number().int().positive(),
  rpoSeconds: z.number().int().nonnegative().optional(),
  wards: z.array(Reference).min(1),
  /** Nested function: counts once, inside this one. */
  partOf: Reference.optional(),
  needs: Need.optional(),
  proposed: z.array(ProposedLink).optional(),
  /** Whom a ward calls first when it stops. */
  call: z.strictObject({ who: z.string().min(1), phone: z.string().min(1) }).optional(),
  degradedMode: DegradedMode.optional(),
  /** Fields whose value is a proposal of Reflexe that nobody of the hospital has confirmed. */
  toConfirm: z.array(z.string()).optional(),
  confirmed: Confirmation.optional(),
});
export type CareFunction = z.infer<typeof CareFunction>;

/** Components that need one another and are started together: the only rings of needs a map may hold. */
export const StartTogether = z.strictObject({ id: Reference, name: Words, members: z.array(Reference).min(2) });
export type StartTogether = z.infer<typeof StartTogether>;

/**
 * One owner's map, an establishment's or a supplier's: the document a `MapImported` event names. Order is clinical order.
 * It may describe what others own (`owner:id`) where their own map is not at hand.
 */
export const HospitalMap = z.strictObject({
  version: z.literal(1),
  establishment: z.strictObject({
    id: Reference,
    name: Words,
    timeZone: z.string().default('Europe/Paris'),
    /** Absent: an establishment. A supplier's map has components, and no care function. */
    kind: z.literal('supplier').optional(),
    /** Its number in the national register of establishments: nine characters. */
    finess: z
      .string()
      .regex(/^[0-9AB]{9}$/)
      .optional(),
    /** The component Reflexe itself runs on. */
    reflexe: Reference.optional(),
  }),
  sites: z.array(Site),
  wards: z.array(Ward),
  suppliers: z.array(Supplier).default([]),
  contracts: z.array(Contract).default([]),
  teams: z.array(Team).default([]),
  careFunctions: z.array(CareFunction),
  components: z.array(Component),
  startTogether: z.array(StartTogether).default([]),
});
export type HospitalMap = z.infer<typeof HospitalMap>;

/** States of a component. Unknown is never shown as up. */
export const componentStates = ['up', 'degraded', 'down', 'unknown', 'isolated', 'restoring'] as const;
export const ComponentState = z.enum(componentStates);
export type ComponentState = z.infer<typeof ComponentState>;

/** Whether a care function's needs are met by its systems. */
export type Supply = 'served' | 'partly' | 'lost' | 'unknown';
