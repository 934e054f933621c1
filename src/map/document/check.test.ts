import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { smallMap } from '../fixture.ts';
import { type MapProblem, mapProblems } from './check.ts';
import { shortestCycles } from './cycles.ts';
import { durationSeconds } from './duration.ts';
import { nearest } from './nearest.ts';

const brief = (problems: MapProblem[]) => problems.map(({ code, path }) => `${code} ${path.join('.')}`);
const fine = { care: { needs: { need: 'app' } } };

describe('a map’s problems', () => {
  it('are none where there is none', () => {
    expect(mapProblems(smallMap({ app: 'db', db: null }, fine))).toEqual([]);
  });

  it('come all at once, each at its place, with the nearest name', () => {
    const map = smallMap(
      { app: { all: [{ need: 'db' }, { any: [{ need: 'dbserver' }, { need: 'db' }] }] }, db: null, 'db-server': null },
      { care: { needs: { need: 'nothing-like-it' }, wards: ['ward-1', 'ward-2'] } },
    );
    const problems = mapProblems({ ...map, establishment: { ...map.establishment, timeZone: 'Europe/Pariss' } });
    expect(brief(problems)).toEqual([
      'unknown-time-zone establishment.timeZone',
      'unknown-ward careFunctions.0.wards.1',
      'unknown-reference careFunctions.0.needs.need',
      'unknown-reference components.0.needs.all.1.any.0.need',
    ]);
    expect(problems[3]?.message).toContain('did you mean `db-server`?');
    expect(problems[2]?.message).not.toContain('did you mean');
  });

  it('show the shortest cycle of needs that contain themselves', () => {
    const map = smallMap(
      { a: { all: [{ need: 'b' }, { need: 'c' }] }, b: 'd', d: 'c', c: 'a' },
      { care: { needs: { need: 'a' } } },
    );
    const [problem, ...rest] = mapProblems(map);
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ code: 'needs-itself' });
    expect(problem?.message).toContain('`a` needs `c` needs `a`:');
  });

  it('accept a ring whose members are declared in one group, and no other', () => {
    const ring = smallMap({ a: 'b', b: { any: [{ need: 'c' }] }, c: 'a' }, { care: { needs: { need: 'a' } } });
    const group = (id: string, ...members: string[]) => ({ id, name: { fr: id }, members });
    const [undeclared] = mapProblems(ring);
    expect(undeclared?.message).toContain('declare a, b, c in one group of `startTogether`');
    expect(mapProblems({ ...ring, startTogether: [group('g', 'a', 'b')] }).map(({ code }) => code)).toEqual([
      'needs-itself',
    ]);
    const declared = { ...ring, startTogether: [group('g', 'a', 'h:b', 'c')] };
    expect(mapProblems(declared)).toEqual([]);
    const { order, units } = compile(declared);
    expect(units).toEqual([['a', 'b', 'c'], ['care']]);
    expect(order).toEqual(['a', 'b', 'c', 'care']);
    expect(() => compile(ring)).toThrow('needs contain themselves');
  });

  it('refuse a ring that holds care, whatever is declared', () => {
    const map = smallMap({ a: 'care' }, { care: { needs: { need: 'a' } } });
    const [problem] = mapProblems({ ...map, startTogether: [{ id: 'g', name: { fr: 'g' }, members: ['a', 'care'] }] });
    expect(problem).toMatchObject({ code: 'unknown-reference', path: ['startTogether', 0, 'members', 1] });
    expect(mapProblems(map)[0]?.message).not.toContain('startTogether');
  });

  it('look into the register of suppliers, contracts and teams, and into what is only proposed', () => {
    const map = smallMap({ app: null }, fine);
    const [app] = map.components;
    if (app === undefined) throw new Error('not the map');
    const contract = (id: string, more: object) => ({
      id,
      name: { fr: id },
      supplier: 'acme',
      covers: [],
      clauses: [],
      ...more,
    });
    const group = (id: string, ...members: string[]) => ({ id, name: { fr: id }, members });
    const problems = mapProblems({
      ...map,
      establishment: { ...map.establishment, kind: 'supplier' },
      suppliers: [
        { id: 'acme', name: 'Acme', reliesOn: ['beta'] },
        { id: 'beta', name: 'Beta', reliesOn: ['acme', 'gama'] },
      ],
      teams: [],
      components: [
        { ...app, team: 'night', proposed: [{ need: 'ap', because: 'same name' }] },
        { id: 'b', kind: 'server', name: { fr: 'b' } },
      ],
      contracts: [
        contract('one', { covers: ['app', 'ap'], from: '2026-02-01', until: '2026-01-31' }),
        contract('one', { supplier: 'acmee', from: '2026-02-30' }),
      ],
      startTogether: [group('g', 'app', 'b', 'h:app'), group('k', 'b', 'c')],
    });
    expect(brief(problems)).toEqual([
      'duplicate-id contracts.1.id',
      'unknown-team components.0.team',
      'unknown-reference components.0.proposed.0.need',
      'unknown-supplier suppliers.1.reliesOn.1',
      'unknown-reference contracts.0.covers.1',
      'unknown-supplier contracts.1.supplier',
      'unknown-reference startTogether.1.members.1',
      'until-before-from contracts.0.until',
      'impossible-date contracts.1.from',
      'member-twice startTogether.0.members.2',
      'in-two-groups startTogether.1.members.0',
      'care-at-supplier careFunctions.0.id',
      'relies-on-itself suppliers.0.reliesOn',
    ]);
  });

  it('see k larger than the list, the same need twice, one id twice whichever way it is written', () => {
    const map = smallMap(
      {
        a: { atLeast: 3, of: [{ need: 'b' }, { need: 'c' }] },
        b: { any: [{ need: 'c' }, { need: 'c' }] },
        c: null,
        x: null,
      },
      { 'h:c': { needs: { need: 'x' } } },
    );
    expect(brief(mapProblems(map))).toEqual([
      'duplicate-id careFunctions.0.id',
      'at-least-too-many components.0.needs.atLeast',
      'same-need-twice components.1.needs.any',
    ]);
  });

  it('say where an objective contradicts the tolerable interruption, as a warning', () => {
    const found = mapProblems(
      smallMap(
        { app: null },
        {
          late: { needs: { need: 'app' }, mtpdSeconds: 60, rtoSeconds: 61 },
          bare: { needs: { need: 'app' }, mtpdSeconds: 0 },
        },
      ),
    );
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['rto-beyond-mtpd', 'warning'],
      ['nothing-holds', 'warning'],
    ]);
  });

  it('refuse a care function that is part of itself, and hours that are none', () => {
    const calendar = { days: ['mon' as const], from: '08:00', to: '24:30' };
    const found = mapProblems(
      smallMap({ app: null }, { a: { ...fine.care, partOf: 'b', calendar }, b: { ...fine.care, partOf: 'a' } }),
    );
    expect(brief(found)).toEqual([
      'impossible-hour careFunctions.0.calendar.to',
      'part-of-itself careFunctions.0.partOf',
    ]);
  });
});

describe('shortest cycles', () => {
  it('are cycles, one for each ring, and there is none in what can be ordered', () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const ids = Array.from({ length: 8 }, (_, i) => `${i}`);
        const next = (id: string) => pairs.filter(([from]) => `${from}` === id).map(([, to]) => `${to}`);
        const reach = (from: string) => {
          const seen = new Set(next(from));
          for (const id of seen) for (const to of next(id)) seen.add(to);
          return seen;
        };
        const onACycle = ids.filter((id) => reach(id).has(id));
        const ringOf = (id: string) => onACycle.filter((other) => reach(id).has(other) && reach(other).has(id)).join();
        const found = shortestCycles(ids, next);
        expect(found.map((cycle) => ringOf(cycle[0] ?? '')).sort()).toEqual([...new Set(onACycle.map(ringOf))].sort());
        for (const cycle of found) {
          for (const [i, id] of cycle.entries()) expect(next(id)).toContain(cycle[(i + 1) % cycle.length]);
          expect(new Set(cycle).size).toBe(cycle.length);
        }
      }),
    );
  });
});

describe('words people write', () => {
  it('are durations, or are not', () => {
    const said = ['90s', '12m', '8h', '1d', '1h30m', '15 min', '0', '1.5h'];
    expect(said.map(durationSeconds)).toEqual([90, 720, 28_800, 86_400, 5400, 900, 0, 5400]);
    expect(['', '12', 'm', '12m!', '-3h', '99999d', 'h12'].map(durationSeconds)).toEqual(Array(7).fill(undefined));
  });

  it('have a nearest name only where one is near', () => {
    expect(nearest('db-serveur', ['web', 'db-server'])).toBe('db-server');
    expect(nearest('pacs', ['ris', 'pasc'])).toBe('pasc');
    expect(nearest('pacs', ['ris', 'lis'])).toBeUndefined();
  });
});
