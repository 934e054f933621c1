import { z } from 'zod';
import { roles, scopes } from './roleNames.ts';

export { type Allowed, roles } from './roleNames.ts';

export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

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
