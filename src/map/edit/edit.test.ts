import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied } from '../change/apply.ts';
import { sections } from '../change/change.ts';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import type { HospitalMap } from '../model.ts';
import { changeOf, draftProblems, orderChanges, removalOf, settledLink } from './views.ts';

const small = smallMap(
  { app: { any: [{ need: 'db' }, { need: 'db-2' }] }, db: 'ups', 'db-2': 'ups', ups: null, points: null },
  { one: { needs: { need: 'app' } }, two: { needs: { all: [{ need: 'app' }, { need: 'one' }] }, partOf: 'one' } },
  [
    { id: 'ward-1', name: { fr: 'Unité 1' }, site: 'main', accessPoints: ['points'] },
    { id: 'ward-2', name: { fr: 'Unité 2' }, site: 'main', accessPoints: [] },
  ],
);
const map: HospitalMap = {
  ...small,
  establishment: { ...small.establishment, reflexe: 'ups' },
  suppliers: [{ id: 'maker', name: 'Maker' }],
  contracts: [{ id: 'c', name: { fr: 'C' }, supplier: 'maker', covers: ['db'], clauses: [] }],
  teams: [{ id: 'it', name: { fr: 'Informatique' } }],
  components: small.components.map((one) => ({
    ...one,
    site: 'main',
    team: 'it',
    supplier: 'maker',
    ...(one.id === 'points'
      ? {
          proposed: [
            { need: 'ups', because: 'same rack' },
            { need: 'db', because: 'name' },
          ],
        }
      : {}),
  })),
  startTogether: [{ id: 'ring', name: { fr: 'Ensemble' }, members: ['db', 'db-2'] }],
};
const made = (changes: Parameters<typeof applied>[1]): HospitalMap => {
  const after = applied(map, changes);
  if (!after.ok) throw new Error(after.refusal.message);
  return after.value;
};

describe('what is typed in a form', () => {
  const [app] = map.components;
  const wrong = (to: object) =>
    draftProblems(map, changeOf('components', 'app', { from: app ?? null, to })).map(({ path, code }) => [path, code]);

  it('is told at its field: what is missing, what is not what it holds, what is not on the map', () => {
    expect(wrong({ ...app })).toEqual([]);
    expect(wrong({ ...app, name: { fr: '' } })).toEqual([['name.fr', 'missing']]);
    expect(wrong({ ...app, kind: undefined })).toEqual([['kind', 'missing']]);
    expect(wrong({ ...app, returnSeconds: -1 })).toEqual([['returnSeconds', 'wrong']]);
    expect(wrong({ ...app, site: 'nowhere' })).toEqual([['site', 'unknown-site']]);
    expect(wrong({ ...app, needs: { need: 'gone' } })).toEqual([['needs.need', 'unknown-reference']]);
  });

  it('says which ring of needs it would close', () => {
    const ups = map.components.find(({ id }) => id === 'ups') ?? null;
    const [problem] = draftProblems(
      map,
      changeOf('components', 'ups', { from: ups, to: { ...ups, needs: { need: 'app' } } }),
    );
    expect(problem).toMatchObject({ code: 'needs-itself', severity: 'error' });
    expect(problem?.detail).toMatch(/^ups app db(?:-2)? ups$/);
  });
});

describe('taking something off the map', () => {
  it('leaves a map that holds together, or says what cannot be without it', () => {
    const things = sections.flatMap((section) => map[section].map(({ id }) => [section, id] as const));
    fc.assert(
      fc.property(fc.constantFrom(...things), ([section, id]) => {
        const { changes, blockedBy, hangs } = removalOf(map, section, id);
        if (blockedBy.length > 0) {
          expect(hangs).toEqual(expect.arrayContaining(blockedBy));
          return;
        }
        const after = made(changes);
        expect(after[section].some((thing) => thing.id === id)).toBe(false);
        expect(mapProblems(after).filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(JSON.stringify({ ...after.components, ...after.careFunctions })).not.toContain(`"need":"${id}"`);
      }),
    );
  });

  it('says all that names it, proposed links too, and what is left of a choice', () => {
    const { hangs, changes } = removalOf(map, 'components', 'db');
    expect(hangs.map(({ id }) => id).sort()).toEqual(['app', 'c', 'points', 'ring']);
    const after = made(changes);
    expect(after.components.find(({ id }) => id === 'app')?.needs).toEqual({ any: [{ need: 'db-2' }] });
    expect(after.startTogether).toEqual([]);
    expect(removalOf(map, 'sites', 'main').blockedBy.map(({ id }) => id)).toEqual(['ward-1', 'ward-2']);
    expect(made(removalOf(map, 'components', 'ups').changes).establishment.reflexe).toBeUndefined();
  });
});

describe('proposed links and order', () => {
  const points = (of: HospitalMap) => of.components.find(({ id }) => id === 'points');
  const link = { section: 'components', id: 'points', need: 'ups' } as const;
  const me = { by: 'A. Martin', on: '2026-08-03' };

  it('a link confirmed counts from then on, with who said so; one dismissed is gone', () => {
    const confirmed = made(settledLink(map, link, me));
    expect(points(confirmed)).toMatchObject({ needs: { need: 'ups', confirmed: me }, proposed: [{ need: 'db' }] });
    expect(points(confirmed)?.needs).not.toHaveProperty('because');
    const dismissed = points(made(settledLink(map, link, null)));
    expect(dismissed).not.toHaveProperty('needs');
    expect(dismissed?.proposed).toHaveLength(1);
  });

  it('another vital order moves what it must', () => {
    expect(orderChanges(map, ['one', 'two'])).toEqual([]);
    expect(made(orderChanges(map, ['two', 'one'])).careFunctions.map(({ id }) => id)).toEqual(['two', 'one']);
    expect(orderChanges(map, ['two'])).toEqual([]);
  });
});
