import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderSettings } from '../access/oidc/settings.ts';
import { clientId, clientSecret, LocalProvider, signInAt } from '../adapters/oidc/fixtures/localProvider.ts';
import { oidcProvider } from '../adapters/oidc/provider.ts';
import { accept } from '../journal/result.ts';
import { buildApp } from './app.ts';
import type { ProviderLinksBody, ProvidersBody } from './protocol.ts';
import { type TestWaysIn, testWaysIn } from './testWaysIn.ts';

const publicUrl = 'https://reflexe.hopital.example';
const host = new URL(publicUrl).host;
let local: LocalProvider;
let other: LocalProvider;
let parts: TestWaysIn;
let app: FastifyInstance;
let now: number;

beforeEach(async () => {
  now = Date.now();
  const accounts = {
    anne: { claims: { name: 'Anne Morel', groups: ['/reflexe/administration'] }, amr: ['mfa'] },
    rea: { claims: { name: 'Élodie Bernard', realm_access: { roles: ['soins-cardiologie'] } } },
    stranger: { claims: { name: 'Somebody', groups: ['/other'], SubjectNameID: '810001234567' } },
  };
  local = new LocalProvider(accounts, [`${publicUrl}/sign-in/hospital`, `${publicUrl}/sign-in/other`]);
  other = new LocalProvider(accounts, [`${publicUrl}/sign-in/other`]);
  await Promise.all([local.start(), other.start()]);
  const provider = (id: string, { issuer }: LocalProvider) => {
    const settings = ProviderSettings.parse({
      id,
      preset: 'keycloak',
      issuer,
      clientId,
      secret: 'keycloak-secret',
      scopes: ['openid', 'profile', 'scope_all'],
      identifier: { claim: 'SubjectNameID', pattern: '^8(\\d{11})$' },
      grants: [
        { claim: 'groups', value: '/reflexe/administration', role: 'administrator', scope: 'establishment' },
        {
          claim: 'realm_access.roles',
          value: 'soins-cardiologie',
          role: 'clinician',
          scope: 'ward',
          ward: 'cardiology',
        },
      ],
    });
    const secret = async () => accept(clientSecret);
    return { settings, at: oidcProvider({ settings, secret, now: () => now, onTrouble: () => undefined }) };
  };
  parts = testWaysIn([provider('hospital', local), provider('other', other)], () => now, { publicUrl, now: () => now });
  app = await buildApp(parts.options);
});
afterEach(async () => {
  await app.close();
  await Promise.all([local.stop(), other.stop()]);
});

const post = (url: string, payload: object, cookie = '') =>
  app.inject({ method: 'POST', url, payload, headers: { 'x-reflexe': '1', host, cookie } });
const get = (url: string, cookie = '') => app.inject({ url, headers: { host, cookie } });
type Response = Awaited<ReturnType<typeof post>>;
const cookiesOf = ({ cookies }: Response): string => cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
const codeOf = (response: Response): string => response.json().error?.code ?? 'accepted';

async function begin(provider = 'hospital') {
  const response = await post('/api/sign-in/providers/begin', { provider });
  return { url: String(response.json().url), cookie: cookiesOf(response), response };
}
const finish = (answer: URL, cookie: string, provider = answer.pathname.replace('/sign-in/', '')) =>
  post('/api/sign-in/providers/finish', { provider, query: answer.search }, cookie);
async function signIn(account: string, provider = 'hospital') {
  const begun = await begin(provider);
  return finish(await signInAt(begun.url, account), begun.cookie);
}
const roles = async (response: Response) => (await get('/api/session', cookiesOf(response))).json().person?.roles;

describe('signing in at the establishment’s provider', () => {
  it('opens a session with the grants its groups stand for, for whoever the table names', async () => {
    const anne = await signIn('anne');
    expect(anne.statusCode).toBe(200);
    expect(await roles(anne)).toEqual(['administrator']);
    expect(await roles(await signIn('rea'))).toEqual(['clinician']);
    const [linked] = parts.noted.filter(({ type }) => type === 'providerLinked');
    expect(linked).toMatchObject({ provider: 'hospital', by: null });
    expect(JSON.stringify([parts.noted, parts.logged])).not.toMatch(/Anne|Morel|Élodie/);
    // Linked once: the second time it is the same person.
    await signIn('anne');
    expect(parts.noted.filter(({ type }) => type === 'providerLinked')).toHaveLength(2);
    const anneId = (await get('/api/session', cookiesOf(anne))).json().person.id;
    expect(parts.access.sessions.list(anneId).map(({ method, strength }) => [method, strength])).toEqual([
      ['openId', 2],
      ['openId', 2],
    ]);
  });

  it('refuses an answer used twice, in another browser, or too late', async () => {
    const begun = await begin();
    const answer = await signInAt(begun.url, 'anne');
    const stolen = await finish(answer, '');
    expect([stolen.statusCode, codeOf(stolen)]).toEqual([403, 'provider-answer-unknown']);
    expect(codeOf(await finish(answer, (await begin()).cookie))).toBe('provider-answer-unknown');
    expect(codeOf(await finish(answer, begun.cookie))).toBe('accepted');
    const replayed = await finish(answer, begun.cookie);
    expect([codeOf(replayed), replayed.cookies.some(({ name }) => name.endsWith('session'))]).toEqual([
      'provider-answer-unknown',
      false,
    ]);
    const late = await begin();
    const lateAnswer = await signInAt(late.url, 'anne');
    now += 10 * 60_000;
    expect(codeOf(await finish(lateAnswer, late.cookie))).toBe('provider-answer-unknown');
  });

  it('refuses one provider’s answer at another’s address, and one that names another issuer', async () => {
    const begun = await begin('hospital');
    const answer = await signInAt(begun.url, 'anne');
    expect(codeOf(await finish(answer, begun.cookie, 'other'))).toBe('provider-answer-unknown');
    const again = await begin('hospital');
    const mixed = await signInAt(again.url, 'anne');
    mixed.searchParams.set('iss', other.issuer);
    expect(codeOf(await finish(mixed, again.cookie))).toBe('provider-answer-refused');
  });

  it('binds the answer to the browser by a cookie no script reads and no other site sends', async () => {
    const { response } = await begin();
    expect(response.cookies).toEqual([
      expect.objectContaining({ name: '__Host-reflexe-provider', httpOnly: true, sameSite: 'Strict', secure: true }),
    ]);
  });

  it('takes a right away with the group that gave it, at the next sign-in, also from sessions that are open', async () => {
    const first = await signIn('anne');
    local.accounts.set('anne', { claims: { name: 'Anne Morel', groups: [] } });
    expect(codeOf(await signIn('anne'))).toBe('provider-subject-waits');
    expect(await roles(first)).toEqual([]);
  });

  it('lets an unknown subject wait, until an administrator says who it is', async () => {
    const turnedBack = await signIn('stranger');
    expect([turnedBack.statusCode, codeOf(turnedBack)]).toEqual([403, 'provider-subject-waits']);
    await signIn('stranger');
    const { person, cookie } = await parts.someone('admin', [{ role: 'administrator', scope: 'establishment' }]);
    const secure = cookie.replace('reflexe-session', '__Host-reflexe-session');
    const { waiting } = (await get('/api/providers/links', secure)).json<ProviderLinksBody>();
    expect(waiting).toMatchObject([{ provider: 'hospital', name: 'Somebody', identifier: '10001234567' }]);
    const paul = await parts.someone('paul', [{ role: 'technician', scope: 'establishment' }]);
    const admitted = await post('/api/providers/admit', { waiting: waiting[0]?.id, person: paul.person.id }, secure);
    expect(admitted.json<ProviderLinksBody>()).toMatchObject({ waiting: [], links: [{ person: paul.person.id }] });
    expect(parts.noted.at(-1)).toMatchObject({ type: 'providerLinked', by: person.id });
    const entered = await signIn('stranger');
    expect((await get('/api/session', cookiesOf(entered))).json().person.name).toBe('paul');
    // Groups say nothing of somebody an administrator linked: the rights are those given here.
    expect(await roles(entered)).toEqual(['technician']);
    const subject = { provider: 'hospital', subject: 'stranger' };
    expect((await post('/api/providers/unlink', subject, secure)).json<ProviderLinksBody>().links).toEqual([]);
    expect(codeOf(await signIn('stranger'))).toBe('provider-subject-waits');
  });

  it('makes a new person of somebody who waits, or turns them away', async () => {
    await signIn('stranger');
    const { cookie } = await parts.someone('admin', [{ role: 'administrator', scope: 'establishment' }]);
    const secure = cookie.replace('reflexe-session', '__Host-reflexe-session');
    const waits = async () => (await get('/api/providers/links', secure)).json<ProviderLinksBody>().waiting[0]?.id;
    await post('/api/providers/turn-away', { waiting: await waits() }, secure);
    expect(await waits()).toBeUndefined();
    await signIn('stranger');
    const grants = [{ role: 'clinician', scope: 'ward', ward: 'maternity' }];
    await post('/api/providers/admit', { waiting: await waits(), displayName: 'Dr Somebody', grants }, secure);
    expect(await roles(await signIn('stranger'))).toEqual(['clinician']);
  });

  it('links somebody awaited under their professional number, once', async () => {
    const { cookie } = await parts.someone('admin', [{ role: 'administrator', scope: 'establishment' }]);
    const secure = cookie.replace('reflexe-session', '__Host-reflexe-session');
    const paul = await parts.someone('paul', [{ role: 'technician', scope: 'establishment' }]);
    const awaited = { provider: 'hospital', identifier: '10001234567', person: paul.person.id };
    expect((await post('/api/providers/expect', awaited, secure)).statusCode).toBe(200);
    expect(codeOf(await signIn('stranger', 'other'))).toBe('provider-subject-waits');
    expect(await roles(await signIn('stranger'))).toEqual(['technician']);
  });

  it('signs out here first, then says where to sign out there', async () => {
    const cookie = cookiesOf(await signIn('anne'));
    const out = await post('/api/sign-in/providers/sign-out', {}, cookie);
    expect(new URL(out.json().url).origin).toBe(local.issuer);
    expect((await get('/api/session', cookie)).statusCode).toBe(401);
    const again = cookiesOf(await signIn('anne'));
    await local.stop();
    expect(codeOf(await begin().then(({ response }) => response))).toBeDefined();
    expect((await post('/api/sign-in/providers/sign-out', {}, again)).statusCode).toBe(200);
    expect((await get('/api/session', again)).statusCode).toBe(401);
  });
});

describe('a provider that is down at 03:00', () => {
  it('is said to be, at once, beside the others; signing in elsewhere goes on; it is found again', async () => {
    const states = async () =>
      Object.fromEntries(
        (await get('/api/sign-in/providers')).json<ProvidersBody>().providers.map((one) => [one.id, one.state]),
      );
    await local.stop();
    expect((await states()).hospital).toBe('unknown');
    await expect.poll(states).toEqual({ hospital: 'silent', other: 'answers' });
    const { response } = await begin();
    expect([response.statusCode, codeOf(response), response.cookies]).toEqual([503, 'provider-silent', []]);
    expect(codeOf(await signIn('anne', 'other'))).toBe('accepted');
    await local.start();
    await expect.poll(states).toEqual({ hospital: 'answers', other: 'answers' });
    expect(codeOf(await signIn('anne'))).toBe('accepted');
  });
});
