import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccess } from '../access/access.ts';
import { accessLimits, sessionRules } from '../access/limits.ts';
import type { AccessNotice } from '../access/notices.ts';
import { createPasswordHasher } from '../adapters/argon2/passwordHasher.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import { oneTimeCodes as codes } from '../adapters/otpauth/oneTimeCodes.ts';
import { passkeyCeremonies as ceremonies } from '../adapters/webauthn/passkeyCeremonies.ts';
import { buildApp } from './app.ts';
import type { InvitedBody, PeopleBody } from './protocol.ts';
import { TestBrowser } from './testBrowser.ts';
import { password, type TestParts, testParts } from './testServer.ts';

let parts: TestParts;
let app: FastifyInstance;
let admin: TestBrowser;
let now: number;
let notices: AccessNotice[];

async function build(demandsTwoFactors = false): Promise<void> {
  now = Date.UTC(2026, 10, 22, 3);
  notices = [];
  const plain = testParts({}, () => now);
  const access = createAccess({
    ...{ stores: plain.stores, hasher: createPasswordHasher(), tokens, ceremonies, codes, demandsTwoFactors },
    now: () => now,
    onAccessEvent: (notice) => notices.push(notice),
  });
  parts = { ...plain, access };
  app = await buildApp({ ...plain.options, access, now: () => now });
  const { cookie } = await plain.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
  admin = new TestBrowser(app);
  admin.cookies.set('reflexe-session', cookie.slice('reflexe-session='.length));
}
beforeEach(() => build());
afterEach(() => app.close());

const paul = {
  name: 'Paul',
  displayName: 'Paul Ngo, cadre de santé',
  grants: [{ role: 'clinician', scope: 'ward', ward: 'ward:3' }],
};
const invited = async (): Promise<InvitedBody> => (await admin.post('/api/people', paul)).json<InvitedBody>();
const newcomer = () => new TestBrowser(app);
async function accept(token: string, browser = newcomer()): Promise<TestBrowser> {
  const { userId, ...ceremony } = await browser.ceremony('/api/links/passkey', { token });
  const response = browser.authenticator.create(ceremony, userId);
  const opened = await browser.post('/api/links/passkey', { token, name: 'Téléphone', response });
  if (opened.statusCode !== 200) throw new Error(opened.body);
  return browser;
}

describe('a one-time link for a new person', () => {
  it('says whose it is, and opens with a passkey that then signs in', async () => {
    const { token, person } = await invited();
    expect((await newcomer().post('/api/links/look', { token })).json()).toEqual({
      ...{ kind: 'welcome', name: 'paul', displayName: paul.displayName, hasPasskeys: false },
    });
    const browser = await accept(token);
    expect(await browser.session()).toMatchObject({ strength: 2 });
    await browser.post('/api/sign-out');
    expect((await browser.signInByPasskey()).json()).toMatchObject({ person: { id: person.id, name: 'paul' } });
    expect((await admin.get('/api/people')).json<PeopleBody>().people).toMatchObject([
      { name: 'anne', hasPassword: true },
      { name: 'paul', passkeys: 1, hasPassword: false, invited: null },
    ]);
  });

  it('opens once, also for two at the same moment', async () => {
    const { token } = await invited();
    const both = await Promise.all([1, 2].map(() => newcomer().code('/api/links/password', { token, password })));
    expect(both.sort()).toEqual(['accepted', 'invitation-not-valid']);
    expect(await newcomer().code('/api/links/password', { token, password })).toBe('invitation-not-valid');
    expect(await newcomer().code('/api/links/passkey/options', { token })).toBe('invitation-not-valid');
  });

  it('by passkey and by password at the same moment opens once too', async () => {
    const { token } = await invited();
    const browser = newcomer();
    const { userId, ...ceremony } = await browser.ceremony('/api/links/passkey', { token });
    const response = browser.authenticator.create(ceremony, userId);
    const both = await Promise.all([
      browser.code('/api/links/passkey', { token, name: 'Clé', response }),
      newcomer().code('/api/links/password', { token, password }),
    ]);
    expect(both.sort()).toEqual(['accepted', 'invitation-not-valid']);
  });

  it('expires, and is void once another is made', async () => {
    const first = await invited();
    const second = (await admin.post('/api/people/invite', { person: first.person.id })).json<InvitedBody>();
    expect(await newcomer().code('/api/links/look', { token: first.token })).toBe('invitation-not-valid');
    expect(await newcomer().code('/api/links/look', { token: second.token })).toBe('accepted');
    now += accessLimits.invitationMilliseconds;
    expect(await newcomer().code('/api/links/look', { token: second.token })).toBe('invitation-not-valid');
  });

  it('is not spent by a refused password, nor made for a name that is taken', async () => {
    const { token } = await invited();
    expect(await newcomer().code('/api/links/password', { token, password: 'court' })).toBe('password-too-short');
    expect(await newcomer().code('/api/links/password', { token, password })).toBe('accepted');
    expect(await admin.code('/api/people', { ...paul, name: 'ANNE' })).toBe('name-taken');
  });

  it('is made by an administrator who has just proved who they are, and nobody else', async () => {
    const { token } = await invited();
    const browser = await accept(token);
    expect(await browser.code('/api/people', paul)).toBe('not-allowed');
    expect(await newcomer().code('/api/people', paul)).toBe('signed-out');
    now += 11 * 60_000;
    expect(await admin.code('/api/people', paul)).toBe('proof-too-old');
  });
});

it('a lost telephone: its passkey, sessions and password are void at once, and a new link lets its owner in', async () => {
  const { token, person } = await invited();
  const phone = await accept(token);
  const reset = (await admin.post('/api/people/reset', { person: person.id })).json<InvitedBody>();
  expect(await phone.session()).toBeNull();
  expect((await phone.signInByPasskey()).json().error.code).toBe('passkey-unknown');
  const again = await accept(reset.token);
  expect(await again.session()).toMatchObject({ strength: 2 });
  expect(notices).toContainEqual({ type: 'personReset', person: person.id, by: expect.stringMatching(/^person-/) });
});

it('sessions of one person, then of everybody but oneself, end at once; what they sign in with stays', async () => {
  const { token, person } = await invited();
  const [desk, phone] = [await accept(token), newcomer()];
  phone.authenticator = desk.authenticator;
  await phone.signInByPasskey();
  const people = async () => (await admin.get('/api/people')).json<PeopleBody>().people;
  expect((await people()).map(({ sessions }) => sessions)).toEqual([1, 2]);
  expect(await admin.code('/api/people/end-sessions', { person: 'person-none' })).toBe('not-found');
  expect(await desk.code('/api/people/end-sessions', {})).toBe('not-allowed');
  expect(await admin.code('/api/people/end-sessions', { person: person.id })).toBe('accepted');
  expect([await desk.session(), await phone.session()]).toEqual([null, null]);
  expect((await phone.signInByPasskey()).statusCode).toBe(200);
  expect(await admin.code('/api/people/end-sessions', {})).toBe('accepted');
  expect(await phone.session()).toBeNull();
  expect(await admin.session()).not.toBeNull();
});

it('where two factors are demanded, one factor adds the second and does nothing else', async () => {
  await app.close();
  await build(true);
  // The administrator too has one factor only.
  expect(await admin.code('/api/people', paul)).toBe('second-factor-needed');
  await admin.makePasskey();
  const link = await invited();
  const browser = newcomer();
  await browser.post('/api/links/password', { token: link.token, password });
  expect(await browser.session()).toMatchObject({ strength: 1, enrolling: true });
  const worlds = await browser.get('/api/worlds');
  expect([worlds.statusCode, worlds.json().error.code]).toEqual([403, 'second-factor-needed']);
  expect((await browser.makePasskey()).statusCode).toBe(200);
  expect(await browser.session()).toMatchObject({ strength: 2, enrolling: false });
  expect((await browser.get('/api/worlds')).statusCode).toBe(200);
});

it('rights withdrawn while a form is open: the act is refused, the session lives', async () => {
  const { token, person } = await invited();
  parts.stores.people.setGrants(person.id, [{ role: 'technician', scope: 'establishment' }]);
  const browser = await accept(token);
  expect(await browser.code('/api/worlds/live/lines', { text: 'before' })).toBe('accepted');
  parts.stores.people.setGrants(person.id, [{ role: 'auditor', scope: 'establishment' }]);
  expect(await browser.code('/api/worlds/live/lines', { text: 'after' })).toBe('not-allowed');
  expect(await browser.session()).not.toBeNull();
});

it('a clinician away from a shared desk is out soon, and back by one gesture until the shift ends', async () => {
  const { token } = await invited();
  const browser = newcomer();
  await browser.post('/api/links/password', { token, password });
  await browser.makePasskey();
  const { idleMilliseconds, absoluteMilliseconds } = sessionRules.clinician;
  now += idleMilliseconds - 60_000;
  // A page that asks by itself is nobody's hand.
  await browser.get('/api/session');
  now += 60_000;
  expect(await browser.session()).toBeNull();
  expect((await browser.post('/api/sign-in', { name: 'paul', password })).json()).toMatchObject({
    session: { strength: 2 },
  });
  const elsewhere = await newcomer().post('/api/sign-in', { name: 'paul', password });
  expect(elsewhere.json()).toMatchObject({ asked: { factors: ['key'] } });
  now += absoluteMilliseconds;
  expect((await browser.post('/api/sign-in', { name: 'paul', password })).json()).toMatchObject({
    asked: { factors: ['key'] },
  });
});

it('all is announced in ids: no name, address, or anything typed', async () => {
  const { token } = await invited();
  const browser = await accept(token);
  for (let guess = 0; guess < 6; guess += 1) await newcomer().post('/api/sign-in', { name: 'paul', password: 'wrong' });
  await browser.post('/api/sign-out');
  expect(notices.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      ...['personAdded', 'personInvited', 'invitationUsed', 'factorAdded', 'signedIn', 'guessesSlowed', 'sessionEnded'],
    ]),
  );
  const said = JSON.stringify(notices);
  for (const secret of ['paul', 'Paul', '127.0.0.1', 'wrong', token]) expect(said).not.toContain(secret);
});
