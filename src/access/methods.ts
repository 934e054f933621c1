import { z } from 'zod';

/** By what someone signed in; kept with their session, and said in what is journalled. */
export const signInMethods = [
  'firstLink',
  'invitation',
  'password',
  'passwordAndCode',
  'passwordAndKey',
  'passwordAndRecoveryCode',
  'passkey',
  'openId',
  'wardCard',
  'careBreakGlass',
  'administrativeBreakGlass',
  'apiToken',
] as const;
export const SignInMethod = z.enum(signInMethods);
export type SignInMethod = z.infer<typeof SignInMethod>;

/** How many factors a session stands on; a passkey that verified its user counts as two. */
export const Strength = z.union([z.literal(1), z.literal(2)]);
export type Strength = z.infer<typeof Strength>;

/** What was proved to open a session, or within one. */
export interface Proof {
  method: SignInMethod;
  strength: Strength;
}

/** Ways in for the night when nothing else works: held by what they may do, not by a second factor they cannot have. */
const withoutEnrolment: readonly SignInMethod[] = [
  'wardCard',
  'careBreakGlass',
  'administrativeBreakGlass',
  'apiToken',
];

/** A session that may only add a second factor: one factor, on a hub that demands two. */
export const isEnrolling = (method: SignInMethod, strength: Strength, demandsTwo: boolean): boolean =>
  demandsTwo && strength === 1 && !withoutEnrolment.includes(method);
