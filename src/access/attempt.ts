import { type Refusal, refuse } from '../journal/result.ts';
import type { Issued } from './sessions.ts';

/** A try to sign in: opened, or refused, possibly with how long to wait. */
export type Attempt<Value = Issued> =
  | { ok: true; value: Value }
  | { ok: false; refusal: Refusal; retryAfterSeconds?: number };

export function tooMany(waitMilliseconds: number): Attempt<never> {
  const retryAfterSeconds = Math.ceil(waitMilliseconds / 1000);
  const refused = refuse('too-many-attempts', `Too many tries to sign in: wait ${retryAfterSeconds} s.`, {
    kept: 'Nothing you typed was looked at, and nothing is locked.',
    cure: `Try again in ${retryAfterSeconds} s; a browser you signed in with before does not wait for others.`,
    retryable: true,
  });
  return { ...refused, retryAfterSeconds };
}

/** One answer for an unknown name and a wrong password: it does not tell who exists. */
export const signInRefused = refuse('sign-in-refused', 'The name and the password do not go together.', {
  cure: 'Check the name, the keyboard layout and the capitals lock; then try again.',
});
