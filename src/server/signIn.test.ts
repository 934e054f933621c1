import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import type { SessionsBody } from './protocol.ts';
import { password, type TestParts, testParts } from './testServer.ts';

type App = Awaited<ReturnType<typeof buildApp>>;
let parts: TestParts;
let app: App;
const act = { 'x-reflexe': '1' };
const anne = { name: 'Anne.Morel', displayName: 'Dr Anne Morel', password };

async function build(more: Parameters<typeof testParts>[0] = {}): Promise<void> {
  parts = testParts(more);
  app = await buildApp(parts.options);
}
beforeEach(() => build());
afterEach(() => app.close());

const post = (url: string, payload: object, headers: { [name: string]: string } = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { ...act, ...headers } });
const get = (url: string, cookie: string) => app.inject({ url, headers: { cookie } });
const cookieOf = ({ cookies }: Awaited<ReturnType<typeof post>>): string =>
  cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
const first = () => post('/api/sign-in/first', { ...anne, token: parts.access.makeFirstLink().token });

describe('the first sign-in', () => {
  it('by the one-time link, then name and password, and out again', async () => {
    const nobody = await app.inject('/api/session');
    expect([nobody.statusCode, nobody.json().error.code]).toEqual([401, 'first-sign-in']);
    const opened = await first();
    expect(opened.json()).toMatchObject({
      person: { name: 'anne.morel', displayName: 'Dr Anne Morel', roles: ['administrator'] },
    });
    const here = await get('/api/session', cookieOf(opened));
    expect(here.json()).toEqual(opened.json());

    const out = await post('/api/sign-out', {}, { cookie: cookieOf(opened) });
    expect(out.cookies).toContainEqual(expect.objectContaining({ name: 'reflexe-session', value: '' }));
    expect(out.headers['clear-site-data']).toBe('"cache"');
    const gone = await get('/api/session', cookieOf(opened));
    expect([gone.statusCode, gone.json().error.code]).toEqual([401, 'signed-out']);

    const again = await post('/api/sign-in', { name: 'anne.morel', password });
    expect(again.statusCode).toBe(200);
    expect((await get('/api/session', cookieOf(again))).statusCode).toBe(200);
  });

  it('link opens once', async () => {
    const { token } = parts.access.makeFirstLink();
    const twice = await Promise.all(
      ['anne', 'mallory'].map((name) => post('/api/sign-in/first', { ...anne, name, token })),
    );
    expect(twice.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403]);
    const third = await post('/api/sign-in/first', { ...anne, name: 'third', token });
    expect([third.statusCode, third.json().error.code]).toEqual([403, 'first-link-not-valid']);
    expect(third.cookies).toEqual([]);
  });

  it('says what is wrong with a password, and leaves the link usable', async () => {
    const { token } = parts.access.makeFirstLink();
    const short = await post('/api/sign-in/first', { ...anne, password: 'court', token });
    expect(short.statusCode).toBe(422);
    expect(short.json().error).toMatchObject({
      code: 'password-too-short',
      where: 'password',
      cure: expect.any(String),
    });
    expect((await post('/api/sign-in/first', { ...anne, token })).statusCode).toBe(200);
  });
});

describe('the session cookie', () => {
  it('is out of reach of scripts and other sites, and Secure with the __Host- prefix behind TLS', async () => {
    const plain = (await first()).cookies.find(({ name }) => name === 'reflexe-session');
    expect(plain).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(plain?.secure).toBeUndefined();
    await app.close();
    await build({ publicUrl: 'https://reflexe.hopital.example' });
    const secure = (await first()).cookies.find(({ name }) => name === '__Host-reflexe-session');
    expect(secure).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', secure: true });
    expect(secure?.domain).toBeUndefined();
  });

  it('is never one the browser brought (fixation), and signing in ends the one it had', async () => {
    const opened = await first();
    const planted = 'A'.repeat(43);
    const fixed = await post(
      '/api/sign-in',
      { name: 'anne.morel', password },
      { cookie: `reflexe-session=${planted}` },
    );
    expect(cookieOf(fixed)).not.toContain(planted);
    expect((await get('/api/session', `reflexe-session=${planted}`)).statusCode).toBe(401);
    const rotated = await post('/api/sign-in', { name: 'anne.morel', password }, { cookie: cookieOf(opened) });
    expect(rotated.statusCode).toBe(200);
    expect((await get('/api/session', cookieOf(opened))).statusCode).toBe(401);
    expect((await get('/api/session', cookieOf(rotated))).statusCode).toBe(200);
  });

  it('is taken from the cookie only: a token in a URL or another header opens nothing', async () => {
    const { token } = await parts.someone('paul', [{ role: 'staff', scope: 'establishment' }]);
    expect((await app.inject(`/api/session?reflexe-session=${token}`)).statusCode).toBe(401);
    expect((await app.inject({ url: '/api/session', headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(
      401,
    );
  });
});

it('one’s own sessions are listed and ended, nobody else’s', async () => {
  const one = await parts.someone('paul', [{ role: 'staff', scope: 'establishment' }]);
  const other = await parts.someone('lea', [{ role: 'administrator', scope: 'establishment' }]);
  const list = (await get('/api/sessions', one.cookie)).json<SessionsBody>();
  expect(list.sessions).toEqual([expect.objectContaining({ here: true })]);
  const [{ id } = { id: '' }] = list.sessions;
  const refused = await post('/api/sessions/revoke', { session: id }, { cookie: other.cookie });
  const unknown = await post('/api/sessions/revoke', { session: 'session-none' }, { cookie: other.cookie });
  expect([refused.statusCode, refused.json()]).toEqual([404, unknown.json()]);
  expect((await post('/api/sessions/revoke', { session: id }, { cookie: one.cookie })).statusCode).toBe(200);
  expect((await get('/api/session', one.cookie)).statusCode).toBe(401);
});

it('guessing waits, with Retry-After, and tells nobody who exists', async () => {
  await first();
  const wrong = await post('/api/sign-in', { name: 'anne.morel', password: 'wrong' });
  const unknown = await post('/api/sign-in', { name: 'nobody', password: 'wrong' });
  expect([wrong.statusCode, wrong.json()]).toEqual([401, unknown.json()]);
  for (let guess = 0; guess < 5; guess += 1) await post('/api/sign-in', { name: 'anne.morel', password: 'wrong' });
  const slowed = await post('/api/sign-in', { name: 'anne.morel', password });
  expect([slowed.statusCode, slowed.json().error.code]).toEqual([429, 'too-many-attempts']);
  expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
});

describe('another site', () => {
  it.each<[string, { [name: string]: string }]>([
    ['without our header', { 'x-reflexe': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['from another port of this machine', { origin: 'http://localhost:9999' }],
    ['as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ])('cannot act in someone’s name: %s', async (_, headers) => {
    const { cookie } = await parts.someone('paul', [{ role: 'administrator', scope: 'establishment' }]);
    const forged = await app.inject({
      method: 'POST',
      url: '/api/worlds/live/lines',
      payload: { text: 'forged' },
      headers: { ...act, host: 'localhost:8420', cookie, ...headers },
    });
    expect([forged.statusCode, forged.json().error.code]).toEqual([403, 'act-forged']);
    expect(parts.worlds.get('live')?.views.compute('count')).toEqual({ count: 0 });
  });

  it('is told from our own page', async () => {
    const { cookie } = await parts.someone('paul', [{ role: 'administrator', scope: 'establishment' }]);
    const headers = {
      host: 'localhost:8420',
      origin: 'http://localhost:8420',
      'sec-fetch-site': 'same-origin',
      cookie,
    };
    expect((await post('/api/worlds/live/lines', { text: 'mine' }, headers)).statusCode).toBe(200);
  });

  it('cannot reach us under a name of its own (DNS rebinding)', async () => {
    const rebound = await app.inject({ url: '/api/session', headers: { host: 'evil.example:8420' } });
    expect([rebound.statusCode, rebound.json().error.code]).toEqual([421, 'host-unknown']);
  });

  it('behind a proxy, is told from the public address', async () => {
    await app.close();
    await build({ publicUrl: 'https://reflexe.hopital.example' });
    const headers = { host: 'localhost:8420', origin: 'https://reflexe.hopital.example' };
    expect((await post('/api/sign-in', { name: 'x', password: 'y' }, headers)).json().error.code).toBe(
      'sign-in-refused',
    );
    const other = { host: 'localhost:8420', origin: 'https://other.hopital.example' };
    expect((await post('/api/sign-in', { name: 'x', password: 'y' }, other)).json().error.code).toBe('act-forged');
  });
});
