import { accept, type Refusal, type Result, refuse } from '../journal/result.ts';
import { createDelays, type DelayKey } from './delays.ts';
import { type AccessLimits, accessLimits } from './limits.ts';
import { acceptablePassword, normalPassword } from './password.ts';
import { foldName, type Person } from './person.ts';
import type { AccessStores, PasswordHasher, Session, Tokens } from './ports.ts';

export interface SignedIn {
  person: Person;
  session: Session;
}

/** Where a try to sign in comes from, and what the browser showed. */
export interface Caller {
  address: string;
  sessionToken?: string | undefined;
  deviceToken?: string | undefined;
}

/** A sign-in that succeeded: the only moment the tokens exist outside the browser. */
export interface Issued extends SignedIn {
  sessionToken: string;
  deviceToken: string;
}

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
  /** The person behind a session token, while it lasts; being asked counts as presence. */
  find(sessionToken: string): SignedIn | undefined;
  sessions(person: string): Session[];
  /** Ends one session of this person; another's is as unknown as none. */
  end(person: string, session: string): Result<void>;
  /** Calls with the id of each session this process ended. */
  onEnded(listener: (session: string) => void): () => void;
}

export interface AccessParts {
  stores: AccessStores;
  hasher: PasswordHasher;
  tokens: Tokens;
  /** Milliseconds since 1970. */
  now(): number;
  limits?: AccessLimits;
}

export function createAccess({ stores, hasher, tokens, now, limits = accessLimits }: AccessParts): Access {
  const { people, links, sessions, devices } = stores;
  const delays = createDelays();
  const endListeners = new Set<(session: string) => void>();
  // Verified when the name is unknown, so that the answer takes as long as for a known one.
  let decoy: Promise<Result<string>> | undefined;

  const isAlive = (session: Session): boolean =>
    now() - session.createdAt < limits.sessionAbsoluteMilliseconds &&
    now() - session.seenAt < limits.sessionIdleMilliseconds;

  function endSession(id: string): boolean {
    const ended = sessions.end(id);
    for (const listener of endListeners) listener(id);
    return ended;
  }

  /** Always a token of our own making: what the browser showed before is ended, never taken over. */
  function issue(person: Person, caller: Caller): Issued {
    const former = caller.sessionToken && sessions.find(tokens.hashOf(caller.sessionToken));
    if (former) endSession(former.id);
    sessions.forget(now() - limits.sessionAbsoluteMilliseconds, now() - limits.sessionIdleMilliseconds);
    const open = sessions.of(person.id);
    for (const surplus of open.slice(0, Math.max(0, open.length + 1 - limits.sessionsPerPerson))) {
      endSession(surplus.id);
    }
    const sessionToken = tokens.fresh();
    const session: Session = {
      id: tokens.newId('session'),
      tokenHash: tokens.hashOf(sessionToken),
      person: person.id,
      createdAt: now(),
      seenAt: now(),
    };
    sessions.put(session);
    const deviceToken = tokens.fresh();
    devices.add(tokens.hashOf(deviceToken), person.id, now(), limits.devicesPerPerson);
    return { person, session, sessionToken, deviceToken };
  }

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
      return outcome === 'redeemed' ? accept(issue(person, caller)) : linkNotValid;
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
      return accept(issue(known.person, caller));
    },

    find(sessionToken) {
      const session = sessions.find(tokens.hashOf(sessionToken));
      if (!session || !isAlive(session)) return undefined;
      const person = people.byId(session.person);
      if (!person) return undefined;
      if (now() - session.seenAt < limits.seenEveryMilliseconds) return { person, session };
      const seen = { ...session, seenAt: now() };
      sessions.put(seen);
      return { person, session: seen };
    },

    sessions: (person) => sessions.of(person).filter(isAlive),

    end(person, session) {
      const own = sessions.of(person).some(({ id }) => id === session);
      if (!own) return refuse('not-found', 'There is no such session of yours.', { where: 'session' });
      endSession(session);
      return accept(undefined);
    },

    onEnded(listener) {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
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
