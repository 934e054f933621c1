import { accept, type Result, refuse } from '../../journal/result.ts';
import { type Attempt, tooMany } from '../attempt.ts';
import type { DelayKey, Delays } from '../delays.ts';
import type { AccessLimits } from '../limits.ts';
import type { OnNotice } from '../notices.ts';
import type { Passkeys } from '../passkeys/passkeys.ts';
import type { CeremonyOptions } from '../passkeys/ports.ts';
import type { RelyingParty } from '../passkeys/relyingParty.ts';
import type { Passwords } from '../passwords.ts';
import { foldName, type Person } from '../person.ts';
import type { AccessStores, Tokens } from '../ports.ts';
import type { Caller, Sessions } from '../sessions.ts';
import type { Invitation, InvitationKind } from './ports.ts';

export interface InvitationParts {
  stores: AccessStores;
  sessions: Sessions;
  passkeys: Passkeys;
  passwords: Passwords;
  delays: Delays;
  tokens: Tokens;
  now(): number;
  limits: AccessLimits;
  announce: OnNotice;
}

/** The one-time link's token, which exists nowhere else. */
export interface Invited {
  person: Person;
  token: string;
  expiresAt: number;
}

export interface Invitations {
  add(by: string, newcomer: Pick<Person, 'name' | 'displayName' | 'grants'>): Result<Invited>;
  /** A new link for somebody who is there already; the links they had are void, all else stays. */
  invite(by: string, person: string): Result<Invited>;
  /** The telephone is lost: passkeys, application, codes, password and sessions of this person end now. */
  reset(by: string, person: string): Result<Invited>;
  open(): Invitation[];
  /** Whose link it is. */
  look(token: string, caller: Caller): Attempt<{ person: Person; kind: InvitationKind }>;
  acceptByPassword(token: string, password: string, caller: Caller): Promise<Attempt>;
  passkeyOptions(rp: RelyingParty, token: string, caller: Caller): Promise<Attempt<CeremonyOptions>>;
  acceptByPasskey(
    rp: RelyingParty,
    token: string,
    given: { response: unknown; name: string },
    caller: Caller,
  ): Promise<Attempt>;
}

export function createInvitations(parts: InvitationParts): Invitations {
  const { stores, sessions, passkeys, passwords, delays, tokens, now, limits, announce } = parts;
  const { people, invitations, totps, recoveryCodes } = stores;

  function linkFor(by: string, person: Person, kind: InvitationKind): Invited {
    const token = tokens.fresh();
    const expiresAt = now() + limits.invitationMilliseconds;
    const id = tokens.newId('invitation');
    invitations.put({ id, person: person.id, kind, tokenHash: tokens.hashOf(token), by, createdAt: now(), expiresAt });
    announce({ type: 'personInvited', person: person.id, by, kind });
    return { person, token, expiresAt };
  }

  function holder(token: string, caller: Caller): Attempt<{ person: Person; invitation: Invitation }> {
    const keys: DelayKey[] = [['address', caller.address]];
    const wait = delays.begin(keys, now());
    if (wait > 0) return tooMany(wait);
    const invitation = invitations.find(tokens.hashOf(token), now());
    const person = invitation && people.byId(invitation.person);
    if (!invitation || !person) return invitationNotValid;
    delays.succeeded(keys);
    return accept({ person, invitation });
  }

  /** True for one caller of however many. */
  function redeem(token: string): boolean {
    const redeemed = invitations.redeem(tokens.hashOf(token), now());
    if (redeemed) announce({ type: 'invitationUsed', person: redeemed.person, kind: redeemed.kind });
    return redeemed !== undefined;
  }

  return {
    add(by, { name, displayName, grants }) {
      const person: Person = {
        id: tokens.newId('person'),
        name: foldName(name),
        displayName: displayName.trim(),
        grants,
      };
      if (!people.add(person)) return nameTaken;
      announce({ type: 'personAdded', person: person.id, by });
      return accept(linkFor(by, person, 'welcome'));
    },

    invite(by, id) {
      const person = people.byId(id);
      return person ? accept(linkFor(by, person, 'welcome')) : personUnknown;
    },

    reset(by, id) {
      const person = people.byId(id);
      if (!person) return personUnknown;
      stores.passkeys.removeAll(id);
      totps.remove(id);
      recoveryCodes.remove(id);
      people.setPasswordHash(id, '');
      for (const token of stores.apiTokens.of(id)) {
        stores.apiTokens.remove(id, token.id);
        sessions.cut(token.id);
      }
      sessions.endAll(id, 'reset');
      announce({ type: 'personReset', person: id, by });
      return accept(linkFor(by, person, 'reset'));
    },

    open: () => invitations.open(now()),

    look(token, caller) {
      const found = holder(token, caller);
      return found.ok ? accept({ person: found.value.person, kind: found.value.invitation.kind }) : found;
    },

    async acceptByPassword(token, password, caller) {
      const found = holder(token, caller);
      if (!found.ok) return found;
      const { person } = found.value;
      const hash = await passwords.hash(password, person.name);
      if (!hash.ok) return hash;
      if (!redeem(token)) return invitationNotValid;
      people.setPasswordHash(person.id, hash.value);
      return accept(sessions.open(person, { method: 'invitation', strength: 1 }, caller));
    },

    async passkeyOptions(rp, token, caller) {
      const found = holder(token, caller);
      return found.ok ? passkeys.beginMaking(rp, found.value.person, 'invitation') : found;
    },

    async acceptByPasskey(rp, token, { response, name }, caller) {
      const found = holder(token, caller);
      if (!found.ok) return found;
      const { person } = found.value;
      const made = await passkeys.verifyMade(rp, person, 'invitation', response);
      if (!made.ok) return made;
      if (!redeem(token)) return invitationNotValid;
      const kept = passkeys.keep(rp, person, made.value, name);
      return kept.ok ? accept(sessions.open(person, { method: 'invitation', strength: 2 }, caller)) : kept;
    },
  };
}

const invitationNotValid = refuse('invitation-not-valid', 'This one-time link was used, replaced, or has expired.', {
  where: 'token',
  cure: 'If you have an account, sign in. Otherwise ask an administrator for a new link.',
});

const nameTaken = refuse('name-taken', 'Someone signs in with this name already.', {
  where: 'name',
  kept: 'Nobody was added.',
  cure: 'Choose another name.',
});

const personUnknown = refuse('not-found', 'There is no such person.', { where: 'person' });
