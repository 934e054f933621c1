import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../adapters/crypto/tokens.ts';
import { deviceWords } from './deviceWords.ts';
import { accessLimits, sessionRuleOf, sessionRules } from './limits.ts';
import { memoryStores } from './memoryStores.ts';
import type { AccessNotice } from './notices.ts';
import type { Person } from './person.ts';
import type { Role } from './roles.ts';
import { createSessions, type Sessions } from './sessions.ts';

const { tokenMilliseconds, formerTokenMilliseconds } = accessLimits;
const here = {
  address: '10.0.0.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

let now: number;
let notices: AccessNotice[];
let sessions: Sessions;
let stores: ReturnType<typeof memoryStores>;
beforeEach(() => {
  now = Date.UTC(2026, 10, 22, 3);
  notices = [];
  stores = memoryStores();
  sessions = createSessions({
    ...{ stores, tokens, limits: accessLimits, demandsTwoFactors: false },
    now: () => now,
    announce: (notice) => notices.push(notice),
  });
});

function person(...roles: Role[]): Person {
  const made: Person = {
    id: tokens.newId('person'),
    name: tokens.newId('name'),
    displayName: 'Anne',
    grants: roles.map((role) => ({ role, scope: 'establishment' })),
  };
  stores.people.add(made);
  return made;
}
const opened = (...roles: Role[]) => sessions.open(person(...roles), { method: 'passkey', strength: 2 }, here);

describe('the token of a session', () => {
  it('changes as time passes; the former serves what was under way, once the new one was shown', () => {
    const { sessionToken, session } = opened('technician');
    now += tokenMilliseconds;
    expect(sessions.find(sessionToken, 'act', false)?.renewed).toBeUndefined();
    const renewed = sessions.find(sessionToken, 'act', true)?.renewed ?? '';
    expect(renewed).not.toBe('');
    // Offered, not taken up yet: the answer may be lost, and the former goes on for as long as it takes.
    expect(sessions.find(sessionToken, 'act', true)).toMatchObject({ session: { id: session.id } });
    expect(sessions.find(renewed)?.session.id).toBe(session.id);
    expect(sessions.find(sessionToken)?.session.id).toBe(session.id);
    now += formerTokenMilliseconds - 1;
    expect(sessions.find(sessionToken)?.session.id).toBe(session.id);
  });

  it('shown after its time says that two hold the session: it ends for both', () => {
    const { sessionToken, session, person: owner } = opened('technician');
    now += tokenMilliseconds;
    const renewed = sessions.find(sessionToken, 'act', true)?.renewed ?? '';
    sessions.find(renewed);
    now += formerTokenMilliseconds;
    const ended: string[] = [];
    sessions.onEnded((id) => ended.push(id));
    expect(sessions.find(sessionToken)).toBeUndefined();
    expect(sessions.find(renewed)).toBeUndefined();
    expect(ended).toEqual([session.id]);
    expect(notices.at(-1)).toEqual({ type: 'sessionEnded', person: owner.id, session: session.id, why: 'tokenReused' });
  });

  it('that nobody took up is offered again, and the first offer is then void', () => {
    const { sessionToken } = opened('technician');
    now += tokenMilliseconds;
    const lost = sessions.find(sessionToken, 'act', true)?.renewed ?? '';
    expect(sessions.find(sessionToken, 'act', true)?.renewed).toBeUndefined();
    now += formerTokenMilliseconds;
    const second = sessions.find(sessionToken, 'act', true)?.renewed ?? '';
    expect(sessions.find(lost)).toBeUndefined();
    expect(sessions.find(second)).toBeDefined();
  });

  it('is another one after a proof, and the former opens nothing at once', () => {
    const { sessionToken, session } = opened('technician');
    now += 1000;
    const proved = sessions.proveAgain(session.id, { method: 'passkey', strength: 2 });
    expect(sessions.find(sessionToken)).toBeUndefined();
    expect(sessions.find(proved?.sessionToken ?? '')?.session).toMatchObject({ id: session.id, provedAt: now });
    expect(sessions.proveAgain('session-none', { method: 'passkey', strength: 2 })).toBeUndefined();
  });

  it('a weaker proof takes no strength away', () => {
    const { session } = opened('technician');
    expect(sessions.proveAgain(session.id, { method: 'password', strength: 1 })?.session.strength).toBe(2);
  });
});

describe('presence', () => {
  it('is anything at a desk of one’s own, acts alone on a shared one', () => {
    const [technician, clinician] = [opened('technician'), opened('clinician')];
    const { idleMilliseconds } = sessionRules.clinician;
    now += idleMilliseconds - 1;
    sessions.look(clinician.session.id, 'screen');
    sessions.find(clinician.sessionToken, 'screen');
    now += 1;
    expect(sessions.look(clinician.session.id)).toBeUndefined();
    expect(sessions.list(clinician.person.id)).toEqual([]);
    expect(sessions.lapsed(clinician.sessionToken)?.id).toBe(clinician.session.id);
    now += sessionRules.technician.idleMilliseconds - idleMilliseconds - 1;
    expect(sessions.look(technician.session.id, 'screen')).toBeDefined();
    now += idleMilliseconds;
    expect(sessions.look(technician.session.id)).toBeDefined();
  });

  it('of several roles the strictest rule holds', () => {
    const { clinician, technician } = sessionRules;
    expect(sessionRuleOf(['technician', 'clinician'])).toEqual({
      idleMilliseconds: clinician.idleMilliseconds,
      absoluteMilliseconds: clinician.absoluteMilliseconds,
      presence: 'acts',
    });
    expect(technician.idleMilliseconds).toBeGreaterThan(clinician.idleMilliseconds);
    expect(sessionRuleOf([]).idleMilliseconds).toBe(clinician.idleMilliseconds);
  });
});

it('all sessions of a person end at once, but the one they are in', () => {
  const owner = person('technician');
  const [one, two, three] = [1, 2, 3].map(() => sessions.open(owner, { method: 'passkey', strength: 2 }, here));
  sessions.endAll(owner.id, 'revoked', two?.session.id);
  expect([one, two, three].map((each) => sessions.find(each?.sessionToken ?? '') !== undefined)).toEqual([
    false,
    true,
    false,
  ]);
});

it.each([
  [here.userAgent, 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  ['curl/8.14', ''],
  [undefined, ''],
])('a device is named in a few words: %s', (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words);
});
