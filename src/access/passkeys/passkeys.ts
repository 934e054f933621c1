import { accept, type Result, refuse } from '../../journal/result.ts';
import { accessLimits } from '../limits.ts';
import type { OnNotice } from '../notices.ts';
import type { Person } from '../person.ts';
import type { Challenges, Purpose } from './challenges.ts';
import type { CeremonyOptions, MadePasskey, Passkey, PasskeyCeremonies, PasskeyStore } from './ports.ts';
import type { RelyingParty } from './relyingParty.ts';

export interface PasskeyParts {
  store: PasskeyStore;
  ceremonies: PasskeyCeremonies;
  challenges: Challenges;
  now(): number;
  announce: OnNotice;
}

export interface Passkeys {
  /** Options to make one; `purpose` says for whom and in which act. */
  beginMaking(rp: RelyingParty, person: Person, act: 'enrol' | 'invitation'): Promise<Result<CeremonyOptions>>;
  verifyMade(
    rp: RelyingParty,
    person: Person,
    act: 'enrol' | 'invitation',
    response: unknown,
  ): Promise<Result<MadePasskey>>;
  keep(rp: RelyingParty, person: Person, made: MadePasskey, name: string): Result<Passkey>;
  /** Options to use one: any that is discovered, or one of this person. */
  beginUse(rp: RelyingParty, purpose: Purpose): Promise<Result<CeremonyOptions>>;
  /** Whose passkey signed this challenge: refused for one that was removed, whoever holds it. */
  use(rp: RelyingParty, purpose: Purpose, response: unknown): Promise<Result<Passkey>>;
  list(person: string): Passkey[];
  rename(person: string, id: string, name: string): Result<void>;
  remove(person: string, id: string): Result<void>;
}

export function createPasskeys({ store, ceremonies, challenges, now, announce }: PasskeyParts): Passkeys {
  const isChallenge = (purpose: Purpose) => (challenge: string) => challenges.take(challenge, purpose);

  function owned(person: string, id: string): Passkey | undefined {
    const found = store.find(id);
    return found?.person === person ? found : undefined;
  }

  return {
    async beginMaking(rp, person, act) {
      const known = store.of(person.id);
      if (known.length >= accessLimits.passkeysPerPerson) return tooManyPasskeys;
      const challenge = challenges.give({ act, person: person.id });
      return accept(await ceremonies.creation(rp, person, challenge, known));
    },

    verifyMade: (rp, person, act, response) =>
      ceremonies.verifyCreation(response, { rp, isChallenge: isChallenge({ act, person: person.id }) }),

    keep(rp, person, made, name) {
      // A credential id is chosen by its authenticator: one that is known already is never taken over.
      if (store.find(made.id)) return passkeyRefused('a passkey that is not known yet');
      if (store.of(person.id).length >= accessLimits.passkeysPerPerson) return tooManyPasskeys;
      const passkey: Passkey = {
        ...made,
        person: person.id,
        name,
        rpId: rp.id,
        createdAt: now(),
        usedAt: null,
        isSuspect: false,
      };
      store.put(passkey);
      announce({ type: 'factorAdded', person: person.id, factor: 'passkey' });
      return accept(passkey);
    },

    async beginUse(rp, purpose) {
      const allowed = purpose.person === undefined ? undefined : usable(store.of(purpose.person), rp);
      if (allowed?.length === 0) return passkeyRefused('a passkey made under this name');
      return accept(await ceremonies.request(rp, challenges.give(purpose), allowed));
    },

    async use(rp, purpose, response) {
      const claimed = ceremonies.claimed(response);
      const passkey = claimed && store.find(claimed.id);
      const isTheirs =
        passkey !== undefined &&
        (claimed?.person === undefined || claimed.person === passkey.person) &&
        (purpose.person === undefined || purpose.person === passkey.person);
      if (!isTheirs) return passkeyUnknown;
      const verified = await ceremonies.verifyUse(response, passkey, { rp, isChallenge: isChallenge(purpose) });
      if (!verified.ok) return verified;
      // Read again: it may have been removed while its signature was looked at.
      const current = store.find(passkey.id);
      if (!current) return passkeyUnknown;
      const { counter } = verified.value;
      // WebAuthn 7.2 step 22: a counter that does not grow means that two authenticators hold the key.
      const wentBack = (counter > 0 || current.counter > 0) && counter <= current.counter;
      const used = { ...current, counter: Math.max(counter, current.counter), usedAt: now() };
      store.put({ ...used, isSuspect: current.isSuspect || wentBack });
      if (!wentBack) return accept(used);
      announce({ type: 'passkeyCloned', person: current.person });
      return refuse('passkey-cloned', 'This passkey may exist twice: its counter went back.', {
        kept: 'Nobody was signed in by it.',
        cure: 'Sign in by another way, remove this passkey from your account, and make a new one.',
      });
    },

    list: (person) => store.of(person),

    rename(person, id, name) {
      const passkey = owned(person, id);
      if (!passkey) return notYours;
      store.put({ ...passkey, name });
      return accept(undefined);
    },

    remove(person, id) {
      if (!store.remove(person, id)) return notYours;
      announce({ type: 'factorRemoved', person, factor: 'passkey' });
      return accept(undefined);
    },
  };
}

const usable = (passkeys: readonly Passkey[], rp: RelyingParty): Passkey[] =>
  passkeys.filter(({ rpId }) => rpId === rp.id);

export const passkeyRefused = (expected: string) =>
  refuse('passkey-refused', 'This passkey was not accepted.', {
    expected,
    kept: 'Nothing was changed.',
    cure: 'Try once more; if it is refused again, sign in by another way.',
  });

/** The same answer for one that never was, one that was removed, and somebody else’s. */
const passkeyUnknown = refuse('passkey-unknown', 'Reflexe does not know this passkey, or not any more.', {
  cure: 'Use another one, or sign in by name and password; then add this device to your account.',
});

const tooManyPasskeys = refuse('passkeys-too-many', 'You have as many passkeys as one account takes.', {
  expected: `${accessLimits.passkeysPerPerson} at most`,
  kept: 'Those you have.',
  cure: 'Remove one you no longer use, then add this one.',
});

const notYours = refuse('not-found', 'There is no such passkey of yours.', { where: 'passkey' });
