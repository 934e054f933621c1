import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallMap } from '../fixture.ts';
import type { HospitalMap } from '../model.ts';
import { applied, differences } from './apply.ts';
import { MapChange, undone } from './change.ts';

const mapOf = (components: readonly string[], sites: readonly string[], named: string): HospitalMap => ({
  ...smallMap({}, {}),
  components: components.map((id) => ({ id, kind: 'server', name: { fr: `${id} ${named}` } })),
  sites: sites.map((id) => ({ id, name: { fr: id } })),
});
const ids = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 });
const anyMap = fc.tuple(ids, ids, fc.constantFrom('x', 'y')).map((parts) => mapOf(...parts));

describe('changes of a map', () => {
  it('lead from any map to any other, and back', () => {
    fc.assert(
      fc.property(anyMap, anyMap, (from, to) => {
        const changes = MapChange.array().parse(differences(from, to));
        const there = applied(from, changes);
        expect(there).toEqual({ ok: true, value: to });
        expect(there.ok && applied(there.value, undone(changes))).toEqual({ ok: true, value: from });
      }),
    );
  });

  it('are none between a map and itself', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        expect(differences(map, structuredClone(map))).toEqual([]);
      }),
    );
  });

  it('move as few things as can be', () => {
    const changes = differences(mapOf([...'abcde'], [], ''), mapOf([...'eabcd'], [], ''));
    expect(changes).toMatchObject([{ id: 'e', place: { from: null, to: 'a' } }]);
  });

  it('of a thing that is no longer what it was are refused, all of them', () => {
    const map = mapOf([...'ab'], [], 'x');
    const stale = differences(mapOf([...'ab'], [], 'y'), mapOf([...'b'], [], 'y'));
    expect(applied(map, stale)).toMatchObject({
      ok: false,
      refusal: { code: 'map-changed-meanwhile', where: 'components a' },
    });
  });

  it('say where they lead nowhere', () => {
    const a = { id: 'a', kind: 'server' as const, name: { fr: 'a' } };
    const put = (id: string, before: string): MapChange => ({
      section: 'components',
      id,
      from: null,
      to: a,
      place: { to: before },
    });
    expect(applied(mapOf([], [], ''), [put('a', 'b')])).toMatchObject({ refusal: { code: 'map-place-unknown' } });
    expect(applied(mapOf([], [], ''), [put('b', 'b')])).toMatchObject({ refusal: { code: 'map-change-misnamed' } });
  });
});
