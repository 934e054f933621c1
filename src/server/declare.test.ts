import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandRoute } from '../access/route.ts';
import { accept } from '../journal/result.ts';
import { buildApp } from './app.ts';
import { declare, declaredRoutes, type JsonRoute, jsonRoute, refuseUndeclared } from './declare.ts';
import { startServer } from './server.ts';
import { testParts, testViews } from './testServer.ts';

type App = Awaited<ReturnType<typeof buildApp>>;
let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('a route without an act of the table', () => {
  it('cannot be added by any other way than its declaration', async () => {
    app = fastify();
    refuseUndeclared(app);
    const refusal = expect.objectContaining({ code: 'route-undeclared', where: 'GET /api/secret' });
    expect(() => app?.get('/api/secret', () => 'everyone sees this')).toThrow(expect.objectContaining({ refusal }));
    expect(declaredRoutes(app)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no act', undefined],
    ['an act nobody knows', 'surgery.do'],
    ['a member every object has', 'constructor'],
  ])('stops the start: %s', async (_, act) => {
    // What a defect could make of it at run time, past the types.
    const route = jsonRoute({ method: 'GET', url: '/api/extra', handle: () => accept({}), act } as never);
    const outcome = await startServer({ ...testParts().options, extraRoutes: [route] });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'route-undeclared', where: 'GET /api/extra' } });
  });

  it('stops the start for a view too, and for an act on a ward that does not say which', async () => {
    const { options } = testParts();
    const without = testViews.filter(({ view }) => view !== 'count');
    expect(await startServer({ ...options, views: without })).toMatchObject({
      ok: false,
      refusal: { code: 'view-undeclared', where: 'count' },
    });
    const nobody = [...testViews, { view: 'other', act: 'nothing' as never }];
    expect(await startServer({ ...options, views: nobody })).toMatchObject({
      refusal: { code: 'view-undeclared', where: 'other' },
    });
    const anywhere = commandRoute({
      path: 'any',
      act: 'hold.end',
      body: z.strictObject({}),
      command: () => ({ type: 'X' }),
    });
    expect(await startServer({ ...options, commands: [anywhere] })).toMatchObject({
      refusal: { code: 'route-undeclared', where: 'POST /api/worlds/:world/any' },
    });
  });
});

const extraRoutes: JsonRoute[] = [
  jsonRoute({ method: 'POST', url: '/api/exercises/:id/stop', act: 'exercise.play', handle: () => accept({}) }),
];

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
    if (app) declare(app, { method: 'GET', url: '/api/late', act: 'page.open', handler: () => '' });
  }).toThrow();
});
