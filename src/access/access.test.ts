import { beforeEach, describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../adapters/argon2/passwordHasher.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import { oneTimeCodes as codes } from '../adapters/otpauth/oneTimeCodes.ts';
import { passkeyCeremonies as ceremonies } from '../adapters/webauthn/passkeyCeremonies.ts';
import { type Access, type Caller, createAccess, type Issued } from './access.ts';
import { accessLimits, sessionRules } from './limits.ts';
import { memoryStores } from './memoryStores.ts';
import type { AccessStores } from './ports.ts';

const password = 'five calm otters sail';
const anne = { name: ' Anne ', displayName: 'Dr Anne Morel', password };
const ward: Caller = { address: '10.0.0.7' };

let now: number;
let stores: AccessStores;
let access: Access;
beforeEach(() => {
  now = Date.UTC(2026, 0, 5);
  stores = memoryStores();
  access = createAccess({ stores, hasher: createPasswordHasher(), tokens, ceremonies, codes, now: () => now });
});

async function first(caller = ward): Promise<Issued> {
  const made = await access.signInFirst({ ...anne, token: access.makeFirstLink().token }, caller);
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}
const code = async (attempt: Promise<{ ok: boolean; refusal?: { code: string } }>) =>
  (await attempt).refusal?.code ?? 'accepted';

describe('the one-time link', () => {
  it('makes the first administrator, who then signs in by name and password', async () => {
    expect(access.isNew()).toBe(true);
    const { person, sessionToken } = await first();
    expect(access.isNew()).toBe(false);
    expect(person).toMatchObject({ name: 'anne', grants: [{ role: 'administrator', scope: 'establishment' }] });
    expect(access.sessions.find(sessionToken)?.person.id).toBe(person.id);
    expect(await code(access.signIn('ANNE', password, ward))).toBe('accepted');
  });

  it('opens once, also when used twice at the same moment', async () => {
    const { token } = access.makeFirstLink();
    const twice = await Promise.all(
      ['paul', 'mallory'].map((name) => code(access.signInFirst({ ...anne, name, token }, ward))),
    );
    expect(twice.sort()).toEqual(['accepted', 'first-link-not-valid']);
    expect(await code(access.signInFirst({ ...anne, token }, ward))).toBe('first-link-not-valid');
  });

  it('expires, and is void once a new one is made', async () => {
    const old = access.makeFirstLink();
    const fresh = access.makeFirstLink();
    expect(await code(access.signInFirst({ ...anne, token: old.token }, ward))).toBe('first-link-not-valid');
    now = fresh.expiresAt;
    expect(await code(access.signInFirst({ ...anne, token: fresh.token }, ward))).toBe('first-link-not-valid');
    expect(access.isNew()).toBe(true);
  });

  it('is not spent by a refused password or a taken name', async () => {
    await first();
    const { token } = access.makeFirstLink();
    expect(await code(access.signInFirst({ ...anne, name: 'paul', password: 'short', token }, ward))).toBe(
      'password-too-short',
    );
    expect(await code(access.signInFirst({ ...anne, token }, ward))).toBe('name-taken');
    expect(await code(access.signInFirst({ ...anne, name: 'paul', token }, ward))).toBe('accepted');
  });
});

describe('sessions', () => {
  it('are new at each sign-in, the one shown before ended', async () => {
    const before = await first();
    const ended: string[] = [];
    access.sessions.onEnded((session) => ended.push(session));
    const after = await access.signIn('anne', password, { ...ward, sessionToken: before.sessionToken });
    expect(after).toMatchObject({ ok: true, value: { sessionToken: expect.not.stringMatching(before.sessionToken) } });
    expect(access.sessions.find(before.sessionToken)).toBeUndefined();
    expect(ended).toEqual([before.session.id]);
  });

  it('never take over a token the browser brought', async () => {
    await first();
    const planted = tokens.fresh();
    expect(await code(access.signIn('anne', password, { ...ward, sessionToken: planted }))).toBe('accepted');
    expect(access.sessions.find(planted)).toBeUndefined();
  });

  it('end when nobody was seen for long enough, and not while someone is', async () => {
    const { sessionToken } = await first();
    now += sessionRules.administrator.idleMilliseconds - 1;
    expect(access.sessions.find(sessionToken)).toBeDefined();
    now += sessionRules.administrator.idleMilliseconds - 1;
    expect(access.sessions.find(sessionToken)).toBeDefined();
    now += sessionRules.administrator.idleMilliseconds;
    expect(access.sessions.find(sessionToken)).toBeUndefined();
  });

  it('end at their absolute limit however busy', async () => {
    const { sessionToken, session } = await first();
    const end = session.createdAt + sessionRules.administrator.absoluteMilliseconds;
    while (now + sessionRules.administrator.idleMilliseconds / 2 < end) {
      now += sessionRules.administrator.idleMilliseconds / 2;
      expect(access.sessions.find(sessionToken)).toBeDefined();
    }
    now = end;
    expect(access.sessions.find(sessionToken)).toBeUndefined();
    expect(access.sessions.list(session.person)).toEqual([]);
  });

  it('of a person are bounded, the oldest ended first', async () => {
    const { person, session } = await first();
    for (let more = 0; more < accessLimits.sessionsPerPerson; more += 1) {
      now += 1000;
      expect(await code(access.signIn('anne', password, ward))).toBe('accepted');
    }
    const open = access.sessions.list(person.id);
    expect(open).toHaveLength(accessLimits.sessionsPerPerson);
    expect(open.some(({ id }) => id === session.id)).toBe(false);
  });

  it('are ended by their owner only', async () => {
    const one = await first();
    const other = await access.signInFirst(
      { ...anne, name: 'paul', token: access.makeFirstLink().token },
      { address: '10.0.0.8' },
    );
    if (!other.ok) throw new Error(other.refusal.code);
    expect(access.sessions.end(other.value.person.id, one.session.id)).toMatchObject({
      refusal: { code: 'not-found' },
    });
    expect(access.sessions.find(one.sessionToken)).toBeDefined();
    expect(access.sessions.end(one.person.id, one.session.id).ok).toBe(true);
    expect(access.sessions.find(one.sessionToken)).toBeUndefined();
  });
});

describe('guessing', () => {
  it('answers the same for an unknown name and a wrong password', async () => {
    await first();
    const wrong = await access.signIn('anne', 'wrong wrong wrong', ward);
    const unknown = await access.signIn('nobody', 'wrong wrong wrong', ward);
    expect(wrong).toEqual(unknown);
    expect(wrong).toMatchObject({ refusal: { code: 'sign-in-refused' } });
  });

  it('waits longer and longer, and looks at nothing meanwhile', async () => {
    await first();
    let waited = 0;
    for (let guess = 0; guess < 12; guess += 1) {
      const attempt = await access.signIn('anne', 'wrong wrong wrong', ward);
      if (!attempt.ok && attempt.retryAfterSeconds !== undefined) {
        expect(attempt.retryAfterSeconds).toBeGreaterThanOrEqual(Math.min(30, waited));
        waited = attempt.retryAfterSeconds;
        expect(await code(access.signIn('anne', password, ward))).toBe('too-many-attempts');
        now += waited * 1000;
      }
    }
    expect(waited).toBeGreaterThanOrEqual(4);
    expect(waited).toBeLessThanOrEqual(30);
    now += 30_000;
    expect(await code(access.signIn('anne', password, ward))).toBe('accepted');
  });

  it('by others does not slow down a browser the person signed in with', async () => {
    const { deviceToken } = await first();
    for (let guess = 0; guess < 8; guess += 1) await access.signIn('anne', 'wrong wrong wrong', ward);
    expect(await code(access.signIn('anne', password, ward))).toBe('too-many-attempts');
    expect(await code(access.signIn('anne', password, { ...ward, deviceToken }))).toBe('accepted');
  });

  it('many accounts from one address is slowed too', async () => {
    const codes = [];
    for (let guess = 0; guess < 24; guess += 1) codes.push(await code(access.signIn(`name-${guess}`, 'x', ward)));
    expect(codes.filter((one) => one === 'sign-in-refused').length).toBeLessThan(24);
    expect(codes.at(-1)).toBe('too-many-attempts');
    expect(await code(access.signIn('someone', 'x', { address: '10.0.0.9' }))).toBe('sign-in-refused');
  });

  it('at once does not slip through together', async () => {
    await first();
    const guesses = Array.from({ length: 20 }, () => code(access.signIn('anne', 'wrong wrong wrong', ward)));
    const codes = await Promise.all(guesses);
    expect(codes.filter((one) => one === 'sign-in-refused')).toHaveLength(5);
  });
});

it('a hash made with weaker parameters is renewed at sign-in', async () => {
  const { person } = await first();
  const { hash } = await import('@node-rs/argon2');
  stores.people.setPasswordHash(person.id, await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 }));
  expect(await code(access.signIn('anne', password, ward))).toBe('accepted');
  const renewed = stores.people.byName('anne')?.passwordHash ?? '';
  expect(renewed).toContain('m=19456,t=2,p=1');
  expect(await code(access.signIn('anne', password, ward))).toBe('accepted');
});
