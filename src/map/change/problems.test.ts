import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import type { HospitalMap, Need } from '../model.ts';
import { applied, differences, withPlaces } from './apply.ts';
import { undone } from './change.ts';
import { carryIndex } from './mapIndex.ts';
import { changeProblems } from './problems.ts';

const ids = [...'abcdefgh'];
const links = fc.array(fc.tuple(fc.nat(7), fc.nat(9)), { maxLength: 10 });

/** Some of eight components and two care functions; each may need any other, or what is not there. */
function mapOf(there: readonly boolean[], pairs: readonly (readonly [number, number])[], site: string): HospitalMap {
  const needsOf = (index: number): Need | null => {
    const needs = pairs.filter(([from]) => from === index).map(([, to]) => ({ need: ids[to] ?? 'nowhere' }));
    return needs.length === 0 ? null : { any: needs };
  };
  const components = Object.fromEntries(
    ids.flatMap((id, index) => (there[index] ? [[id, needsOf(index)] as const] : [])),
  );
  const small = smallMap(components, {
    care: { needs: { need: 'a' } },
    other: { needs: { need: 'b' }, partOf: 'care' },
  });
  return { ...small, wards: small.wards.map((ward) => ({ ...ward, site })) };
}
const anyMap = fc
  .tuple(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), links, fc.constantFrom('main', 'main', 'elsewhere'))
  .map((parts) => mapOf(...parts));
/** One without an error: each needs only what comes after it and is there. */
const soundMap = fc.tuple(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), links).map(([chosen, pairs]) => {
  const there = chosen.map((is, index) => is || index < 2);
  return mapOf(
    there,
    pairs.filter(([from, to]) => from < to && there[to]),
    'main',
  );
});
const isSound = (map: HospitalMap) => mapProblems(map).every(({ severity }) => severity !== 'error');

describe('the problems of a change', () => {
  it('are those of the whole map, wherever it was sound before', () => {
    fc.assert(
      fc.property(soundMap, anyMap, (before, after) => {
        expect(isSound(before)).toBe(true);
        const changes = differences(before, after);
        const errors = changeProblems(before, after, changes).filter(({ severity }) => severity === 'error');
        expect(errors.length > 0).toBe(!isSound(after));
        expect(errors.every(({ code }) => mapProblems(after).some((one) => one.code === code))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same where the index was carried along from map to map', () => {
    fc.assert(
      fc.property(fc.array(anyMap, { minLength: 2, maxLength: 6 }), (maps) => {
        let [now] = maps;
        for (const next of maps.slice(1)) {
          if (now === undefined) throw new Error('no map');
          const changes = differences(now, next);
          const copy = structuredClone(now);
          expect(changeProblems(now, next, changes)).toEqual(changeProblems(copy, next, changes));
          carryIndex(now, next, changes);
          now = next;
        }
      }),
    );
  });
});

describe('changes that say where things stood', () => {
  it('put everything back in its place', () => {
    fc.assert(
      fc.property(anyMap, anyMap, (before, after) => {
        // As a form sends them: no place for what goes.
        const bare = differences(before, after).map((change) => {
          if (change.section === 'establishment' || change.to !== null) return change;
          const { place: _place, ...rest } = change;
          return rest;
        });
        const whole = withPlaces(before, bare);
        const there = applied(before, whole);
        expect(there.ok && applied(there.value, undone(whole))).toEqual({ ok: true, value: before });
      }),
    );
  });

  it('believe no place that a change claims to have come from', () => {
    const map = mapOf([true, true, true], [], 'main');
    const [first] = map.components;
    if (first === undefined) throw new Error('no component');
    const claimed = { section: 'components', id: 'a', from: first, to: first, place: { from: 'c' } } as const;
    expect(withPlaces(map, [claimed])).toEqual([{ section: 'components', id: 'a', from: first, to: first }]);
  });
});
