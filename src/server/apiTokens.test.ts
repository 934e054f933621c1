import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import type { AccountBody } from './protocol.ts';
import { startServer } from './server.ts';
import { TestBrowser } from './testBrowser.ts';
import { type TestParts, testParts } from './testServer.ts';

let parts: TestParts;
let app: FastifyInstance;
let browser: TestBrowser;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22, 3);
  parts = testParts({}, () => now);
  app = await buildApp({ ...parts.options, now: () => now });
  browser = new TestBrowser(app);
  const { token } = await parts.someone('anne', [
    { role: 'administrator', scope: 'establishment' },
    { role: 'technician', scope: 'establishment' },
  ]);
  browser.cookies.set('reflexe-session', token);
});
afterEach(() => app.close());

const technician = { role: 'technician', scope: 'establishment' } as const;
const make = (more: object = {}) =>
  browser.post('/api/account/tokens', { label: 'supervision', grants: [technician], days: 30, ...more });
const token = async (more: object = {}) => (await make(more)).json<{ token: string }>().token;
const bearer = (shown: string) => ({ authorization: `Bearer ${shown}` });
const act = (shown: string) =>
  app.inject({
    method: 'POST',
    url: '/api/worlds/live/lines',
    payload: { text: 'read at 03:00' },
    headers: { 'x-reflexe': '1', ...bearer(shown) },
  });

describe('a token of a program', () => {
  it('acts for its owner within its scope, and shows when it was last used', async () => {
    const shown = await token();
    expect((await act(shown)).statusCode).toBe(200);
    const [mine] = (await browser.get('/api/account')).json<AccountBody>().tokens;
    expect(mine).toMatchObject({ label: 'supervision', grants: [technician], used: new Date(now).toISOString() });
    const people = await app.inject({ url: '/api/people', headers: bearer(shown) });
    expect([people.statusCode, people.json().error.code]).toEqual([403, 'not-allowed']);
  });

  it('is recognised when it leaks: its prefix, and a checksum anyone can make', async () => {
    const shown = await token();
    expect(shown).toMatch(/^rfx_[\w-]{43}[0-9a-f]{8}$/);
    expect(createHash('sha256').update(shown.slice(0, -8)).digest('hex').slice(0, 8)).toBe(shown.slice(-8));
    expect(JSON.stringify(parts.stores.apiTokens.of((parts.access.people.all()[0] ?? { id: '' }).id))).not.toContain(
      shown.slice(4, 40),
    );
    const mistyped = `${shown.slice(0, -1)}${shown.endsWith('0') ? '1' : '0'}`;
    expect((await act(mistyped)).statusCode).toBe(401);
  });

  it('never does more than its owner: neither when made nor when the owner loses a right', async () => {
    const wider = await make({ grants: [{ role: 'ciso', scope: 'establishment' }] });
    expect(wider.json().error.code).toBe('token-scope-too-wide');
    const shown = await token();
    const [owner] = parts.access.people.all();
    parts.stores.people.setGrants(owner?.id ?? '', [{ role: 'auditor', scope: 'establishment' }]);
    expect((await act(shown)).json().error.code).toBe('not-allowed');
  });

  it('ends by its date, a year on at most', async () => {
    const shown = await token({ days: 1 });
    expect(await browser.code('/api/account/tokens', { label: 'x', grants: [technician], days: 400 })).toBe(
      'body-invalid',
    );
    now += 24 * 3_600_000;
    expect((await act(shown)).statusCode).toBe(401);
  });

  it('ended by its owner opens nothing, and by nobody else', async () => {
    const made = (await make()).json<{ id: string; token: string }>();
    const { token: pauls } = await parts.someone('paul', [{ role: 'administrator', scope: 'establishment' }]);
    const paul = new TestBrowser(app);
    paul.cookies.set('reflexe-session', pauls);
    expect(await paul.code('/api/account/tokens/end', { token: made.id })).toBe('not-found');
    expect((await act(made.token)).statusCode).toBe(200);
    expect(await browser.code('/api/account/tokens/end', { token: made.id })).toBe('accepted');
    expect((await act(made.token)).statusCode).toBe(401);
  });

  it('follows what it may see, past the beats of the feed, and is cut when it ends', async () => {
    const server = await startServer({ ...parts.options, now: () => now, limits: { heartbeatMilliseconds: 20 } });
    if (!server.ok) throw new Error(server.refusal.code);
    try {
      const made = (await make()).json<{ id: string; token: string }>();
      const url = `http://127.0.0.1:${server.value.address.port}/api/worlds/live/feed?views=lines`;
      const feed = await fetch(url, { headers: bearer(made.token) });
      const reader = feed.body?.getReader();
      let said = '';
      const beats = () => said.split('"kind":"world"').length - 1;
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
        said += new TextDecoder().decode(part.value);
        if (beats() >= 4 && !said.includes('cut')) await browser.post('/api/account/tokens/end', { token: made.id });
      }
      expect(beats()).toBeGreaterThanOrEqual(4);
      expect(said).toContain('"kind":"cut"');
    } finally {
      await server.value.close();
    }
  });

  it('in an address is refused, whatever else is shown', async () => {
    const shown = await token();
    for (const url of [`/api/worlds?token=${shown}`, `/api/worlds/live/feed?views=lines&access_token=${shown}`]) {
      const answer = await browser.get(url);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'token-in-url']);
      expect(answer.body).not.toContain(shown);
    }
    expect(parts.logged.join('')).not.toContain(shown);
  });

  it('looks after no account: neither its owner’s passkeys, sessions nor other tokens', async () => {
    const shown = await token({ grants: [{ role: 'administrator', scope: 'establishment' }] });
    for (const url of ['/api/account', '/api/sessions']) {
      expect((await app.inject({ url, headers: bearer(shown) })).json().error.code).toBe('not-allowed');
    }
    const another = await app.inject({
      method: 'POST',
      url: '/api/account/tokens',
      payload: { label: 'x', grants: [technician], days: 1 },
      headers: { 'x-reflexe': '1', ...bearer(shown) },
    });
    expect(another.json().error.code).toBe('proof-too-old');
  });

  it('stands alone: a cookie beside it does not help', async () => {
    const answer = await browser.ask('GET', '/api/session', undefined, bearer('rfx_nothing'));
    expect(answer.statusCode).toBe(401);
  });
});
