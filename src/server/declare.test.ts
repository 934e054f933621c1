import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Allowed } from '../access/roles.ts';
import { accept } from '../journal/result.ts';
import { buildApp } from './app.ts';
import { declare, declaredRoutes, type JsonRoute, jsonRoute, refuseUndeclared } from './declare.ts';
import { startServer } from './server.ts';
import { everyone, testParts, testViews } from './testServer.ts';

type App = Awaited<ReturnType<typeof buildApp>>;
let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('a route without role and scope', () => {
  it('cannot be added by any other way than its declaration', async () => {
    app = fastify();
    refuseUndeclared(app);
    const refusal = expect.objectContaining({ code: 'route-undeclared', where: 'GET /api/secret' });
    expect(() => app?.get('/api/secret', () => 'everyone sees this')).toThrow(expect.objectContaining({ refusal }));
    expect(declaredRoutes(app)).toEqual([]);
  });

  it.each<[string, { [member: string]: unknown }]>([
    ['no right', {}],
    ['no scope', { allowed: 'signedIn' }],
    ['nobody allowed', { allowed: [], scope: 'ward' }],
    ['an unknown role', { allowed: ['surgeon'], scope: 'ward' }],
    ['an unknown scope', { allowed: 'public', scope: 'planet' }],
  ])('stops the start: %s', async (_, right) => {
    // What a defect could make of it at run time, past the types.
    const route = jsonRoute({ method: 'GET', url: '/api/extra', handle: () => accept({}), ...right } as never);
    const outcome = await startServer({ ...testParts().options, extraRoutes: [route] });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'route-undeclared', where: 'GET /api/extra' } });
  });

  it('stops the start for a view too', async () => {
    const { options } = testParts();
    const without = testViews.filter(({ view }) => view !== 'count');
    expect(await startServer({ ...options, views: without })).toMatchObject({
      ok: false,
      refusal: { code: 'view-undeclared', where: 'count' },
    });
    const nobody = [...testViews, { view: 'other', allowed: [] as never, scope: 'ward' as const }];
    expect(await startServer({ ...options, views: nobody })).toMatchObject({
      refusal: { code: 'view-undeclared', where: 'other' },
    });
  });
});

const extraRoutes: JsonRoute[] = [
  jsonRoute({
    method: 'POST',
    url: '/api/exercises/:id/stop',
    allowed: ['crisisDirector'],
    scope: 'establishment',
    handle: () => accept({}),
  }),
];

const may = (allowed: Allowed, role: string): boolean =>
  role !== 'nobody' && role !== 'none' && (allowed === 'signedIn' || (allowed as readonly string[]).includes(role));

describe('every route with every role', () => {
  it('is in the table, and the public ones are these', async () => {
    app = await buildApp({ ...testParts().options, extraRoutes, webRoot: import.meta.dirname });
    const table = declaredRoutes(app).map(({ method, url }) => `${method} ${url}`);
    // The router's own account of what it answers to: `├── /api/session (GET)`.
    const lines = app.printRoutes({ commonPrefix: false }).split('\n');
    const routed = lines.flatMap((line) => /\(([A-Z, ]+)\)$/.exec(line)?.[1]?.split(', ') ?? []);
    expect(routed.length).toBe(table.length);
    expect(
      declaredRoutes(app).flatMap(({ method, url, right }) => (right.allowed === 'public' ? [`${method} ${url}`] : [])),
    ).toEqual([
      'GET /api/health',
      'GET /api/session',
      'POST /api/sign-in/first',
      'POST /api/sign-in',
      'POST /api/sign-out',
      'GET /*',
      'HEAD /*',
    ]);
  });

  it('answers those it declares and refuses all others', async () => {
    const parts = testParts({ extraRoutes });
    app = await buildApp(parts.options);
    const people = await everyone(parts);
    const guarded = declaredRoutes(app).filter(({ right }) => right.allowed !== 'public');
    expect(guarded.length).toBeGreaterThanOrEqual(7);
    for (const { method, url, right } of guarded) {
      for (const { role, cookie } of people) {
        const place = `${method} ${url} as ${role}`;
        const answered = await app.inject({
          method: method === 'GET' ? 'GET' : 'POST',
          url: url.replace(':world', url.endsWith('/feed') ? 'no-such-world' : 'live').replace(':id', 'x'),
          headers: { 'x-reflexe': '1', ...(cookie ? { cookie } : {}) },
        });
        if (may(right.allowed, role)) expect([401, 403], place).not.toContain(answered.statusCode);
        else {
          expect(answered.statusCode, place).toBe(role === 'nobody' ? 401 : 403);
          expect(answered.json().error.code, place).toBe(role === 'nobody' ? 'signed-out' : 'not-allowed');
        }
      }
    }
  });

  it('and every view of the feed', async () => {
    const parts = testParts();
    app = await buildApp(parts.options);
    for (const { role, cookie } of await everyone(parts)) {
      for (const { view, allowed } of testViews) {
        const answered = await app.inject({
          url: `/api/worlds/live/feed?views=lines,${view}`,
          headers: cookie ? { cookie } : {},
          payloadAsStream: true,
        });
        const expected = may(allowed, role) ? 200 : role === 'nobody' ? 401 : 403;
        expect(answered.statusCode, `${view} as ${role}`).toBe(expected);
        answered.stream().destroy();
      }
    }
  });
});

it('a right is looked at before the body is read', async () => {
  const parts = testParts();
  app = await buildApp(parts.options);
  const answered = await app.inject({
    method: 'POST',
    url: '/api/worlds/live/lines',
    headers: { 'x-reflexe': '1', 'content-type': 'application/json' },
    payload: '{"text": "not even JSON',
  });
  expect(answered.json().error.code).toBe('signed-out');
});

it('a declaration is the only one of its place', async () => {
  app = await buildApp({ ...testParts().options, extraRoutes });
  expect(() => {
    if (app) declare(app, { method: 'GET', url: '/api/late', allowed: 'public', scope: 'ward', handler: () => '' });
  }).toThrow();
});
