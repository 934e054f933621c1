import { accept, type Result } from '../journal/result.ts';
import { signInRefused } from './attempt.ts';
import { acceptablePassword, normalPassword } from './password.ts';
import type { Person } from './person.ts';
import type { PasswordHasher, PeopleStore, Tokens } from './ports.ts';

export interface Passwords {
  /** Refuses `sign-in-refused`, after the same work, for an unknown name, an account without a password, a wrong one. */
  verify(name: string, password: string): Promise<Result<Person>>;
  /** Of an acceptable password only. */
  hash(password: string, name: string): Promise<Result<string>>;
}

export function createPasswords(people: PeopleStore, hasher: PasswordHasher, tokens: Tokens): Passwords {
  // Verified where there is nothing to verify against, so that the answer takes as long as for a known name.
  let decoy: Promise<Result<string>> | undefined;

  return {
    async verify(name, password) {
      const known = people.byName(name);
      const kept = known?.passwordHash ?? '';
      decoy ??= hasher.hash(tokens.fresh());
      const against = kept === '' ? await decoy : accept(kept);
      if (!against.ok) {
        decoy = undefined;
        return against;
      }
      const verified = await hasher.verify(against.value, normalPassword(password));
      if (!verified.ok) return verified;
      if (!known || kept === '' || !verified.value) return signInRefused;
      if (hasher.isOutdated(kept)) {
        const renewed = await hasher.hash(normalPassword(password));
        if (renewed.ok) people.setPasswordHash(known.person.id, renewed.value);
      }
      return accept(known.person);
    },

    async hash(password, name) {
      const acceptable = acceptablePassword(password, name);
      return acceptable.ok ? hasher.hash(normalPassword(password)) : acceptable;
    },
  };
}
