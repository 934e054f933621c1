import { accept, type Result, refuse } from '../journal/result.ts';
import { type ApiTokens, createApiTokens } from './apiTokens/apiTokens.ts';
import { type Attempt, tooMany } from './attempt.ts';
import { createDelays, type DelayKey } from './delays.ts';
import { createInvitations, type Invitations } from './invitations/invitations.ts';
import { type AccessLimits, accessLimits } from './limits.ts';
import type { Proof } from './methods.ts';
import type { AccessNotice, OnNotice } from './notices.ts';
import { createChallenges } from './passkeys/challenges.ts';
import { createPasskeys, type Passkeys } from './passkeys/passkeys.ts';
import type { CeremonyOptions, PasskeyCeremonies } from './passkeys/ports.ts';
import type { RelyingParty } from './passkeys/relyingParty.ts';
import { createPasswords } from './passwords.ts';
import { foldName, type Person } from './person.ts';
import type { AccessStores, PasswordHasher, PeopleDesk, Tokens } from './ports.ts';
import { createProofs, type Proofs } from './proof.ts';
import type { OneTimeCodes } from './secondFactor/ports.ts';
import { createRecoveryCodes, type RecoveryCodes } from './secondFactor/recoveryCodes.ts';
import { type Asked, createSecondFactors, type SecondFactors } from './secondFactor/secondFactor.ts';
import { createTotps, type Totps } from './secondFactor/totps.ts';
import { type Caller, createSessions, type Issued, type Sessions } from './sessions.ts';
import { createWhoSpeaks, type WhoSpeaks } from './spoken.ts';

export type { Attempt } from './attempt.ts';
export type { Proof } from './methods.ts';
export type { Asked } from './secondFactor/secondFactor.ts';
export type { Caller, Issued, SignedIn } from './sessions.ts';

export interface FirstPerson {
  token: string;
  name: string;
  displayName: string;
  password: string;
}

export interface Access {
  /** Nobody can sign in yet. */
  isNew(): boolean;
  /** Makes the one-time link's token; the link made before is void. */
  makeFirstLink(): { token: string; expiresAt: number };
  /** Announces the links that were made from the machine since the last call. */
  tellLinksMadeHere(): void;
  isFirstLink(token: string, caller: Caller): Attempt<boolean>;
  signInFirst(first: FirstPerson, caller: Caller): Promise<Attempt>;
  /** Opens, or asks for the second factor of whoever has one. */
  signIn(name: string, password: string, caller: Caller): Promise<Attempt<Issued | Asked>>;
  /** Any passkey the authenticator discovers: it says who its owner is. */
  passkeyOptions(rp: RelyingParty): Promise<Result<CeremonyOptions>>;
  signInByPasskey(rp: RelyingParty, response: unknown, caller: Caller): Promise<Attempt>;
  /** Needs the password there is; every other session of this person ends. */
  changePassword(
    person: Person,
    change: { current?: string | undefined; password: string },
    here: string,
  ): Promise<Attempt<void>>;
  hasPassword(person: Person): boolean;
  readonly people: Pick<PeopleDesk, 'all'>;
  /** Another way of proving who one is (OpenID, ward card, break-glass) opens its session here. */
  open(person: Person, proof: Proof, caller: Caller): Issued;
  readonly sessions: Sessions;
  readonly secondFactors: SecondFactors;
  readonly proofs: Proofs;
  readonly passkeys: Passkeys;
  readonly totps: Totps;
  readonly recoveryCodes: RecoveryCodes;
  readonly invitations: Invitations;
  readonly apiTokens: ApiTokens;
  /** A second person on the telephone. */
  readonly whoSpeaks: WhoSpeaks;
}

export interface AccessParts {
  stores: AccessStores;
  hasher: PasswordHasher;
  tokens: Tokens;
  ceremonies: PasskeyCeremonies;
  codes: OneTimeCodes;
  /** Milliseconds since 1970. */
  now(): number;
  limits?: AccessLimits;
  /** True where the hub listens elsewhere than on loopback: who has one factor can only add the second. */
  demandsTwoFactors?: boolean;
  onAccessEvent?: OnNotice;
}

export function createAccess(parts: AccessParts): Access {
  const { stores, hasher, tokens, ceremonies, codes, now, limits = accessLimits, demandsTwoFactors = false } = parts;
  const { people, links, devices } = stores;
  const announce = (notice: AccessNotice): void => parts.onAccessEvent?.(notice);
  const sessions = createSessions({ stores, tokens, now, limits, demandsTwoFactors, announce });
  const passwords = createPasswords(people, hasher, tokens);
  const challenges = createChallenges(tokens, now);
  const passkeys = createPasskeys({ store: stores.passkeys, ceremonies, challenges, now, announce });
  const totps = createTotps({ store: stores.totps, codes, now, announce });
  const recoveryCodes = createRecoveryCodes({ store: stores.recoveryCodes, hasher, tokens, now, announce });
  const delays = createDelays(([kind, name]) => {
    const person = kind === 'account' ? people.byName(name)?.person.id : kind === 'code' ? name : undefined;
    announce({ type: 'guessesSlowed', at: kind, ...(person === undefined ? {} : { person }) });
  });
  const secondFactors = createSecondFactors({
    ...{ people, passkeys, totps, recoveryCodes, sessions, tokens, delays, now, limits },
  });
  const shared = { stores, people, sessions, passkeys, passwords, totps, secondFactors, delays, tokens, now, limits };

  function tellLinksMadeHere(): void {
    for (const at of links.takeMadeHere()) announce({ type: 'firstLinkMade', at, where: 'machine' });
  }

  /** Another’s guesses do not slow down a browser this person signed in with before. */
  function keysOf(name: string, { address, deviceToken }: Caller): DelayKey[] {
    const known = people.byName(name);
    const device = deviceToken && tokens.hashOf(deviceToken);
    if (known && device && devices.knows(device, known.person.id)) return [['device', device]];
    return [
      ['account', name],
      ['address', address],
    ];
  }

  /** Someone back at their desk: both factors were proved in this browser, the limit of that proof stays. */
  function resumable(person: Person, { sessionToken }: Caller) {
    const lapsed = sessionToken === undefined ? undefined : sessions.lapsed(sessionToken);
    return lapsed?.person === person.id && lapsed.strength === 2 ? lapsed : undefined;
  }

  return {
    isNew: () => people.isEmpty(),

    makeFirstLink() {
      const token = tokens.fresh();
      const expiresAt = now() + limits.firstLinkMilliseconds;
      links.replace(tokens.hashOf(token), expiresAt);
      announce({ type: 'firstLinkMade', at: now(), where: 'start' });
      return { token, expiresAt };
    },

    tellLinksMadeHere,

    isFirstLink(token, caller) {
      const keys: DelayKey[] = [['address', caller.address]];
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      const isValid = links.isValid(tokens.hashOf(token), now());
      if (isValid) delays.succeeded(keys);
      return accept(isValid);
    },

    async signInFirst(first, caller) {
      const keys: DelayKey[] = [['address', caller.address]];
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      const tokenHash = tokens.hashOf(first.token);
      if (!links.isValid(tokenHash, now())) return linkNotValid;
      delays.succeeded(keys);
      const name = foldName(first.name);
      const hash = await passwords.hash(first.password, name);
      if (!hash.ok) return hash;
      const person: Person = {
        id: tokens.newId('person'),
        name,
        displayName: first.displayName.trim(),
        grants: [{ role: 'administrator', scope: 'establishment' }],
      };
      const outcome = links.redeem(tokenHash, now(), person, hash.value);
      if (outcome === 'name-taken') return nameTaken;
      if (outcome !== 'redeemed') return linkNotValid;
      tellLinksMadeHere();
      announce({ type: 'personAdded', person: person.id, by: null });
      return accept(sessions.open(person, { method: 'firstLink', strength: 1 }, caller));
    },

    async signIn(typed, password, caller) {
      const name = foldName(typed);
      const keys = keysOf(name, caller);
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      const verified = await passwords.verify(name, password);
      if (!verified.ok) return verified;
      delays.succeeded(keys);
      const person = verified.value;
      const resumed = resumable(person, caller);
      if (resumed) return accept(sessions.open(person, { method: resumed.method, strength: 2 }, caller, resumed));
      if (secondFactors.of(person.id).length > 0) return accept(secondFactors.ask(person.id));
      return accept(sessions.open(person, { method: 'password', strength: 1 }, caller));
    },

    passkeyOptions: (rp) => passkeys.beginUse(rp, { act: 'signIn' }),

    async signInByPasskey(rp, response, caller) {
      const used = await passkeys.use(rp, { act: 'signIn' }, response);
      if (!used.ok) return used;
      const person = people.byId(used.value.person);
      return person ? accept(sessions.open(person, { method: 'passkey', strength: 2 }, caller)) : personGone;
    },

    async changePassword(person, { current, password }, here) {
      const kept = people.byName(person.name)?.passwordHash ?? '';
      if (kept !== '') {
        const keys: DelayKey[] = [['code', person.id]];
        const wait = delays.begin(keys, now());
        if (wait > 0) return tooMany(wait);
        const verified = await passwords.verify(person.name, current ?? '');
        if (!verified.ok) return verified;
        delays.succeeded(keys);
      }
      const hash = await passwords.hash(password, person.name);
      if (!hash.ok) return hash;
      people.setPasswordHash(person.id, hash.value);
      announce({ type: 'factorAdded', person: person.id, factor: 'password' });
      sessions.endAll(person.id, 'reset', here);
      return accept(undefined);
    },

    hasPassword: ({ name }) => (people.byName(name)?.passwordHash ?? '') !== '',
    people,
    open: sessions.open,
    sessions,
    secondFactors,
    proofs: createProofs(shared),
    passkeys,
    totps,
    recoveryCodes,
    invitations: createInvitations({ ...shared, announce }),
    whoSpeaks: createWhoSpeaks(shared),
    apiTokens: createApiTokens({ ...shared, store: stores.apiTokens, announce, cut: sessions.cut }),
  };
}

const linkNotValid = refuse('first-link-not-valid', 'This one-time link was used, replaced, or has expired.', {
  where: 'token',
  cure: 'If you have an account, sign in. Otherwise ask whoever runs Reflexe on its machine for a new link.',
});

const nameTaken = refuse('name-taken', 'Someone signs in with this name already.', {
  where: 'name',
  kept: 'The link is still valid.',
  cure: 'Choose another name.',
});

const personGone = refuse('passkey-unknown', 'Reflexe does not know this passkey, or not any more.');
