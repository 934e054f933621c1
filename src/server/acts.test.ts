import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accept, refuse } from '../journal/result.ts';
import { buildApp } from './app.ts';
import { jsonRoute } from './declare.ts';
import { serverLimits } from './limits.ts';
import { type TestParts, testParts } from './testServer.ts';

type App = Awaited<ReturnType<typeof buildApp>>;
let parts: TestParts;
let app: App;
let cookie: string;

const extraRoutes = [
  jsonRoute({
    method: 'POST',
    url: '/api/exercises/:id/speed',
    act: 'drill.run',
    body: z.strictObject({ speed: z.number().min(1).max(600) }),
    handle: ({ body, params, person }) => accept({ ...params, ...body, by: person.displayName }),
  }),
  jsonRoute({
    method: 'POST',
    url: '/api/refusals/:code',
    act: 'drill.run',
    body: z.strictObject({ retryable: z.boolean() }),
    handle: ({ body, params }) => refuse(params.code ?? '', 'Refused on purpose.', body),
  }),
];

beforeEach(async () => {
  parts = testParts({ extraRoutes });
  app = await buildApp(parts.options);
  ({ cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]));
});
afterEach(() => app.close());

const post = (url: string, payload: object | string, headers: { [name: string]: string } = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'x-reflexe': '1', 'content-type': 'application/json', cookie, ...headers },
  });
const told = ({ statusCode, json }: Awaited<ReturnType<typeof post>>) => [statusCode, json().error?.code];

describe('an act', () => {
  it('is submitted to its world in the name of the person, and answers where it is durable', async () => {
    const done = await post('/api/worlds/live/lines', { text: 'noted' });
    expect([done.statusCode, done.json()]).toEqual([200, { sequence: 1, durable: 'here' }]);
    expect(parts.worlds.get('live')?.views.compute('lines')).toEqual({
      lines: [{ sequence: 1, actor: expect.stringMatching(/^person:person-/), text: 'noted' }],
    });
  });

  it('rests on the version the person saw', async () => {
    expect((await post('/api/worlds/live/lines', { text: 'one' }, { 'if-match': '"0"' })).statusCode).toBe(200);
    const late = await post('/api/worlds/live/lines', { text: 'two' }, { 'if-match': 'W/"0"' });
    expect(told(late)).toEqual([409, 'changed-since-you-looked']);
    expect((await post('/api/worlds/live/lines', { text: 'two' }, { 'if-match': '1' })).statusCode).toBe(200);
    expect(told(await post('/api/worlds/live/lines', { text: 'x' }, { 'if-match': '*' }))).toEqual([
      400,
      'if-match-malformed',
    ]);
    const clinician = await parts.someone('lea', [{ role: 'clinician', scope: 'establishment' }]);
    const unversioned = { 'if-match': '"1"', cookie: clinician.cookie };
    expect(told(await post('/api/worlds/live/ward/refusals', { ward: 'surgery' }, unversioned))).toEqual([
      400,
      'if-match-malformed',
    ]);
    expect(
      told(await post('/api/worlds/live/ward/refusals', { ward: 'surgery' }, { cookie: clinician.cookie })),
    ).toEqual([422, 'line-refused']);
  });

  it('of a world there is not, is a place there is not', async () => {
    const nowhere = await post('/api/worlds/nowhere/lines', { text: 'x' });
    const noRoute = await post('/api/worlds/live/nothing', { text: 'x' });
    expect([nowhere.statusCode, nowhere.json()]).toEqual([404, noRoute.json()]);
  });

  it('says which members are wrong, never what they held', async () => {
    const wrong = await post('/api/worlds/live/lines', { text: 'Mme Durand'.repeat(500), patient: 'Durand' });
    expect(told(wrong)).toEqual([400, 'body-invalid']);
    expect(wrong.json().error.where).toContain('text');
    expect(wrong.body).not.toContain('Durand');
  });

  it('that meets a defect says a number and nothing else; the log has its place, not its words', async () => {
    const broken = await post('/api/worlds/live/lines', { text: 'boom' });
    expect(told(broken)).toEqual([500, 'internal']);
    expect(broken.body).not.toMatch(/defect|patient|testWorld/);
    const [line = ''] = parts.logged.filter((one) => one.includes('unexpected failure'));
    expect(line).toContain(broken.json().error.where);
    expect(line).toContain('testWorld.ts');
    expect(line).not.toMatch(/defect|patient/);
  });
});

it('that rights do not open is a warning in the log: the route and the person by id, nothing they typed', async () => {
  const { person, cookie: theirs } = await parts.someone('zoe', [{ role: 'staff', scope: 'establishment' }]);
  expect(told(await post('/api/worlds/live/lines', { text: 'Mme Durand' }, { cookie: theirs }))).toEqual([
    403,
    'not-allowed',
  ]);
  const refused = parts.logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'refused');
  expect(refused).toMatchObject([{ level: 40, route: '/api/worlds/:world/lines', status: 403, person: person.id }]);
  expect(JSON.stringify(refused)).not.toMatch(/Durand|zoe/);
});

describe('a JSON route of the wiring', () => {
  it('gets a validated body, its parameters and the person', async () => {
    const done = await post('/api/exercises/exercise-1/speed', { speed: 60 });
    expect(done.json()).toEqual({ id: 'exercise-1', speed: 60, by: 'anne' });
    expect(told(await post('/api/exercises/exercise-1/speed', { speed: 1e9 }))).toEqual([400, 'body-invalid']);
    expect(told(await post('/api/exercises/exercise-1/speed', ''))).toEqual([400, 'body-invalid']);
  });

  it.each([
    ['not-found', false, 404],
    ['not-allowed', false, 403],
    ['changed-since-you-looked', false, 409],
    ['incident-closed', false, 422],
    ['journal-busy', true, 503],
    ['constructor', false, 422],
  ])('refuses %s with its status', async (code, retryable, status) => {
    expect(told(await post(`/api/refusals/${code}`, { retryable }))).toEqual([status, code]);
  });
});

describe('a body', () => {
  it.each<[string, string, number, string]>([
    ['cut', '{"text": "half', 400, 'body-malformed'],
    ['prototype', '{"text": "x", "__proto__": {"admin": true}}', 400, 'body-malformed'],
    ['prototype, escaped', '{"text": "x", "\\u005f_proto__": {"admin": true}}', 400, 'body-malformed'],
    ['constructor', '{"text": "x", "constructor": {"prototype": {"admin": true}}}', 400, 'body-malformed'],
    ['nested', `{"text": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'body-malformed'],
    ['large', `{"text": "${'x'.repeat(serverLimits.bodyBytes)}"}`, 413, 'body-too-large'],
    ['a list', '["text"]', 400, 'body-invalid'],
    ['null', 'null', 400, 'body-invalid'],
    ['a number', '1e999', 400, 'body-invalid'],
  ])('is refused: %s', async (_, payload, status, code) => {
    expect(told(await post('/api/worlds/live/lines', payload))).toEqual([status, code]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is JSON, not %s',
    async (type) => {
      expect(told(await post('/api/worlds/live/lines', '{"text":"x"}', { 'content-type': type }))).toEqual([
        415,
        'body-not-json',
      ]);
    },
  );
});

it('too many requests in a minute wait, each session for itself', async () => {
  await app.close();
  parts = testParts({ limits: { requestsPerMinutePerSession: 3 } });
  app = await buildApp(parts.options);
  const [one, other] = [
    await parts.someone('one', [{ role: 'staff', scope: 'establishment' }]),
    await parts.someone('other', [{ role: 'staff', scope: 'establishment' }]),
  ];
  const codes = [];
  for (let count = 0; count < 5; count += 1)
    codes.push((await app.inject({ url: '/api/worlds', headers: { cookie: one.cookie } })).statusCode);
  expect(codes).toEqual([200, 200, 200, 429, 429]);
  const last = await app.inject({ url: '/api/worlds', headers: { cookie: one.cookie } });
  expect([last.json().error.code, Number(last.headers['retry-after']) > 0]).toEqual(['too-many-requests', true]);
  expect((await app.inject({ url: '/api/worlds', headers: { cookie: other.cookie } })).statusCode).toBe(200);
});

it('the worlds there are, and whether the drill may be started', async () => {
  const answered = await app.inject({ url: '/api/worlds', headers: { cookie } });
  expect(answered.json()).toMatchObject({
    worlds: [{ id: 'live', kind: 'live', speed: 1, readOnly: null }],
    lab: false,
  });
});

it('health says ready or not, to anyone', async () => {
  expect((await app.inject('/api/health')).json()).toEqual({ ready: true });
  await app.close();
  app = await buildApp({ ...testParts().options, isReady: () => false });
  expect(told(await app.inject('/api/health'))).toEqual([503, 'not-ready']);
});

it('logs hold neither names, nor addresses, nor what was typed, nor the query', async () => {
  await post('/api/worlds/live/lines', { text: 'Mme Durand saigne' });
  await post('/api/sign-in', { name: 'anne', password: 'MyOtherPassword77' });
  await app.inject('/api/worlds?patient=Durand&token=abcdef');
  await app.inject('/patients/Durand?x=Durand');
  const all = parts.logged.join('');
  expect(parts.logged.length).toBeGreaterThanOrEqual(4);
  expect(all).toContain('/api/worlds/:world/lines');
  expect(all).not.toMatch(/Durand|anne|MyOther|abcdef|127\.0\.0\.1|reflexe-session/);
});
