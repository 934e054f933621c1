import { z } from 'zod';
import { Reference, Words } from './reference.ts';

const Delay = z.number().int().nonnegative();

/** Who owes something from outside the house, and whom to call, also at three in the morning. */
export const Supplier = z.strictObject({
  id: Reference,
  name: z.string().min(1),
  /** Who answers in office hours: a name, a desk. */
  contact: z.string().optional(),
  phone: z.string().optional(),
  /** Whom to call at night, at weekends, on holidays. */
  phoneAtNight: z.string().optional(),
  email: z.string().optional(),
  mustAnswerWithinSeconds: Delay.optional(),
  mustRepairWithinSeconds: Delay.optional(),
  /** Its own suppliers: the chain of liability goes on there. */
  reliesOn: z.array(Reference).optional(),
});
export type Supplier = z.infer<typeof Supplier>;

/** What a supplier signed: for what, within which time, and the clauses people need to read in a crisis. */
export const Contract = z.strictObject({
  id: Reference,
  name: Words,
  supplier: Reference,
  /** Its number in the house's files. */
  number: z.string().optional(),
  /** Components it covers; none: all that name the supplier. */
  covers: z.array(Reference).default([]),
  from: z.string().optional(),
  until: z.string().optional(),
  /** Hours of service as people say them: `24 h/24`, `jours ouvrés 8 h – 18 h`. */
  hours: z.string().optional(),
  mustAnswerWithinSeconds: Delay.optional(),
  mustRepairWithinSeconds: Delay.optional(),
  clauses: z.array(z.strictObject({ title: Words, text: Words })).default([]),
});
export type Contract = z.infer<typeof Contract>;

/** People of the house who look after components. */
export const Team = z.strictObject({
  id: Reference,
  name: Words,
  phone: z.string().optional(),
  /** Who is on call outside office hours. */
  onCall: z.string().optional(),
});
export type Team = z.infer<typeof Team>;
