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
export type Role = (typeof roles)[number];

/** How far a right reaches. */
export const scopes = ['establishment', 'site', 'ward'] as const;
export type Scope = (typeof scopes)[number];

/** `public` needs no session (sign-in, the page itself); `site` is another machine of ours, by its certificate; all else names who may. */
export type Allowed = 'public' | 'signedIn' | 'site' | readonly [Role, ...Role[]];
