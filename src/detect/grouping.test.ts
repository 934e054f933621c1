import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Need } from '../map/model.ts';
import { type Dependencies, groupLosses, type Loss } from './grouping.ts';

function map(components: { [id: string]: Need | undefined }, care: { [id: string]: Need } = {}): Dependencies {
  return { needsOf: (id) => components[id], careFunctions: Object.entries(care).map(([id, needs]) => ({ id, needs })) };
}
const lost = (component: string, since = 0, unavailable = true): Loss => ({ component, since, unavailable });
const need = (id: string, graceSeconds?: number): Need => ({
  need: id,
  ...(graceSeconds === undefined ? {} : { graceSeconds }),
});

describe('losses grouped by root cause', () => {
  const chain = map(
    { ehr: need('db'), db: need('server'), server: need('feed') },
    { prescription: need('ehr'), laboratory: need('lis') },
  );

  test('two hundred servers behind one switch are one group, the switch its root', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `server-${index}`);
    const components = Object.fromEntries(ids.map((id) => [id, need('switch')]));
    const [group, ...others] = groupLosses(
      [...ids, 'switch'].map((id) => lost(id)),
      map(components),
      0,
    );
    expect(others).toEqual([]);
    expect(group?.roots).toEqual(['switch']);
    expect(group?.members).toHaveLength(201);
  });

  test('a cause is found through components nobody watches', () => {
    expect(groupLosses([lost('ehr'), lost('feed')], chain, 0)).toEqual([
      { roots: ['feed'], members: ['ehr', 'feed'], careFunctions: ['prescription'] },
    ]);
  });

  test('two causes are two groups', () => {
    const two = map({ a: need('x'), b: need('y') });
    expect(groupLosses([lost('a'), lost('x'), lost('b'), lost('y')], two, 0).map((group) => group.roots)).toEqual([
      ['x'],
      ['y'],
    ]);
  });

  test('redundancy that still holds explains nothing', () => {
    const redundant = map({ server: { any: [need('feed-a'), need('feed-b')] } }, { care: need('server') });
    expect(groupLosses([lost('server'), lost('feed-a')], redundant, 0)).toEqual([
      { roots: ['feed-a'], members: ['feed-a'], careFunctions: [] },
      { roots: ['server'], members: ['server'], careFunctions: ['care'] },
    ]);
  });

  test('both sides of a redundancy lost are one cause with two roots', () => {
    const redundant = map({ server: { any: [need('feed-a'), need('feed-b')] } });
    const [group, ...others] = groupLosses([lost('server'), lost('feed-a'), lost('feed-b')], redundant, 0);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ roots: ['feed-a', 'feed-b'], members: ['feed-a', 'feed-b', 'server'] });
  });

  test('two of three: the second loss breaks it, the first alone does not', () => {
    const cluster = map({ db: { atLeast: 2, of: [need('n1'), need('n2'), need('n3')] } });
    expect(groupLosses([lost('db'), lost('n1')], cluster, 0).map((group) => group.roots)).toEqual([['db'], ['n1']]);
    expect(groupLosses([lost('db'), lost('n1'), lost('n2', 5)], cluster, 10).map((group) => group.roots)).toEqual([
      ['n1', 'n2'],
    ]);
  });

  test('within its grace a lost need explains no loss yet, but the care it will cost is named', () => {
    const ups = map({ server: need('ups'), ups: need('feed', 600) }, { care: need('server') });
    expect(groupLosses([lost('server'), lost('feed')], ups, 599_999).map((group) => group.roots)).toEqual([
      ['feed'],
      ['server'],
    ]);
    expect(groupLosses([lost('server'), lost('feed')], ups, 600_000).map((group) => group.roots)).toEqual([['feed']]);
    expect(groupLosses([lost('feed')], ups, 0)).toEqual([
      { roots: ['feed'], members: ['feed'], careFunctions: ['care'] },
    ]);
  });

  test('a UPS on battery is explained by the feed it lost, and makes nothing unavailable', () => {
    const ups = map({ server: need('ups'), ups: need('feed', 600) }, { care: need('server') });
    expect(groupLosses([lost('ups', 0, false), lost('feed')], ups, 0)).toEqual([
      { roots: ['feed'], members: ['feed', 'ups'], careFunctions: ['care'] },
    ]);
    expect(groupLosses([lost('ups', 0, false), lost('server')], ups, 9e9).map((group) => group.roots)).toEqual([
      ['server'],
      ['ups'],
    ]);
  });

  test('needs that contain themselves do not hang', () => {
    const circle = map({ a: need('b'), b: need('a') });
    expect(groupLosses([lost('a'), lost('b')], circle, 0).flatMap((group) => group.members)).toEqual(['a', 'b']);
  });
});

/** A random map without cycles: component i needs only components after it. */
const world = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const needOf = (from: number): fc.Arbitrary<Need | undefined> => {
    const below = Array.from({ length: size - from - 1 }, (_, index) => from + index + 1);
    if (below.length === 0) return fc.constant(undefined);
    const leaf = fc
      .record({
        need: fc.constantFrom(...below).map((id) => `c${id}`),
        grace: fc.option(fc.integer({ min: 0, max: 20 })),
      })
      .map(({ need: id, grace }) => need(id, grace ?? undefined));
    const several = fc.array(leaf, { minLength: 1, maxLength: 3 });
    return fc.option(
      fc.oneof(
        leaf,
        several.map((all): Need => ({ all })),
        several.map((any): Need => ({ any })),
        several.chain((of) => fc.integer({ min: 1, max: of.length }).map((atLeast): Need => ({ atLeast, of }))),
      ),
      { nil: undefined },
    );
  };
  return fc.record({
    needs: fc.tuple(...Array.from({ length: size }, (_, index) => needOf(index))),
    losses: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: size - 1 }),
        since: fc.integer({ min: 0, max: 30_000 }),
        unavailable: fc.boolean(),
      }),
      { selector: (one) => one.id },
    ),
    now: fc.integer({ min: 0, max: 60_000 }),
    seed: fc.integer(),
  });
});

describe('grouping, whatever the map and the losses', () => {
  test('every loss is in exactly one group, every root is a loss of its own group, and order does not matter', () => {
    fc.assert(
      fc.property(world, ({ needs, losses, now }) => {
        const dependencies = map(Object.fromEntries(needs.map((one, index) => [`c${index}`, one])), {
          care: need('c0'),
        });
        const given = losses.map(({ id, since, unavailable }) => lost(`c${id}`, since, unavailable));
        const groups = groupLosses(given, dependencies, now);
        const members = groups.flatMap((group) => group.members);
        expect(members.toSorted()).toEqual(given.map((loss) => loss.component).toSorted());
        for (const group of groups) {
          expect(group.roots.length).toBeGreaterThan(0);
          for (const root of group.roots) expect(group.members).toContain(root);
        }
        const byRoots = (all: typeof groups) =>
          all.toSorted((one, other) => (String(one.roots) < String(other.roots) ? -1 : 1));
        expect(byRoots(groupLosses(given.toReversed(), dependencies, now))).toEqual(byRoots(groups));
      }),
    );
  });
});
