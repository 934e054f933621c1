import type { FastifyInstance } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessLimits } from '../access/limits.ts';
import { buildApp } from './app.ts';
import type { AccountBody, AskedBody, SessionBody, TotpBody } from './protocol.ts';
import { startServer } from './server.ts';
import { TestBrowser } from './testBrowser.ts';
import { password, type TestParts, testParts } from './testServer.ts';

const step = 30_000;
let parts: TestParts;
let app: FastifyInstance;
let browser: TestBrowser;
let now: number;
let secret: string;

const codeAt = (at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: at });

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22, 3, 0, 10);
  parts = testParts({}, () => now);
  app = await buildApp({ ...parts.options, now: () => now });
  browser = new TestBrowser(app);
  const { token } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
  browser.cookies.set('reflexe-session', token);
  const begun = (await browser.post('/api/account/totp/begin')).json<TotpBody>();
  secret = begun.secret;
  expect(begun.uri).toContain(`secret=${secret}`);
});
afterEach(() => app.close());

const confirm = (at = now) => browser.code('/api/account/totp/confirm', { code: codeAt(at) });
const desk = (): TestBrowser => new TestBrowser(app);
async function ticket(at = desk()): Promise<string> {
  return (await at.askedFor('anne', password)).ticket;
}

describe('an authenticator application', () => {
  it('is confirmed by a first code, and the session then stands on two factors under a new token', async () => {
    const before = browser.cookie;
    expect(await browser.code('/api/account/totp/confirm', { code: '000000' })).toBe('code-refused');
    expect(await browser.session()).toMatchObject({ strength: 1 });
    expect(await confirm()).toBe('accepted');
    expect(await browser.session()).toMatchObject({ strength: 2 });
    expect((await app.inject({ url: '/api/session', headers: { cookie: before } })).statusCode).toBe(401);
    expect(await confirm()).toBe('enrolment-over');
  });

  it('is asked after the password, which alone opens nothing', async () => {
    await confirm();
    now += 2 * step;
    const at = desk();
    const asked = await at.post('/api/sign-in', { name: 'anne', password });
    expect(asked.cookies).toEqual([]);
    expect(asked.json<AskedBody>().asked.factors).toEqual(['code']);
    const opened = await at.post('/api/sign-in/code', {
      ticket: asked.json<AskedBody>().asked.ticket,
      code: codeAt(now),
    });
    expect(opened.json()).toMatchObject({ person: { name: 'anne' }, session: { strength: 2 }, skewSeconds: 0 });
  });

  it('takes the code before and the one after, and says by how much its clock is off', async () => {
    await confirm();
    now += 10 * step;
    const late = await browser.post('/api/sign-in/code', { ticket: await ticket(), code: codeAt(now - step) });
    expect(late.json<SessionBody>().skewSeconds).toBe(-30);
    now += 10 * step;
    const early = await desk().post('/api/sign-in/code', { ticket: await ticket(), code: codeAt(now + step) });
    expect(early.json<SessionBody>().skewSeconds).toBe(30);
    expect((await browser.get('/api/account')).json<AccountBody>().totp).toMatchObject({ skewSeconds: 30 });
  });

  it('whose clock is further off is refused, and told by how much', async () => {
    await confirm();
    now += 20 * step;
    const late = await desk().post('/api/sign-in/code', { ticket: await ticket(), code: codeAt(now - 4 * step) });
    expect(late.statusCode).toBe(401);
    expect(late.json().error).toMatchObject({ code: 'clock-late', message: expect.stringContaining('120 s') });
    const early = await desk().post('/api/sign-in/code', { ticket: await ticket(), code: codeAt(now + 4 * step) });
    expect(early.json().error).toMatchObject({ code: 'clock-early' });
    const far = await desk().post('/api/sign-in/code', { ticket: await ticket(), code: codeAt(now + 200 * step) });
    expect(far.json().error).toMatchObject({ code: 'code-refused' });
  });

  it('never opens twice with one code, nor with an earlier one, also for two at once', async () => {
    await confirm();
    now += 10 * step;
    const [one, other, third] = [await ticket(), await ticket(), await ticket()];
    const code = codeAt(now);
    const both = await Promise.all(
      [one, other].map((shown) => desk().code('/api/sign-in/code', { ticket: shown, code })),
    );
    expect(both.sort()).toEqual(['accepted', 'code-used']);
    expect(await desk().code('/api/sign-in/code', { ticket: third, code: codeAt(now - step) })).toBe('code-used');
  });

  it('is not guessed: five tries by ticket, and waits that a new ticket does not shorten', async () => {
    await confirm();
    now += 10 * step;
    const codes: string[] = [];
    let shown = await ticket();
    for (let guess = 0; guess < 12; guess += 1) {
      const answer = await desk().code('/api/sign-in/code', { ticket: shown, code: String(111_111 + guess) });
      codes.push(answer);
      if (answer === 'sign-in-again') shown = await ticket();
    }
    expect(codes.filter((code) => code === 'code-refused').length).toBeLessThanOrEqual(5);
    expect(codes.at(-1)).toBe('too-many-attempts');
  });

  it('has a ticket that ends: in time, and with the sign-in it opened', async () => {
    await confirm();
    now += 10 * step;
    const shown = await ticket();
    now += 6 * 60_000;
    expect(await desk().code('/api/sign-in/code', { ticket: shown, code: codeAt(now) })).toBe('sign-in-again');
    expect(await desk().code('/api/sign-in/code', { ticket: 'x'.repeat(43), code: codeAt(now) })).toBe('sign-in-again');
  });
});

describe('recovery codes', () => {
  let codes: string[];
  beforeEach(async () => {
    await confirm();
    codes = (await browser.post('/api/account/recovery-codes')).json<{ codes: string[] }>().codes;
    now += 10 * step;
  });

  it('are ten, readable aloud, and kept hashed', async () => {
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(code).toMatch(/^\d(-[2-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(new Set(codes).size).toBe(10);
    const { id } = (await parts.access.people.all())[0] ?? { id: '' };
    expect(parts.stores.recoveryCodes.hashOf(id, 3)).toMatch(/^\$argon2id\$/);
  });

  it('open once, however typed, and say how many are left', async () => {
    const code = (codes[3] ?? '').toLowerCase().replaceAll('-', ' ');
    const opened = await desk().post('/api/sign-in/recovery-code', { ticket: await ticket(), code });
    expect(opened.json()).toMatchObject({ session: { strength: 2 }, recoveryCodesLeft: 9 });
    expect(await desk().code('/api/sign-in/recovery-code', { ticket: await ticket(), code })).toBe(
      'recovery-code-refused',
    );
  });

  it('let one of two at once through', async () => {
    const [one, other] = [await ticket(), await ticket()];
    const both = await Promise.all(
      [one, other].map((shown) => desk().code('/api/sign-in/recovery-code', { ticket: shown, code: codes[5] ?? '' })),
    );
    expect(both.sort()).toEqual(['accepted', 'recovery-code-refused']);
  });

  it('are void once a new sheet is made', async () => {
    expect(await browser.code('/api/account/recovery-codes')).toBe('accepted');
    expect(await desk().code('/api/sign-in/recovery-code', { ticket: await ticket(), code: codes[0] ?? '' })).toBe(
      'recovery-code-refused',
    );
  });
});

describe('a name and a password', () => {
  it('answer the same for an unknown name, an account without a password, a wrong one, with or without a second factor', async () => {
    await confirm();
    parts.stores.people.add({ id: 'person-new', name: 'new', displayName: 'New', grants: [] });
    const answers = await Promise.all(
      ['anne', 'nobody', 'new'].map((name) => desk().post('/api/sign-in', { name, password: 'wrong wrong wrong' })),
    );
    for (const answer of answers) expect([answer.statusCode, answer.json()]).toEqual([401, answers[0]?.json()]);
    expect(await desk().code('/api/sign-in', { name: 'new', password: '' })).toBe('body-invalid');
  });

  it('prove who one is once more, with the code where there is one', async () => {
    await confirm();
    now += 11 * 60_000;
    expect(await browser.code('/api/account/totp/begin')).toBe('proof-too-old');
    expect(await browser.code('/api/session/prove', { password })).toBe('code-asked');
    expect(await browser.code('/api/session/prove', { password, code: '123456' })).toBe('code-refused');
    expect(await browser.code('/api/session/prove', { password: 'wrong', code: codeAt(now) })).toBe('sign-in-refused');
    expect(await browser.code('/api/session/prove', { password, code: codeAt(now) })).toBe('accepted');
    expect(await browser.code('/api/account/totp/begin')).toBe('accepted');
  });

  it('changing it asks for the present one and ends every other session', async () => {
    const elsewhere = await parts.access.signIn('anne', password, { address: 'elsewhere' });
    if (!elsewhere.ok || !('sessionToken' in elsewhere.value)) throw new Error('not signed in');
    const change = { current: 'wrong wrong wrong', password: 'seven slow herons wade' };
    expect(await browser.code('/api/account/password', change)).toBe('sign-in-refused');
    expect(await browser.code('/api/account/password', { ...change, current: password })).toBe('accepted');
    expect(await browser.session()).not.toBeNull();
    expect(parts.access.sessions.find(elsewhere.value.sessionToken)).toBeUndefined();
    expect(await desk().code('/api/sign-in', { name: 'anne', password })).toBe('sign-in-refused');
  });
});

it('the session’s cookie changes with time, its feed goes on, and ending the session cuts it at once', async () => {
  await app.close();
  parts = testParts({}, () => now);
  const server = await startServer({ ...parts.options, now: () => now });
  if (!server.ok) throw new Error(server.refusal.code);
  try {
    const { token, person } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
    const origin = `http://127.0.0.1:${server.value.address.port}`;
    const ask = (path: string, cookie: string) => fetch(`${origin}${path}`, { headers: { cookie } });
    const before = `reflexe-session=${token}`;
    const feed = await ask('/api/worlds/live/feed?views=lines', before);
    const reader = feed.body?.getReader();
    expect((await ask('/api/session', before)).headers.getSetCookie()).toEqual([]);
    now += accessLimits.tokenMilliseconds;
    const [renewed = ''] = (await ask('/api/session', before)).headers.getSetCookie();
    const after = renewed.split(';')[0] ?? '';
    expect(after).toMatch(/^reflexe-session=[\w-]{43}$/);
    expect(after).not.toBe(before);
    expect((await ask('/api/session', after)).status).toBe(200);
    now += accessLimits.formerTokenMilliseconds - 1;
    expect((await ask('/api/session', before)).status).toBe(200);
    const [{ id } = { id: '' }] = parts.access.sessions.list(person.id);
    parts.access.sessions.end(person.id, id);
    let said = '';
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      said += new TextDecoder().decode(part.value);
    expect(said).toContain('"kind":"cut"');
    expect((await ask('/api/session', after)).status).toBe(401);
  } finally {
    await server.value.close();
    app = await buildApp({ ...testParts().options });
  }
});
