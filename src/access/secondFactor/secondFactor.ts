import { accept, type Result, refuse } from '../../journal/result.ts';
import { type Attempt, tooMany } from '../attempt.ts';
import type { Delays } from '../delays.ts';
import type { AccessLimits } from '../limits.ts';
import type { SignInMethod } from '../methods.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import type { CeremonyOptions } from '../passkeys/ports.ts';
import type { RelyingParty } from '../passkeys/relyingParty.ts';
import type { PeopleStore, Tokens } from '../ports.ts';
import type { Caller, Issued, Sessions } from '../sessions.ts';
import type { RecoveryCodes } from './recoveryCodes.ts';
import type { Totps } from './totps.ts';

export const factors = ['code', 'key', 'recoveryCode'] as const;
export type Factor = (typeof factors)[number];

/** The password was right; what is asked next, and what shows that it was. */
export interface Asked {
  ticket: string;
  factors: Factor[];
}

export interface SecondFactorParts {
  people: PeopleStore;
  passkeys: Passkeys;
  totps: Totps;
  recoveryCodes: RecoveryCodes;
  sessions: Sessions;
  tokens: Tokens;
  delays: Delays;
  now(): number;
  limits: AccessLimits;
}

/** Half-made sign-ins at once; past it the oldest starts again. */
const ticketsMax = 10_000;

export interface SecondFactors {
  /** Empty: this person has no second factor. Recovery codes stand in for one, they are none of their own. */
  of(person: string): Factor[];
  ask(person: string): Asked;
  withCode(ticket: string, code: string, caller: Caller): Attempt<Issued & { skewSeconds: number }>;
  withRecoveryCode(ticket: string, code: string, caller: Caller): Promise<Attempt<Issued & { left: number }>>;
  keyOptions(rp: RelyingParty, ticket: string): Promise<Result<CeremonyOptions>>;
  withKey(rp: RelyingParty, ticket: string, response: unknown, caller: Caller): Promise<Attempt>;
}

export function createSecondFactors(parts: SecondFactorParts): SecondFactors {
  const { people, passkeys, totps, recoveryCodes, sessions, tokens, delays, now, limits } = parts;
  const tickets = new Map<string, { person: string; until: number; tries: number }>();

  function holder(ticket: string): string | undefined {
    const found = tickets.get(tokens.hashOf(ticket));
    return found && now() < found.until ? found.person : undefined;
  }

  /** Counts a try before it is looked at: many at once cannot slip through together. */
  function begin(ticket: string): Attempt<string> {
    const found = tickets.get(tokens.hashOf(ticket));
    if (!found || now() >= found.until || found.tries >= limits.secondFactorTries) {
      tickets.delete(tokens.hashOf(ticket));
      return signInAgain;
    }
    const wait = delays.begin([['code', found.person]], now());
    if (wait > 0) return tooMany(wait);
    found.tries += 1;
    return accept(found.person);
  }

  function open(ticket: string, personId: string, method: SignInMethod, caller: Caller): Attempt {
    // The ticket opens one session, whoever else holds it.
    const person = people.byId(personId);
    if (!tickets.delete(tokens.hashOf(ticket)) || !person) return signInAgain;
    delays.succeeded([['code', personId]]);
    return accept(sessions.open(person, { method, strength: 2 }, caller));
  }

  function factorsOf(person: string): Factor[] {
    const own: Factor[] = [];
    if (totps.of(person)) own.push('code');
    if (passkeys.list(person).length > 0) own.push('key');
    if (own.length > 0 && (recoveryCodes.left(person)?.left ?? 0) > 0) own.push('recoveryCode');
    return own;
  }

  return {
    of: factorsOf,

    ask(person) {
      const ticket = tokens.fresh();
      tickets.set(tokens.hashOf(ticket), { person, until: now() + limits.secondFactorMilliseconds, tries: 0 });
      const oldest = tickets.keys().next();
      if (tickets.size > ticketsMax && !oldest.done) tickets.delete(oldest.value);
      return { ticket, factors: factorsOf(person) };
    },

    withCode(ticket, code, caller) {
      const begun = begin(ticket);
      if (!begun.ok) return begun;
      const checked = totps.check(begun.value, code);
      if (!checked.ok) return checked;
      const opened = open(ticket, begun.value, 'passwordAndCode', caller);
      return opened.ok ? accept({ ...opened.value, ...checked.value }) : opened;
    },

    async withRecoveryCode(ticket, code, caller) {
      const begun = begin(ticket);
      if (!begun.ok) return begun;
      const spent = await recoveryCodes.spend(begun.value, code);
      if (!spent.ok) return spent;
      const opened = open(ticket, begun.value, 'passwordAndRecoveryCode', caller);
      return opened.ok ? accept({ ...opened.value, ...spent.value }) : opened;
    },

    async keyOptions(rp, ticket) {
      const person = holder(ticket);
      return person === undefined ? signInAgain : passkeys.beginUse(rp, { act: 'secondFactor', person });
    },

    async withKey(rp, ticket, response, caller) {
      const begun = begin(ticket);
      if (!begun.ok) return begun;
      const used = await passkeys.use(rp, { act: 'secondFactor', person: begun.value }, response);
      return used.ok ? open(ticket, begun.value, 'passwordAndKey', caller) : used;
    },
  };
}

const signInAgain = refuse('sign-in-again', 'This sign-in has waited too long, or was tried too often.', {
  kept: 'Your account is as it was.',
  cure: 'Type your name and password again.',
});
