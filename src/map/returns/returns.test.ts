import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledMap, type CompiledNeed, compile } from '../compile.ts';
import { smallMap } from '../fixture.ts';
import type { Component, HospitalMap, Need } from '../model.ts';
import { type MeasuredReturns, returnTimes } from './returns.ts';

const HOUR = 3600;
const all = (...ids: string[]): Need => ({ all: ids.map((need) => ({ need })) });
const any = (...ids: string[]): Need => ({ any: ids.map((need) => ({ need })) });
const seen = (seconds: number) => ({ seconds, at: '2024-03-12T02:00:00.000Z', exercise: false });

/** The same map, its components told more of. */
function withTimes(map: HospitalMap, more: { [id: string]: Partial<Component> }): HospitalMap {
  return { ...map, components: map.components.map((one) => ({ ...one, ...more[one.id] })) };
}

describe('when care could be back', () => {
  const small = smallMap(
    { app: all('db', 'vm'), db: 'storage', vm: any('host-a', 'host-b'), storage: null, 'host-a': null, 'host-b': null },
    { prescription: { needs: { need: 'app' } } },
  );
  const told = withTimes(small, {
    app: { returnSeconds: 600 },
    db: { restore: { source: 'nights', driver: 'postgresql', declaredSeconds: 3 * HOUR, probes: [] } },
    vm: { returnSeconds: 900 },
    storage: { returnSeconds: HOUR },
    'host-a': { returnSeconds: 9 * HOUR },
    'host-b': { returnSeconds: 1200 },
  });

  it('begins each once all it needs is there, goes in parallel, and waits for the quickest of a choice', () => {
    expect(returnTimes(compile(told)).get('prescription')).toEqual({
      declared: {
        seconds: 4 * HOUR + 600,
        atLeastSeconds: 4 * HOUR + 600,
        chain: [
          { component: 'app', time: { seconds: 600, basis: { kind: 'declared' } }, with: null },
          { component: 'db', time: { seconds: 3 * HOUR, basis: { kind: 'declared' } }, with: null },
          { component: 'storage', time: { seconds: HOUR, basis: { kind: 'declared' } }, with: null },
        ],
        unknown: [],
      },
      measured: null,
    });
  });

  it('takes what was measured before what was declared, beside it', () => {
    const found = returnTimes(compile(told), { db: seen(600) }).get('prescription');
    expect(found?.declared.seconds).toBe(4 * HOUR + 600);
    expect(found?.measured).toMatchObject({
      seconds: HOUR + 600 + 600,
      chain: [{ component: 'app' }, { component: 'db', time: { seconds: 600, basis: { kind: 'measured' } } }, {}],
    });
  });

  it('falls back on the repair its contract promises, then its supplier, and says so', () => {
    const map: HospitalMap = {
      ...withTimes(small, { storage: { supplier: 'host' }, db: { supplier: 'host', returnSeconds: 60 } }),
      suppliers: [{ id: 'host', name: 'Host', mustRepairWithinSeconds: 8 * HOUR }],
    };
    const storageOf = (asked: HospitalMap, today?: string) =>
      returnTimes(compile(asked), {}, { lost: new Set(['storage']), ...(today === undefined ? {} : { today }) }).get(
        'prescription',
      )?.declared.chain[0]?.time;
    expect(storageOf(map)).toEqual({ seconds: 8 * HOUR, basis: { kind: 'supplier', supplier: 'host' } });
    const contract = { id: 'c', name: { fr: 'C' }, supplier: 'host', covers: [], clauses: [], until: '2024-06-30' };
    const signed = { ...map, contracts: [{ ...contract, mustRepairWithinSeconds: 4 * HOUR }] };
    const basis = { kind: 'contract', contract: 'c', supplier: 'host' };
    expect(storageOf(signed)).toEqual({ seconds: 4 * HOUR, basis });
    expect(storageOf(signed, '2024-06-30')).toEqual({ seconds: 4 * HOUR, basis });
    // It has ended: what the supplier promises elsewhere is all there is.
    expect(storageOf(signed, '2024-07-01')).toMatchObject({ seconds: 8 * HOUR });
  });

  it('never takes an unknown time for none: a lower bound, and what is in the way', () => {
    const map = withTimes(told, { storage: { returnSeconds: undefined }, 'host-b': { returnSeconds: undefined } });
    expect(returnTimes(compile(map)).get('prescription')?.declared).toMatchObject({
      seconds: null,
      atLeastSeconds: 3 * HOUR + 600,
      chain: [{ component: 'app' }, { component: 'db' }],
      unknown: ['storage'],
    });
  });

  it('counts as lost only what was', () => {
    const found = returnTimes(compile(told), {}, { lost: new Set(['vm', 'host-a', 'host-b']) }).get('prescription');
    expect(found?.declared).toMatchObject({
      seconds: 900 + 1200,
      chain: [{ component: 'vm' }, { component: 'host-b' }],
    });
    expect(returnTimes(compile(told), {}, { lost: new Set() }).get('prescription')?.declared.seconds).toBe(0);
  });

  it('does not wait for a need that is back within its grace', () => {
    const map = (graceSeconds: number) =>
      withTimes(smallMap({ slow: null }, { theatre: { needs: { need: 'slow', graceSeconds } } }), {
        slow: { returnSeconds: 60 },
      });
    expect(returnTimes(compile(map(60))).get('theatre')?.declared.seconds).toBe(0);
    expect(returnTimes(compile(map(59))).get('theatre')?.declared.seconds).toBe(60);
  });

  it('stands a ring of things started together when the last of them does, after all they need outside it', () => {
    const ring = smallMap(
      { app: null, a: all('b', 'power'), b: all('a', 'disk'), power: null, disk: null },
      { care: { needs: { need: 'app' } } },
    );
    const map = withTimes(
      { ...ring, startTogether: [{ id: 'pair', name: { fr: 'Paire' }, members: ['a', 'b'] }] },
      {
        app: { needs: { need: 'a' }, returnSeconds: 1 },
        a: { returnSeconds: 100 },
        b: { returnSeconds: 30 },
        power: { returnSeconds: 10 },
        disk: { returnSeconds: 90 },
      },
    );
    expect(returnTimes(compile(map)).get('care')?.declared).toMatchObject({
      seconds: 121,
      chain: [{ component: 'app' }, { component: 'b', with: 'a' }, { component: 'disk', with: null }],
    });
    const silent = withTimes(map, { disk: { returnSeconds: undefined } });
    expect(returnTimes(compile(silent)).get('care')?.declared).toMatchObject({
      seconds: null,
      atLeastSeconds: 111,
      unknown: ['disk'],
    });
  });

  it('exhausts no stack on a chain of 20,000', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `c${i}`);
    const map = smallMap(Object.fromEntries(ids.map((id, i) => [id, ids[i + 1] ?? null])), {
      care: { needs: { need: 'c0' } },
    });
    const timed = { ...map, components: map.components.map((one) => ({ ...one, returnSeconds: 2 })) };
    const deep = returnTimes(compile(timed)).get('care')?.declared;
    expect(deep?.seconds).toBe(40_000);
    expect(deep?.chain).toHaveLength(20_000);
    const silent = returnTimes(compile(map)).get('care')?.declared;
    expect(silent).toMatchObject({ seconds: null, atLeastSeconds: 0 });
    expect(silent?.unknown).toHaveLength(20_000);
  });
});

/** The definition itself, by recursion: [at least, at most]. */
function naive(map: CompiledMap, id: string, own: (id: string) => number | null): [number, number] {
  const of = (need: CompiledNeed): [number, number] => {
    if (need.kind === 'one') {
      const bounds = naive(map, need.to, own);
      return bounds.map((bound) => (bound <= need.graceSeconds ? 0 : bound)) as [number, number];
    }
    const parts = need.of.map(of);
    const quickest = (bound: 0 | 1) => parts.map((one) => one[bound]).sort((a, b) => a - b)[need.atLeast - 1] ?? 0;
    return [quickest(0), quickest(1)];
  };
  const need = map.needs.get(id);
  const [low, high] = need === undefined ? [0, 0] : of(need);
  const mine = map.components.has(id) ? own(id) : 0;
  return mine === null ? [low, Number.POSITIVE_INFINITY] : [low + mine, high + mine];
}

const seconds = fc.integer({ min: 1, max: 50 });

/** Each component needs some of those before it, in groups that nest. */
const maps: fc.Arbitrary<{ map: HospitalMap; measured: MeasuredReturns }> = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => {
    const needUpTo = (most: number) => {
      const leaf = fc.record({
        need: fc.integer({ min: 0, max: most - 1 }).map((i) => `c${i}`),
        graceSeconds: fc.option(seconds, { nil: undefined }),
      });
      return fc.letrec<{ need: Need }>((tie) => ({
        need: fc.oneof(
          { maxDepth: 2 },
          leaf,
          fc
            .array(tie('need'), { minLength: 1, maxLength: 3 })
            .chain((of) =>
              fc.constantFrom<Need>({ all: of }, { any: of }, ...of.map((_, i): Need => ({ atLeast: i + 1, of }))),
            ),
        ),
      })).need;
    };
    return fc.record({
      needs: fc.tuple(
        ...Array.from({ length: count }, (_, i) =>
          i === 0 ? fc.constant(null) : fc.option(needUpTo(i), { nil: null, freq: 3 }),
        ),
      ),
      care: needUpTo(count),
      times: fc.array(fc.option(seconds, { nil: undefined, freq: 3 }), { minLength: count, maxLength: count }),
      measured: fc.dictionary(
        fc.integer({ min: 0, max: count - 1 }).map((i) => `c${i}`),
        seconds.map(seen),
      ),
    });
  })
  .map(({ needs, care, times, measured }) => {
    const bare = smallMap(Object.fromEntries(needs.map((need, i) => [`c${i}`, need])), { care: { needs: care } });
    return {
      map: withTimes(bare, Object.fromEntries(times.map((time, i) => [`c${i}`, { returnSeconds: time }]))),
      measured,
    };
  });

describe('returns, whatever the map', () => {
  it('are those of the definition, their chain adds up to them, and the unknown is what stands in the way', () => {
    fc.assert(
      fc.property(maps, ({ map: document, measured }) => {
        const map = compile(document);
        const declared = (id: string) => map.components.get(id)?.returnSeconds ?? null;
        const known = (id: string) => measured[id]?.seconds ?? declared(id);
        const found = returnTimes(map, measured).get('care');
        for (const [result, own] of [
          [found?.declared, declared],
          [found?.measured ?? found?.declared, known],
        ] as const) {
          const [low, high] = naive(map, 'care', own);
          expect(result?.atLeastSeconds).toBe(low);
          expect(result?.seconds).toBe(high === Number.POSITIVE_INFINITY ? null : high);
          const sum = result?.chain.reduce((total, { time }) => total + (time?.seconds ?? 0), 0);
          expect(sum).toBe(result?.seconds ?? result?.atLeastSeconds);
          const missing = new Set(result?.unknown);
          expect(missing.size > 0).toBe(result?.seconds === null);
          expect([...missing].every((id) => own(id) === null)).toBe(true);
          // With a time for each of those, an upper bound there is.
          const [, filled] = naive(map, 'care', (id) => (missing.has(id) ? 1 : own(id)));
          expect(filled).toBeLessThan(Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});
