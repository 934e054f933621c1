import { accept, type Result, refuse } from '../journal/result.ts';
import { type Attempt, tooMany } from './attempt.ts';
import type { DelayKey, Delays } from './delays.ts';
import type { Proof } from './methods.ts';
import type { Passkeys } from './passkeys/passkeys.ts';
import type { CeremonyOptions } from './passkeys/ports.ts';
import type { RelyingParty } from './passkeys/relyingParty.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactors } from './secondFactor/secondFactor.ts';
import type { Totps } from './secondFactor/totps.ts';
import type { Sessions, SignedIn } from './sessions.ts';

export interface ProofParts {
  passwords: Passwords;
  passkeys: Passkeys;
  totps: Totps;
  secondFactors: SecondFactors;
  sessions: Sessions;
  delays: Delays;
  now(): number;
}

/** The token the session goes by from now on. */
export interface Proved {
  sessionToken: string;
}

/** Proving again who one is, within a session, before an act that asks for it. */
export interface Proofs {
  passkeyOptions(rp: RelyingParty, here: SignedIn): Promise<Result<CeremonyOptions>>;
  byPasskey(rp: RelyingParty, here: SignedIn, response: unknown): Promise<Result<Proved>>;
  /** The code too where this person has an authenticator application. */
  byPassword(here: SignedIn, password: string, code: string | undefined): Promise<Attempt<Proved>>;
}

export function createProofs(parts: ProofParts): Proofs {
  const { passwords, passkeys, totps, secondFactors, sessions, delays, now } = parts;

  function proved({ session }: SignedIn, proof: Proof): Result<Proved> {
    const again = sessions.proveAgain(session.id, proof);
    return again === undefined ? sessionEnded : accept(again);
  }

  return {
    passkeyOptions: (rp, { person }) => passkeys.beginUse(rp, { act: 'prove', person: person.id }),

    async byPasskey(rp, here, response) {
      const used = await passkeys.use(rp, { act: 'prove', person: here.person.id }, response);
      return used.ok ? proved(here, { method: 'passkey', strength: 2 }) : used;
    },

    async byPassword(here, password, code) {
      const { person } = here;
      const asksCode = secondFactors.of(person.id).includes('code');
      const asksKey = !asksCode && secondFactors.of(person.id).includes('key');
      if (asksKey) return passkeyAsked;
      if (asksCode && code === undefined) return codeAsked;
      const keys: DelayKey[] = [['code', person.id]];
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      const verified = await passwords.verify(person.name, password);
      if (!verified.ok) return verified;
      if (asksCode) {
        const checked = totps.check(person.id, code ?? '');
        if (!checked.ok) return checked;
      }
      delays.succeeded(keys);
      return proved(here, asksCode ? { method: 'passwordAndCode', strength: 2 } : { method: 'password', strength: 1 });
    },
  };
}

const sessionEnded = refuse('signed-out', 'This session has ended.', { cure: 'Sign in again.' });

const codeAsked = refuse('code-asked', 'The code of your authenticator application is asked too.', {
  where: 'code',
  cure: 'Type the six digits it shows for Reflexe.',
});

const passkeyAsked = refuse('passkey-asked', 'A password alone does not prove who you are: you have a passkey.', {
  cure: 'Use your passkey.',
});
