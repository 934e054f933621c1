import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../map/compile.ts';
import { noFacts, withTransition } from '../map/facts.ts';
import { smallMap } from '../map/fixture.ts';
import { readFacts } from '../map/gap/history.ts';
import { nothingMeasured } from '../map/returns/view.ts';
import { buildApp } from './app.ts';
import type { MapNow } from './ports.ts';
import { returnsRoutes } from './returnsRoutes.ts';
import { type TestParts, testParts } from './testServer.ts';
import { testDirectory, testWorld } from './testWorld.ts';

type App = Awaited<ReturnType<typeof buildApp>>;
let parts: TestParts;
let app: App;
let cookie: string;

const small = smallMap({ ehr: 'db', db: null }, { prescription: { needs: { need: 'ehr' } } });
const document = {
  ...small,
  components: small.components.map((one) => ({ ...one, supplier: 'host', returnSeconds: 3600 })),
  suppliers: [{ id: 'host', name: 'Host', phoneAtNight: '01 99 00 00 01', mustAnswerWithinSeconds: 900 }],
};
const lostAt = '2024-08-03T21:30:00.000Z';
// Past midnight in Paris already.
const now = Date.parse('2024-08-03T22:30:00.000Z');

/** A world whose map is that one, or none. */
function worldWith(given: typeof document | null) {
  const world = testWorld(given === null ? 'empty' : 'live');
  const compiled = given === null ? null : compile(given);
  const facts = withTransition(noFacts, { component: 'db', at: lostAt, to: 'down', code: 'tcp-refused' });
  const seen = compiled === null ? new Map() : readFacts(compiled, facts).last;
  return {
    ...world,
    map: (): MapNow => ({ ...world.map(), document: given, compiled, seen, facts, measured: nothingMeasured, now }),
  };
}

beforeEach(async () => {
  const worlds = testDirectory(worldWith(document), worldWith(null));
  parts = testParts({ worlds, extraRoutes: returnsRoutes(worlds) });
  app = await buildApp(parts.options);
  ({ cookie } = await parts.someone('anne', [{ role: 'technician', scope: 'establishment' }]));
});
afterEach(() => app.close());

const get = async (path: string, as = cookie) => {
  const { statusCode, json } = await app.inject({ url: `/api/worlds/${path}`, headers: { cookie: as } });
  return { statusCode, body: json() };
};

describe('return times and suppliers at the door', () => {
  it('tell when care could be back, on the day it is at the hospital', async () => {
    expect(await get('live/map/returns')).toMatchObject({
      statusCode: 200,
      body: {
        today: '2024-08-04',
        contradictions: [{ kind: 'return', careFunction: 'prescription', possibleSeconds: 7200, limitSeconds: 3600 }],
        careFunctions: [{ careFunction: 'prescription', declared: { seconds: 7200 }, measured: null, loss: null }],
        names: { ehr: { fr: 'ehr' }, db: { fr: 'db' } },
      },
    });
  });

  it('tell what is out, since when, and who is late', async () => {
    const { body } = await get('live/map/suppliers');
    expect(body).toMatchObject({
      failing: [
        {
          id: 'db',
          since: lostAt,
          isRoot: true,
          liability: { parties: [{ supplier: 'host', answer: { at: '2024-08-03T21:45:00.000Z', late: true } }] },
        },
      ],
      suppliers: [{ id: 'host', phoneAtNight: '01 99 00 00 01', componentsCount: 2 }],
    });
    expect((await get('live/map/liable/db')).body).toEqual(body.failing[0].liability);
    expect((await get('live/map/liable/h:ehr')).body.parties[0]).toMatchObject({ supplier: 'host', answer: null });
  });

  it('refuse what is not there, and who may not look', async () => {
    expect(await get('live/map/liable/prescription')).toMatchObject({ statusCode: 404 });
    expect(await get('nowhere/map/returns')).toMatchObject({ statusCode: 404 });
    for (const path of ['returns', 'suppliers', 'liable/db'])
      expect(await get(`empty/map/${path}`)).toMatchObject({ statusCode: 422, body: { error: { code: 'no-map' } } });
    expect(await get('live/map/suppliers', '')).toMatchObject({ statusCode: 401 });
  });
});
