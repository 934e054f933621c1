import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { smallMap } from '../fixture.ts';
import type { CareFunction, Component, HospitalMap } from '../model.ts';
import { dataLosses } from './dataLoss.ts';
import { returnsView } from './view.ts';

const HOUR = 3600;
const nights = (everySeconds?: number, driver: 'postgresql' | 'application' = 'postgresql') => ({
  restore: { source: 'nights', driver, probes: [], ...(everySeconds === undefined ? {} : { everySeconds }) },
});
const at = '2024-03-12T02:00:00.000Z';
const nothingMeasured = { returns: {}, periods: {} };

function hospital(
  more: { [id: string]: Partial<Component> },
  care: Omit<Partial<CareFunction>, 'needs'> = {},
): HospitalMap {
  const map = smallMap(
    { app: { all: [{ need: 'db' }, { need: 'files' }] }, db: null, files: null, other: null },
    {
      prescription: { needs: { need: 'app' }, rtoSeconds: 5400, mtpdSeconds: 7200, rpoSeconds: 900, ...care },
      meals: { needs: { need: 'other' }, tier: 3, rtoSeconds: 8 * HOUR, mtpdSeconds: 8 * HOUR },
    },
  );
  return { ...map, components: map.components.map((one) => ({ ...one, ...more[one.id] })) };
}

describe('what going back may lose', () => {
  const lossOf = (map: HospitalMap, periods = {}) => dataLosses(compile(map), periods).get('prescription');

  it('is the longest period among what holds the data', () => {
    const map = hospital({ db: nights(600), files: nights(24 * HOUR) });
    expect(lossOf(map)).toMatchObject({
      declared: { seconds: 24 * HOUR, component: 'files', basis: 'declared', unknown: [] },
      measured: null,
    });
    const periods = { db: { seconds: 30 * HOUR, at } };
    expect(lossOf(map, periods)?.measured).toMatchObject({ seconds: 30 * HOUR, component: 'db', basis: 'measured' });
  });

  it('is unknown where a backup has no declared period, or a database no backup', () => {
    expect(lossOf(hospital({ db: nights(), files: nights(HOUR) }))?.declared).toMatchObject({
      seconds: null,
      atLeastSeconds: HOUR,
      component: 'files',
      unknown: ['db'],
    });
    expect(lossOf(hospital({ db: { kind: 'database' } }))?.declared).toMatchObject({ seconds: null, unknown: ['db'] });
  });

  it('takes a program for no data, unless its period is declared; and says nothing where nothing holds data', () => {
    expect(lossOf(hospital({ app: nights(undefined, 'application') }))).toBeNull();
    expect(lossOf(hospital({ app: nights(HOUR, 'application') }))?.declared.seconds).toBe(HOUR);
  });
});

describe('contradictions', () => {
  const told = (map: HospitalMap, measured: Parameters<typeof returnsView>[1] = nothingMeasured) =>
    returnsView(compile(map), measured, '2024-08-03').contradictions;

  it('name the step that takes longest, and what it rests on', () => {
    const map = hospital({ app: { returnSeconds: 600 }, db: { returnSeconds: HOUR }, other: { returnSeconds: 60 } });
    const measured = { returns: { db: { seconds: 4 * HOUR, at, exercise: true } }, periods: {} };
    expect(told(map, measured)).toMatchObject([
      {
        kind: 'return',
        careFunction: 'prescription',
        possibleSeconds: 4 * HOUR + 600,
        limit: 'rto',
        limitSeconds: 5400,
        beyondSeconds: 4 * HOUR + 600 - 5400,
        beyondMtpd: true,
        // `files` has no time: it is this long or longer.
        atLeast: true,
        longest: { component: 'db', time: { basis: { kind: 'measured', at, exercise: true } } },
      },
    ]);
    expect(told(map)).toEqual([]);
  });

  it('go by tier first, then by how far beyond, what comes late before what is lost', () => {
    const map = hospital(
      { app: { returnSeconds: 6000 }, other: { returnSeconds: 100 * HOUR }, db: nights(HOUR) },
      { mtpdSeconds: 3600 },
    );
    expect(told(map).map(({ kind, careFunction, beyondSeconds }) => [kind, careFunction, beyondSeconds])).toEqual([
      ['promise', 'prescription', 1800],
      ['return', 'prescription', 600],
      ['dataLoss', 'prescription', HOUR - 900],
      ['return', 'meals', 92 * HOUR],
    ]);
  });

  it('hold a return that meets a late objective against the DMIA', () => {
    const map = hospital(
      { app: { returnSeconds: 5000 }, db: { returnSeconds: 1 }, files: { returnSeconds: 1 } },
      { mtpdSeconds: 3600 },
    );
    expect(told(map).find(({ kind }) => kind === 'return')).toMatchObject({
      limit: 'mtpd',
      limitSeconds: 3600,
      atLeast: false,
    });
  });

  it('do not take the unknown for a contradiction, nor a function that bears no interruption for a late one', () => {
    expect(told(hospital({}))).toEqual([]);
    expect(told(hospital({ app: { returnSeconds: 60 } }, { mtpdSeconds: 0 }))).toEqual([]);
  });

  it('are exactly the functions whose possible return is past their promise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        (own, rtoSeconds, mtpdSeconds) => {
          const map = hospital({ app: { returnSeconds: own } }, { rtoSeconds, mtpdSeconds });
          const found = told(map).filter(({ careFunction }) => careFunction === 'prescription');
          const bearable = mtpdSeconds === 0 ? Number.POSITIVE_INFINITY : mtpdSeconds;
          expect(found.some(({ kind }) => kind === 'return')).toBe(own > Math.min(rtoSeconds, bearable));
          expect(found.some(({ kind }) => kind === 'promise')).toBe(rtoSeconds > bearable);
          expect(found.every(({ beyondSeconds }) => beyondSeconds > 0)).toBe(true);
        },
      ),
    );
  });
});
