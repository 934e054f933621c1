import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import type { AccountBody } from './protocol.ts';
import { TestBrowser } from './testBrowser.ts';
import { password, type TestParts, testParts } from './testServer.ts';

let parts: TestParts;
let app: FastifyInstance;
let browser: TestBrowser;
let now: number;

async function build(more: Parameters<typeof testParts>[0] = {}): Promise<void> {
  now = Date.now();
  parts = testParts(more, () => now);
  app = await buildApp({ ...parts.options, now: () => now });
  browser = new TestBrowser(app);
}
beforeEach(() => build());
afterEach(() => app.close());

async function anneWithPasskey(): Promise<void> {
  const { cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
  browser.cookies.set('reflexe-session', cookie.slice('reflexe-session='.length));
  expect((await browser.makePasskey()).statusCode).toBe(200);
}
const account = async () => (await browser.get('/api/account')).json<AccountBody>();

describe('a passkey', () => {
  it('is made, then opens a session of two factors without a name', async () => {
    await anneWithPasskey();
    expect(await browser.session()).toMatchObject({ strength: 2 });
    await browser.post('/api/sign-out');
    expect(await browser.session()).toBeNull();
    const opened = await browser.signInByPasskey();
    expect(opened.json()).toMatchObject({ person: { name: 'anne' }, session: { strength: 2, enrolling: false } });
    expect((await account()).passkeys).toMatchObject([{ name: 'Téléphone', isSuspect: false, isElsewhere: false }]);
  });

  it('making one changes the session’s token: the former opens nothing', async () => {
    const { cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
    browser.cookies.set('reflexe-session', cookie.slice('reflexe-session='.length));
    await browser.makePasskey();
    expect(browser.cookie).not.toContain(cookie);
    expect((await app.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(401);
    expect(await browser.session()).toMatchObject({ strength: 2 });
  });

  it('that was removed opens nothing, and ends what it opened elsewhere', async () => {
    await anneWithPasskey();
    const phone = browser.authenticator;
    const lost = new TestBrowser(app);
    lost.authenticator = phone;
    expect((await lost.signInByPasskey()).statusCode).toBe(200);
    browser.authenticator = new TestBrowser(app).authenticator;
    await browser.makePasskey('Clé');
    const [first = { id: '' }] = (await account()).passkeys;
    expect(await browser.code('/api/account/passkeys/remove', { passkey: first.id })).toBe('accepted');
    expect(await lost.session()).toBeNull();
    expect((await lost.signInByPasskey()).json().error.code).toBe('passkey-unknown');
    const [last = { id: '' }] = (await account()).passkeys;
    expect(await browser.code('/api/account/passkeys/remove', { passkey: last.id })).toBe('last-factor');
  });

  it('of someone else can neither be renamed nor removed', async () => {
    await anneWithPasskey();
    const [{ id } = { id: '' }] = (await account()).passkeys;
    const { cookie } = await parts.someone('paul', [{ role: 'administrator', scope: 'establishment' }]);
    const paul = new TestBrowser(app);
    paul.cookies.set('reflexe-session', cookie.slice('reflexe-session='.length));
    await paul.makePasskey();
    await paul.makePasskey();
    expect(await paul.code('/api/account/passkeys/remove', { passkey: id })).toBe('not-found');
    expect(await paul.code('/api/account/passkeys/rename', { passkey: id, name: 'x' })).toBe('not-found');
    expect((await account()).passkeys).toMatchObject([{ id, name: 'Téléphone' }]);
  });

  it('whose counter goes back is refused and marked: it may exist twice', async () => {
    await anneWithPasskey();
    const [held] = browser.authenticator.held;
    await browser.signInByPasskey();
    await browser.signInByPasskey();
    if (held) held.counter = 0;
    const thief = new TestBrowser(app);
    thief.authenticator = browser.authenticator;
    expect((await thief.signInByPasskey()).json().error.code).toBe('passkey-cloned');
    expect(await thief.session()).toBeNull();
    expect((await account()).passkeys).toMatchObject([{ isSuspect: true }]);
  });

  it('that does not count is no clone', async () => {
    browser.authenticator.step = 0;
    await anneWithPasskey();
    for (const _ of [1, 2]) expect((await browser.signInByPasskey()).statusCode).toBe(200);
  });
});

describe('an answer to a challenge', () => {
  beforeEach(anneWithPasskey);

  it('is good once', async () => {
    const response = browser.authenticator.use(await browser.ceremony('/api/sign-in/passkey'));
    const eve = new TestBrowser(app);
    expect(await browser.code('/api/sign-in/passkey', { response })).toBe('accepted');
    expect(await eve.code('/api/sign-in/passkey', { response })).toBe('passkey-refused');
    expect(await eve.session()).toBeNull();
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of another port', { origin: 'http://localhost:9999' }],
    ['for another name', { rpId: 'evil.example' }],
    ['without the person verified', { isVerified: false }],
    ['meant for making one', { type: 'webauthn.create' }],
    ['of our own making', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
  ])('%s is refused', async (_, wrong) => {
    const eve = new TestBrowser(app);
    eve.authenticator = browser.authenticator;
    const ceremony = { ...(await eve.ceremony('/api/sign-in/passkey')), ...wrong };
    const response = eve.authenticator.use(ceremony);
    expect(await eve.code('/api/sign-in/passkey', { response })).toBe('passkey-refused');
    expect(await eve.session()).toBeNull();
  });

  it('comes in time, and serves for what it was given out for', async () => {
    const late = await browser.ceremony('/api/sign-in/passkey');
    now += 6 * 60_000;
    expect(await browser.code('/api/sign-in/passkey', { response: browser.authenticator.use(late) })).toBe(
      'passkey-refused',
    );
    const toProve = await browser.ceremony('/api/session/prove/passkey');
    expect(await browser.code('/api/sign-in/passkey', { response: browser.authenticator.use(toProve) })).toBe(
      'passkey-refused',
    );
  });

  it('signed by another key than the one of its id is refused', async () => {
    const eve = new TestBrowser(app);
    const ceremony = await eve.ceremony('/api/sign-in/passkey');
    eve.authenticator.create(ceremony, 'person-x');
    const [own] = browser.authenticator.held;
    const [forged] = eve.authenticator.held;
    if (!own || !forged) throw new Error('both hold one');
    const response = eve.authenticator.use(ceremony, { ...own, key: forged.key });
    expect(await eve.code('/api/sign-in/passkey', { response })).toBe('passkey-refused');
  });

  it.each([{}, { response: {} }, { response: { id: 'x', response: { clientDataJSON: '%' } } }])(
    'that is none is refused without a failure: %j',
    async (body) => {
      expect(['body-invalid', 'passkey-unknown']).toContain(await browser.code('/api/sign-in/passkey', body));
    },
  );
});

describe('at another name', () => {
  it('an address makes no passkey: it says why, and what to do', async () => {
    browser.origin = 'http://127.0.0.1:8420';
    const refused = await browser.post('/api/sign-in/passkey/options');
    expect(refused.json().error).toMatchObject({ code: 'passkeys-unavailable', where: '127.0.0.1' });
  });

  it('passkeys are made under the public name, or under the domain above it', async () => {
    await app.close();
    await build({ publicUrl: 'https://reflexe.hopital.example', passkeyDomain: 'hopital.example' });
    browser.origin = 'https://reflexe.hopital.example';
    expect(await browser.ceremony('/api/sign-in/passkey')).toMatchObject({ rpId: 'hopital.example' });
    await app.close();
    await build({ publicUrl: 'https://reflexe.hopital.example', passkeyDomain: 'autre.example' });
    browser.origin = 'https://reflexe.hopital.example';
    expect(await browser.code('/api/sign-in/passkey/options')).toBe('passkeys-unavailable');
  });

  it('a passkey is no second factor there, and the list says that it is elsewhere’s', async () => {
    await anneWithPasskey();
    browser.origin = 'http://127.0.0.1:8420';
    expect(await account()).toMatchObject({ canMakePasskeys: false, passkeys: [{ isElsewhere: true }] });
    const { ticket } = await new TestBrowser(app).askedFor('anne', password);
    expect(await browser.code('/api/sign-in/key/options', { ticket })).toBe('passkeys-unavailable');
  });
});

it('a passkey is the second factor of a password, for the person who typed it only', async () => {
  await anneWithPasskey();
  const desk = new TestBrowser(app);
  desk.authenticator = browser.authenticator;
  const { ticket, factors } = await desk.askedFor('anne', password);
  expect(factors).toEqual(['key']);
  expect(await desk.session()).toBeNull();
  const ceremony = await desk.ceremony('/api/sign-in/key', { ticket });
  expect(await desk.code('/api/sign-in/key', { ticket, response: desk.authenticator.use(ceremony) })).toBe('accepted');
  expect(await desk.session()).toMatchObject({ strength: 2 });
  expect(await desk.code('/api/sign-in/key/options', { ticket })).toBe('sign-in-again');
});

it('a sensitive act asks for a recent proof; a passkey gives it within the session', async () => {
  await anneWithPasskey();
  now += 11 * 60_000;
  expect(await browser.code('/api/account/recovery-codes')).toBe('proof-too-old');
  const before = browser.cookie;
  const ceremony = await browser.ceremony('/api/session/prove/passkey');
  expect(await browser.code('/api/session/prove/passkey', { response: browser.authenticator.use(ceremony) })).toBe(
    'accepted',
  );
  expect(browser.cookie).not.toBe(before);
  expect((await app.inject({ url: '/api/session', headers: { cookie: before } })).statusCode).toBe(401);
  expect(await browser.code('/api/account/recovery-codes')).toBe('accepted');
  now += 11 * 60_000;
  // Who has a passkey does not prove it by a password alone.
  expect(await browser.code('/api/session/prove', { password })).toBe('passkey-asked');
});
