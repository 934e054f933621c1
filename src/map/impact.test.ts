import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { smallMap } from './fixture.ts';
import { impact } from './impact.ts';
import { type ComponentState, componentStates, type Need } from './model.ts';
import { high, low } from './needs/level.ts';
import { levelAt } from './needs/signal.ts';
import { type History, suppliesOver } from './needs/supplies.ts';

const care = (needs: Need) => ({ care: { needs } });
const down = (...ids: string[]) => new Map(ids.map((id): [string, ComponentState] => [id, 'down']));
const whatIf = (map: ReturnType<typeof smallMap>, states: ReadonlyMap<string, ComponentState>, now?: number) =>
  impact(compile(map), states, { missing: 'up', ...(now === undefined ? {} : { now }) });

describe('impact', () => {
  it('follows a loss up the chain and names its root only', () => {
    const map = smallMap({ power: null, server: 'power', app: 'server' }, care({ need: 'app' }));
    const found = whatIf(map, down('power', 'server'));
    expect(found.get('care')).toEqual({
      supply: 'lost',
      state: 'down',
      redundancyLost: false,
      lostAfterSeconds: 0,
      because: ['power'],
    });
  });

  it('holds on one of two, and says that the redundancy is gone, also above', () => {
    const map = smallMap({ a: null, b: null, app: { any: [{ need: 'a' }, { need: 'b' }] } }, care({ need: 'app' }));
    expect(whatIf(map, down('a')).get('care')).toMatchObject({ supply: 'served', redundancyLost: true, because: [] });
    expect(whatIf(map, down('a', 'b')).get('care')).toMatchObject({ supply: 'lost', because: ['a', 'b'] });
  });

  it('sees the hidden UPS under both sides of a redundancy', () => {
    const map = smallMap(
      { ups: null, a: 'ups', b: 'ups', app: { any: [{ need: 'a' }, { need: 'b' }] } },
      care({ need: 'app' }),
    );
    expect(whatIf(map, down('ups')).get('care')).toMatchObject({ supply: 'lost', because: ['ups'] });
  });

  it('needs two of three', () => {
    const map = smallMap(
      { a: null, b: null, c: null },
      care({ atLeast: 2, of: [{ need: 'a' }, { need: 'b' }, { need: 'c' }] }),
    );
    expect(whatIf(map, down('b')).get('care')).toMatchObject({ supply: 'served', redundancyLost: true });
    expect(whatIf(map, down('b', 'c')).get('care')).toMatchObject({ supply: 'lost', because: ['b', 'c'] });
  });

  it('never takes unknown for up, nor for down', () => {
    const map = compile(smallMap({ a: null, b: null }, { one: { needs: { any: [{ need: 'a' }, { need: 'b' }] } } }));
    const one = (a: ComponentState) => impact(map, new Map([['a', a]]), { missing: 'unknown' }).get('one')?.supply;
    expect(one('up')).toBe('served');
    expect(one('down')).toBe('unknown');
    expect(one('degraded')).toBe('partly');
    expect(one('unknown')).toBe('unknown');
  });

  it('takes a component seen up as proof of needs nobody watches, not of a need known to be lost', () => {
    const map = compile(smallMap({ power: null, server: 'power' }, care({ need: 'server' })));
    const live = (states: [string, ComponentState][]) => impact(map, new Map(states), { missing: 'unknown' });
    expect(live([['server', 'up']]).get('care')?.supply).toBe('served');
    expect(
      live([
        ['server', 'up'],
        ['power', 'down'],
      ]).get('care')?.supply,
    ).toBe('lost');
    expect(live([['power', 'up']]).get('care')).toMatchObject({ supply: 'unknown', because: ['server'] });
  });

  it('counts isolated and restoring as not available, and keeps their word', () => {
    const map = compile(smallMap({ a: null, b: null }, care({ all: [{ need: 'a' }, { need: 'b' }] })));
    const found = impact(
      map,
      new Map<string, ComponentState>([
        ['a', 'isolated'],
        ['b', 'restoring'],
      ]),
      { missing: 'up' },
    );
    expect(found.get('care')).toMatchObject({ supply: 'lost', because: ['a', 'b'] });
    expect([found.get('a')?.state, found.get('b')?.state]).toEqual(['isolated', 'restoring']);
  });

  it('feels a loss only once the grace has run out, exactly then', () => {
    const map = smallMap(
      { ups: null, server: { need: 'ups', graceSeconds: 720 } },
      care({ need: 'server', graceSeconds: 60 }),
    );
    const at = (seconds: number) => whatIf(map, down('ups'), seconds * 1000).get('care');
    expect(at(779)).toMatchObject({ supply: 'served', lostAfterSeconds: 1 });
    expect(at(780)).toMatchObject({ supply: 'lost', lostAfterSeconds: 0 });
    expect(whatIf(map, down('ups')).get('care')).toMatchObject({
      supply: 'lost',
      lostAfterSeconds: 780,
      because: ['ups'],
    });
  });

  it('counts a grace from the time of the loss', () => {
    const map = compile(smallMap({ ups: null, server: { need: 'ups', graceSeconds: 600 } }, care({ need: 'server' })));
    const options = { missing: 'up', now: 1_000_000, since: new Map([['ups', 700_000]]) } as const;
    expect(impact(map, down('ups'), options).get('care')).toMatchObject({ supply: 'served', lostAfterSeconds: 300 });
  });

  it('accepts a reference written either way, and a care function as a need', () => {
    const map = smallMap(
      { washer: null },
      {
        sterilisation: { needs: { need: 'h:washer' } },
        theatre: { needs: { need: 'sterilisation', graceSeconds: 86400 } },
      },
    );
    const found = whatIf(map, down('h:washer'));
    expect(found.get('theatre')).toMatchObject({ supply: 'lost', lostAfterSeconds: 86400, because: ['washer'] });
  });

  it('follows a chain of 20,000 needs', () => {
    const chain: { [id: string]: string | null } = { c0: null };
    for (let i = 1; i < 20_000; i += 1) chain[`c${i}`] = `c${i - 1}`;
    expect(whatIf(smallMap(chain, care({ need: 'c19999' })), down('c0')).get('care')?.because).toEqual(['c0']);
  });
});

// A second, naive definition of the same thing: no signals, no intervals of time, instants looked at one by one.
type Range = [number, number];
const naive = (map: ReturnType<typeof smallMap>, histories: Map<string, History>, instants: number[]) => {
  const components = new Map(map.components.map((one) => [one.id, one]));
  const range = (state: ComponentState): Range =>
    state === 'up' ? [2, 2] : state === 'degraded' ? [1, 1] : state === 'unknown' ? [0, 2] : [0, 0];
  const nth = (k: number, values: number[]) => values.toSorted((a, b) => b - a)[k - 1] ?? 0;
  const need = (one: Need, t: number): Range => {
    if ('need' in one) {
      const grace = (one.graceSeconds ?? 0) * 1000;
      const seen = instants.filter((s) => s >= t - grace && s <= t).map((s) => thing(one.need, s));
      // What held when the window opened counts too, unless the window opens exactly at a change.
      if (grace > 0) seen.push(thing(one.need, t - grace + 0.5));
      else seen.push(thing(one.need, t));
      return [Math.max(...seen.map(([l]) => l)), Math.max(...seen.map(([, h]) => h))];
    }
    const parts = ('all' in one ? one.all : 'any' in one ? one.any : one.of).map((part) => need(part, t));
    const k = 'all' in one ? parts.length : 'any' in one ? 1 : one.atLeast;
    return [
      nth(
        k,
        parts.map(([l]) => l),
      ),
      nth(
        k,
        parts.map(([, h]) => h),
      ),
    ];
  };
  const known = new Map<string, Range>();
  const thing = (id: string, t: number): Range => {
    const key = `${id} ${t}`;
    const value = known.get(key) ?? thingAt(id, t);
    known.set(key, value);
    return value;
  };
  const thingAt = (id: string, t: number): Range => {
    const last = (histories.get(id) ?? []).filter(({ at }) => at <= t).at(-1);
    const own = range(last?.to ?? 'unknown');
    const needs = components.get(id)?.needs;
    if (needs === undefined) return own;
    const below = need(needs, t);
    return [Math.min(own[0], below[1]), Math.min(own[1], below[1])];
  };
  return { need, thing };
};

const anyNeed = (names: string[]): fc.Arbitrary<Need> => {
  const leaf = fc.record({ need: fc.constantFrom(...names), graceSeconds: fc.constantFrom(0, 0, 3, 7) });
  const few = fc.array(leaf, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    leaf,
    few.map((all) => ({ all })),
    few.map((any) => ({ any })),
    few.chain((of) => fc.integer({ min: 1, max: of.length }).map((k) => ({ atLeast: k, of }))),
    fc.tuple(few, leaf).map(([any, one]) => ({ all: [{ any }, one] })),
  );
};
const size = 5;
const names = Array.from({ length: size }, (_, i) => `c${i}`);
const anyCase = fc.record({
  needs: fc.tuple(...names.slice(1).map((_, i) => fc.option(anyNeed(names.slice(0, i + 1))))),
  top: anyNeed(names),
  histories: fc.array(
    fc.array(fc.record({ step: fc.integer({ min: 1, max: 6 }), to: fc.constantFrom(...componentStates) }), {
      maxLength: 4,
    }),
    { minLength: size, maxLength: size },
  ),
});
const built = ({ needs, top, histories }: typeof anyCase extends fc.Arbitrary<infer T> ? T : never) => {
  const components = Object.fromEntries(names.map((name, i) => [name, i === 0 ? null : (needs[i - 1] ?? null)]));
  const told = new Map(
    names.map((name, i): [string, History] => {
      let at = 0;
      const history = (histories[i] ?? []).map(({ step, to }) => {
        at += step;
        return { at: at * 1000, to };
      });
      return [name, history];
    }),
  );
  return { map: smallMap(components, care(top)), top, told };
};

describe('supplies over time', () => {
  const seconds = Array.from({ length: 60 }, (_, i) => i * 1000);

  it('agree with the naive definition at every second', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { map, top, told } = built(one);
        const supplies = suppliesOver(compile(map), told, 'unknown');
        const reference = naive(map, told, seconds);
        for (const t of seconds) {
          const value = levelAt(supplies.of('care'), t);
          expect([low(value), high(value)]).toEqual(reference.need(top, t));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never get better because something got worse', () => {
    const rank: { [state in ComponentState]: Range } = {
      up: [2, 2],
      degraded: [1, 1],
      unknown: [0, 2],
      down: [0, 0],
      isolated: [0, 0],
      restoring: [0, 0],
    };
    fc.assert(
      fc.property(
        anyCase,
        fc.nat(size - 1),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(...componentStates),
        (one, which, at, to) => {
          const { map, told } = built(one);
          const name = names[which] ?? 'c0';
          const before = told.get(name) ?? [];
          // From that instant on, nothing but the worse of what was and what is said now.
          const below = (a: ComponentState, b: ComponentState) => rank[a][0] <= rank[b][0] && rank[a][1] <= rank[b][1];
          const worse = (state: ComponentState) => (below(state, to) ? state : below(to, state) ? to : 'down');
          const last = before.filter((h) => h.at <= at * 1000).at(-1)?.to ?? 'unknown';
          const after: History = [
            ...before.filter((h) => h.at < at * 1000),
            { at: at * 1000, to: worse(last) },
            ...before.filter((h) => h.at > at * 1000).map((h) => ({ at: h.at, to: worse(h.to) })),
          ];
          const compiled = compile(map);
          const was = suppliesOver(compiled, told, 'unknown').of('care');
          const is = suppliesOver(compiled, new Map(told).set(name, after), 'unknown').of('care');
          for (const t of seconds) {
            expect(low(levelAt(is, t))).toBeLessThanOrEqual(low(levelAt(was, t)));
            expect(high(levelAt(is, t))).toBeLessThanOrEqual(high(levelAt(was, t)));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keep every completion of the unknown inside what they say', () => {
    const leaves = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(
        anyNeed(leaves),
        fc.array(fc.constantFrom(...componentStates), { minLength: 4, maxLength: 4 }),
        fc.array(fc.constantFrom<ComponentState>('up', 'degraded', 'down'), { minLength: 4, maxLength: 4 }),
        (top, states, completion) => {
          const map = compile(smallMap(Object.fromEntries(leaves.map((leaf) => [leaf, null])), care(top)));
          const supply = (list: ComponentState[]) =>
            levelAt(
              suppliesOver(map, new Map(leaves.map((leaf, i) => [leaf, [{ at: 0, to: list[i] ?? 'up' }]])), 'up').of(
                'care',
              ),
              1e9,
            );
          const said = supply(states);
          const true_ = supply(states.map((state, i) => (state === 'unknown' ? (completion[i] ?? 'up') : state)));
          expect(low(true_)).toBeGreaterThanOrEqual(low(said));
          expect(high(true_)).toBeLessThanOrEqual(high(said));
        },
      ),
    );
  });

  it('come back to a ring when what took one of it away is over', () => {
    const map = compile({
      ...smallMap({ a: { need: 'b', graceSeconds: 2 }, b: 'a' }, care({ need: 'b' })),
      startTogether: [{ id: 'pair', name: { fr: 'Paire' }, members: ['a', 'b'] }],
    });
    const told = new Map<string, History>([
      [
        'a',
        [
          { at: 0, to: 'up' },
          { at: 5_000, to: 'down' },
          { at: 10_000, to: 'up' },
        ],
      ],
      [
        'b',
        [
          { at: 0, to: 'up' },
          { at: 20_000, to: 'down' },
        ],
      ],
    ]);
    const supplies = suppliesOver(map, told, 'unknown');
    const seen = (id: string) =>
      [1_000, 5_000, 9_999, 10_000, 21_999, 22_000].map((t) => high(levelAt(supplies.of(id), t)));
    expect(seen('b')).toEqual([2, 0, 0, 2, 0, 0]);
    expect(seen('a')).toEqual([2, 0, 0, 2, 2, 0]);
  });

  it('let a late report correct what was believed since the real time of loss', () => {
    const map = compile(smallMap({ a: null }, care({ need: 'a' })));
    const told = new Map<string, History>([
      [
        'a',
        [
          { at: 0, to: 'up' },
          { at: 10_000, to: 'unknown' },
          { at: 5_000, to: 'down' },
        ],
      ],
    ]);
    const signal = suppliesOver(map, told, 'unknown').of('care');
    expect([4_000, 5_000, 11_000].map((t) => high(levelAt(signal, t)))).toEqual([2, 0, 0]);
  });
});
