import { accept, type Refusal, type Result, refuse } from '../journal/result.ts';
import { createDelays, type DelayKey } from './delays.ts';
import { type AccessLimits, accessLimits } from './limits.ts';
import type { AccessNotice, OnNotice } from './notices.ts';
import { acceptablePassword, normalPassword } from './password.ts';
import { foldName, type Person } from './person.ts';
import type { AccessStores, PasswordHasher, Tokens } from './ports.ts';
import { type Caller, createSessions, type Issued, type Proof, type Sessions } from './sessions.ts';

export type { Caller, Found, Issued, Presence, Proof, SignedIn } from './sessions.ts';

export type Attempt = { ok: true; value: Issued } | { ok: false; refusal: Refusal; retryAfterSeconds?: number };

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
  signInFirst(first: FirstPerson, caller: Caller): Promise<Attempt>;
  signIn(name: string, password: string, caller: Caller): Promise<Attempt>;
  /** Another way of proving who one is (OpenID, ward card, break-glass) opens its session here. */
  open(person: Person, proof: Proof, caller: Caller): Issued;
  readonly sessions: Sessions;
  /** A way in of another file announces here; ids only. */
  announce(notice: AccessNotice): void;
}

export interface AccessParts {
  stores: AccessStores;
  hasher: PasswordHasher;
  tokens: Tokens;
  /** Milliseconds since 1970. */
  now(): number;
  limits?: AccessLimits;
  /** True where the hub listens elsewhere than on loopback: who has one factor can only add the second. */
  demandsTwoFactors?: boolean;
  onAccessEvent?: OnNotice;
}

export function createAccess(parts: AccessParts): Access {
  const { stores, hasher, tokens, now, limits = accessLimits, demandsTwoFactors = false } = parts;
  const { people, links, devices } = stores;
  const announce: OnNotice = (notice) => parts.onAccessEvent?.(notice);
  const sessions = createSessions({ stores, tokens, now, limits, demandsTwoFactors, announce });
  const delays = createDelays();
  // Verified when the name is unknown, so that the answer takes as long as for a known one.
  let decoy: Promise<Result<string>> | undefined;

  return {
    isNew: () => people.isEmpty(),

    makeFirstLink() {
      const token = tokens.fresh();
      const expiresAt = now() + limits.firstLinkMilliseconds;
      links.replace(tokens.hashOf(token), expiresAt);
      return { token, expiresAt };
    },

    async signInFirst(first, caller) {
      const keys: DelayKey[] = [['address', caller.address]];
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      const tokenHash = tokens.hashOf(first.token);
      if (!links.isValid(tokenHash, now())) return linkNotValid;
      delays.succeeded(keys);
      const name = foldName(first.name);
      const acceptable = acceptablePassword(first.password, name);
      if (!acceptable.ok) return acceptable;
      const hash = await hasher.hash(normalPassword(first.password));
      if (!hash.ok) return hash;
      const person: Person = {
        id: tokens.newId('person'),
        name,
        displayName: first.displayName.trim(),
        grants: [{ role: 'administrator', scope: 'establishment' }],
      };
      const outcome = links.redeem(tokenHash, now(), person, hash.value);
      if (outcome === 'name-taken') return nameTaken;
      return outcome === 'redeemed'
        ? accept(sessions.open(person, { method: 'firstLink', strength: 1 }, caller))
        : linkNotValid;
    },

    async signIn(name, password, caller) {
      const folded = foldName(name);
      const known = people.byName(folded);
      const deviceHash = caller.deviceToken && tokens.hashOf(caller.deviceToken);
      const isKnownDevice = known && deviceHash && devices.knows(deviceHash, known.person.id);
      const keys: DelayKey[] = isKnownDevice
        ? [['device', deviceHash]]
        : [
            ['account', folded],
            ['address', caller.address],
          ];
      const wait = delays.begin(keys, now());
      if (wait > 0) return tooMany(wait);
      decoy ??= hasher.hash(tokens.fresh());
      const against = known ? accept(known.passwordHash) : await decoy;
      if (!against.ok) {
        decoy = undefined;
        return against;
      }
      const verified = await hasher.verify(against.value, normalPassword(password));
      if (!verified.ok) return verified;
      if (!known || !verified.value) return signInRefused;
      delays.succeeded(keys);
      if (hasher.isOutdated(known.passwordHash)) {
        const renewed = await hasher.hash(normalPassword(password));
        if (renewed.ok) people.setPasswordHash(known.person.id, renewed.value);
      }
      return accept(sessions.open(known.person, { method: 'password', strength: 1 }, caller));
    },

    open: sessions.open,
    sessions,
    announce,
  };
}

function tooMany(waitMilliseconds: number): Attempt {
  const retryAfterSeconds = Math.ceil(waitMilliseconds / 1000);
  const refused = refuse('too-many-attempts', `Too many tries to sign in: wait ${retryAfterSeconds} s.`, {
    kept: 'Your password was not looked at, and nothing is locked.',
    cure: `Try again in ${retryAfterSeconds} s; a browser you signed in with before does not wait for others.`,
    retryable: true,
  });
  return { ...refused, retryAfterSeconds };
}

/** One answer for an unknown name and a wrong password: it does not tell who exists. */
const signInRefused = refuse('sign-in-refused', 'The name and the password do not go together.', {
  cure: 'Check the name, the keyboard layout and the capitals lock; then try again.',
});

const linkNotValid = refuse('first-link-not-valid', 'This one-time link was used, replaced, or has expired.', {
  where: 'token',
  cure: 'If you have an account, sign in. Otherwise ask whoever runs Reflexe on its machine for a new link.',
});

const nameTaken = refuse('name-taken', 'Someone signs in with this name already.', {
  where: 'name',
  kept: 'The link is still valid.',
  cure: 'Choose another name.',
});
