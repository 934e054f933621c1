import { z } from 'zod';

/** Who people are to the product (PRODUCT.md, People). The next issue makes scopes and the crisis cell's roles finer. */
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
export type Scope = (typeof scopes)[number];

/** `public` needs no session (sign-in, the page itself); everything else names who may. */
export type Allowed = 'public' | 'signedIn' | readonly [Role, ...Role[]];
