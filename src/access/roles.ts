import { z } from 'zod';

/** Who people are to the product: PRODUCT's people, and the functions of a French crisis cell. */
export const roles = [
  'administrator',
  'crisisDirector',
  'ciso',
  'technician',
  'clinician',
  'technicalService',
  'hostingOperator',
  'regionalAgency',
  'staff',
  'auditor',
] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** How far a right reaches. */
export const scopes = ['establishment', 'site', 'ward'] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

const id = z.string().min(1).max(200);

/** A role held somewhere: everywhere in the establishment, on one site, or in one ward. */
export const Grant = z.discriminatedUnion('scope', [
  z.strictObject({ role: Role, scope: z.literal('establishment') }),
  z.strictObject({ role: Role, scope: z.literal('site'), site: id }),
  z.strictObject({ role: Role, scope: z.literal('ward'), ward: id }),
]);
export type Grant = z.infer<typeof Grant>;

/** `public` needs no session (sign-in, the page itself); everything else names who may. */
export type Allowed = 'public' | 'signedIn' | readonly [Role, ...Role[]];
