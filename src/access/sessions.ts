import { accept, type Result, refuse } from '../journal/result.ts';
import { deviceWords } from './deviceWords.ts';
import { type AccessLimits, type SessionRule, sessionMillisecondsMax, sessionRuleOf } from './limits.ts';
import { isEnrolling, type Proof } from './methods.ts';
import type { OnNotice, SessionEnd } from './notices.ts';
import type { Person } from './person.ts';
import type { AccessStores, Session, Tokens } from './ports.ts';

export type { Proof } from './methods.ts';

export interface SignedIn {
  person: Person;
  session: Session;
  /** One factor on a hub that demands two: all this session may do is add the second. */
  enrolling: boolean;
}

/** Where a try to sign in comes from, and what the browser showed. */
export interface Caller {
  address: string;
  sessionToken?: string | undefined;
  deviceToken?: string | undefined;
  userAgent?: string | undefined;
}

/** A sign-in that succeeded: the only moment the tokens exist outside the browser. */
export interface Issued extends SignedIn {
  sessionToken: string;
  deviceToken: string;
}

/** `renewed`: the token the browser is to hold from now on. */
export interface Found extends SignedIn {
  renewed?: string;
}

/** What a look-up stands for: a hand that did something, a page or feed that asked, or nobody (a check of ours). */
export type Presence = 'act' | 'screen' | 'none';

export interface Sessions {
  /**
   * Always a token of our own making: the session the browser showed before is ended, never taken over. `resumed`: a lapsed
   * session that goes on under a new name; its limit and its last full proof stay what they were.
   */
  open(person: Person, proof: Proof, caller: Caller, resumed?: Session): Issued;
  /** The person behind a session token, while it lasts; changes the token when its time has come and `mayRenew`. */
  find(token: string, presence?: Presence, mayRenew?: boolean): Found | undefined;
  /** The same by id: whether what was opened by this session may go on. */
  look(session: string, presence?: Presence): SignedIn | undefined;
  /** Proved again within a session: same session, new token, and the former one opens nothing from now on. */
  proveAgain(session: string, proof: Proof): { session: Session; sessionToken: string } | undefined;
  /** The session behind a token that lapsed for want of presence alone: its owner need not prove both factors again. */
  lapsed(token: string): Session | undefined;
  list(person: string): Session[];
  end(person: string, session: string, why?: SessionEnd): Result<void>;
  endAll(person: string, why: SessionEnd, but?: string): void;
  onEnded(listener: (session: string) => void): () => void;
  /** What a token of a program opened ends with it, as with a session. */
  cut(token: string): void;
}

export interface SessionParts {
  stores: AccessStores;
  tokens: Tokens;
  now(): number;
  limits: AccessLimits;
  demandsTwoFactors: boolean;
  announce: OnNotice;
}

export function createSessions({ stores, tokens, now, limits, demandsTwoFactors, announce }: SessionParts): Sessions {
  const { people, sessions, devices } = stores;
  const endListeners = new Set<(session: string) => void>();

  const isYoung = (session: Session, rule: SessionRule): boolean =>
    now() - session.createdAt < rule.absoluteMilliseconds;
  const isAlive = (session: Session, rule: SessionRule): boolean =>
    isYoung(session, rule) && now() - session.seenAt < rule.idleMilliseconds;
  const ruleFor = (person: Person): SessionRule => sessionRuleOf(person.grants.map(({ role }) => role));

  function endOne({ id, person }: Session, why: SessionEnd): void {
    const ended = sessions.end(id);
    for (const listener of endListeners) listener(id);
    if (ended) announce({ type: 'sessionEnded', person, session: id, why });
  }

  function signedIn(person: Person, session: Session): SignedIn {
    return { person, session, enrolling: isEnrolling(session.method, session.strength, demandsTwoFactors) };
  }

  function seen(session: Session, rule: SessionRule, presence: Presence): Session {
    const counts = presence === 'act' || (presence === 'screen' && rule.presence === 'anything');
    if (!counts || now() - session.seenAt < limits.seenEveryMilliseconds) return session;
    const present = { ...session, seenAt: now() };
    sessions.put(present);
    return present;
  }

  /** The token offered last was shown: it is the one from now on, the former is good for what is under way. */
  function settled(session: Session, hash: string): Session {
    if (hash !== session.nextTokenHash) return session;
    const settledSession: Session = {
      ...session,
      tokenHash: hash,
      nextTokenHash: null,
      formerTokenHash: session.tokenHash,
      tokenAt: now(),
    };
    sessions.put(settledSession);
    return settledSession;
  }

  function renewal(session: Session): { session: Session; renewed: string } | undefined {
    // Offered again where nobody took it up: an answer may have been lost on its way.
    const due = session.nextTokenHash === null ? limits.tokenMilliseconds : limits.formerTokenMilliseconds;
    if (now() - session.tokenAt < due) return undefined;
    const renewed = tokens.fresh();
    const offered = { ...session, nextTokenHash: tokens.hashOf(renewed), tokenAt: now() };
    sessions.put(offered);
    return { session: offered, renewed };
  }

  return {
    open(person, { method, strength }, caller, resumed) {
      const former = caller.sessionToken && sessions.find(tokens.hashOf(caller.sessionToken));
      if (former) endOne(former, 'replaced');
      sessions.forget(now() - sessionMillisecondsMax);
      const open = sessions.of(person.id);
      for (const surplus of open.slice(0, Math.max(0, open.length + 1 - limits.sessionsPerPerson))) {
        endOne(surplus, 'tooMany');
      }
      const sessionToken = tokens.fresh();
      const session: Session = {
        id: tokens.newId('session'),
        tokenHash: tokens.hashOf(sessionToken),
        nextTokenHash: null,
        formerTokenHash: null,
        tokenAt: now(),
        person: person.id,
        createdAt: resumed?.createdAt ?? now(),
        seenAt: now(),
        provedAt: resumed?.provedAt ?? now(),
        method,
        strength,
        device: deviceWords(caller.userAgent),
      };
      sessions.put(session);
      const deviceToken = tokens.fresh();
      devices.add(tokens.hashOf(deviceToken), person.id, now(), limits.devicesPerPerson);
      announce({ type: 'signedIn', person: person.id, session: session.id, method, strength });
      return { ...signedIn(person, session), sessionToken, deviceToken };
    },

    find(token, presence = 'act', mayRenew = false) {
      const hash = tokens.hashOf(token);
      const found = sessions.find(hash);
      const person = found && people.byId(found.person);
      if (!found || !person) return undefined;
      const rule = ruleFor(person);
      if (!isAlive(found, rule)) return undefined;
      if (hash === found.formerTokenHash && now() - found.tokenAt >= limits.formerTokenMilliseconds) {
        // Two hold this session: its owner, and whoever kept the former token.
        endOne(found, 'tokenReused');
        return undefined;
      }
      const current = seen(settled(found, hash), rule, presence);
      const renewed = mayRenew && hash !== current.formerTokenHash ? renewal(current) : undefined;
      return { ...signedIn(person, current), ...renewed };
    },

    look(id, presence = 'none') {
      const found = sessions.byId(id);
      const person = found && people.byId(found.person);
      if (!found || !person) return undefined;
      const rule = ruleFor(person);
      return isAlive(found, rule) ? signedIn(person, seen(found, rule, presence)) : undefined;
    },

    proveAgain(id, { method, strength }) {
      const session = sessions.byId(id);
      if (!session) return undefined;
      const sessionToken = tokens.fresh();
      const proved: Session = {
        ...session,
        tokenHash: tokens.hashOf(sessionToken),
        nextTokenHash: null,
        formerTokenHash: null,
        tokenAt: now(),
        seenAt: now(),
        provedAt: now(),
        ...(strength < session.strength ? {} : { method, strength }),
      };
      sessions.put(proved);
      announce({ type: 'provedAgain', person: session.person, session: id, method, strength });
      return { session: proved, sessionToken };
    },

    lapsed(token) {
      const found = sessions.find(tokens.hashOf(token));
      const person = found && people.byId(found.person);
      return found && person && isYoung(found, ruleFor(person)) ? found : undefined;
    },

    list(id) {
      const person = people.byId(id);
      return person ? sessions.of(id).filter((session) => isAlive(session, ruleFor(person))) : [];
    },

    end(person, id, why = 'revoked') {
      const own = sessions.of(person).find((session) => session.id === id);
      if (!own) return refuse('not-found', 'There is no such session of yours.', { where: 'session' });
      endOne(own, why);
      return accept(undefined);
    },

    endAll(person, why, but) {
      for (const session of sessions.of(person)) if (session.id !== but) endOne(session, why);
    },

    cut(token) {
      for (const listener of endListeners) listener(token);
    },

    onEnded(listener) {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
  };
}
