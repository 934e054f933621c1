import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { smallMap } from './fixture.ts';
import type { ComponentState, HospitalMap } from './model.ts';
import { type WhatIf, whatIf } from './whatIf.ts';

/** A Saturday, 11:00 in Paris. */
const at = Date.parse('2024-08-03T09:00:00Z');
const asked = (map: HospitalMap, down: string[], more: { afterSeconds?: number } = {}): WhatIf => {
  const found = whatIf(compile(map), down, { at, ...more });
  if (!found.ok) throw new Error(found.refusal.message);
  return found.value;
};
const care = (of: WhatIf) => of.careFunctions[0];

describe('what if', () => {
  it('says in how long care is lost, and what would keep it', () => {
    const map = smallMap(
      { 'ups-a': null, 'ups-b': null, server: { any: [{ need: 'ups-a', graceSeconds: 840 }, { need: 'ups-b' }] } },
      { care: { needs: { need: 'server' } } },
    );
    expect(care(asked(map, ['ups-a', 'ups-b']))).toEqual({
      id: 'care',
      state: 'lost',
      lostAfterSeconds: 840,
      because: ['ups-a', 'ups-b'],
      redundancyLost: false,
      enough: ['ups-a', 'ups-b'],
      unless: [['ups-a'], ['ups-b']],
      back: { low: 840, high: null },
    });
    expect(care(asked(map, ['ups-a', 'ups-b'], { afterSeconds: 600 }))).toMatchObject({
      state: 'served',
      lostAfterSeconds: 840,
      unless: [['ups-a'], ['ups-b']],
    });
    expect(care(asked(map, ['ups-a']))).toMatchObject({ state: 'served', redundancyLost: true, unless: [] });
  });

  it('needs both parents back where it needs both: one coming back changes nothing', () => {
    const map = smallMap(
      { a: null, b: null, child: { all: [{ need: 'a' }, { need: 'b' }] } },
      { care: { needs: { need: 'child' } } },
    );
    expect(care(asked(map, ['a', 'b']))).toMatchObject({ enough: ['a'], unless: [['a', 'b']] });
    expect(care(asked(map, ['b']))).toMatchObject({ state: 'lost', unless: [['b']] });
    expect(care(asked(map, []))).toMatchObject({ state: 'served', unless: [] });
  });

  it('names the hidden UPS under both sides, and not the sides', () => {
    const map = smallMap(
      { ups: null, a: 'ups', b: 'ups', app: { any: [{ need: 'a' }, { need: 'b' }] } },
      { care: { needs: { need: 'app' } } },
    );
    expect(care(asked(map, ['ups', 'a', 'b']))).toMatchObject({ because: ['ups'], enough: ['ups'], unless: [['ups']] });
  });

  it('asks back what was lost before what it needs, not with it alone', () => {
    const map = smallMap(
      { power: null, hall: { need: 'power', graceSeconds: 720 }, bay: 'hall' },
      { care: { needs: { need: 'bay' } } },
    );
    expect(care(asked(map, ['power', 'bay']))).toMatchObject({ lostAfterSeconds: 0, unless: [['power', 'bay']] });
    expect(care(asked(map, ['hall', 'bay']))).toMatchObject({ lostAfterSeconds: 0, unless: [['hall']] });
  });

  it('takes whole suppliers and sites', () => {
    const map = smallMap({ 'host:vm': null, link: null, here: null }, { care: { needs: { need: 'host:vm' } } });
    const [vm, link, here] = map.components;
    if (vm === undefined || link === undefined || here === undefined) throw new Error('not the map');
    const placed = { ...map, components: [vm, { ...link, supplier: 'host' }, { ...here, site: 'main' }] };
    expect(asked(placed, ['supplier:host']).down).toEqual(['host:vm', 'link']);
    expect(asked(placed, ['site:main', 'here']).down).toEqual(['here']);
    const refused = whatIf(compile(map), ['supplier:hots'], { at });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'component-unknown', where: 'supplier:hots' } });
  });

  it('never shows as fine what nobody said anything of', () => {
    const map = smallMap({ a: null }, { care: { needs: { need: 'a' } }, other: { needs: { need: 'a' } } });
    const [, other] = map.careFunctions;
    if (other === undefined) throw new Error('not the map');
    const { needs: _, ...bare } = other;
    const found = asked({ ...map, careFunctions: [bare] }, []);
    expect(care(found)).toMatchObject({ state: 'unknown', lostAfterSeconds: null, because: [] });
    expect(found.careGap).toMatchObject({ byTier: { '1': { low: 0, high: 1440 } }, unknownMinutes: 1440 });
  });

  it('starts from what is known now: what is lost already, what is unknown, graces that run', () => {
    const map = smallMap(
      { ups: null, server: { need: 'ups', graceSeconds: 600 }, b: null },
      { care: { needs: { all: [{ need: 'server' }, { need: 'b' }] } } },
    );
    const ask = (states: [string, ComponentState, number][], down: string[]) => {
      const told = new Map(states.map(([id, state, since]) => [id, { state, since }]));
      const found = whatIf(compile(map), down, { at, states: told, afterSeconds: 0 });
      return found.ok ? care(found.value) : undefined;
    };
    expect(ask([['server', 'up', 0]], [])).toMatchObject({ state: 'unknown', because: ['b'] });
    const seen: [string, ComponentState, number][] = [
      ['ups', 'down', at - 240_000],
      ['server', 'up', 0],
      ['b', 'up', 0],
    ];
    expect(ask(seen, [])).toMatchObject({ state: 'served', lostAfterSeconds: 360, unless: [['ups']] });
    expect(ask(seen, ['b'])).toMatchObject({ state: 'lost', because: ['b'], lostAfterSeconds: 0 });
  });

  it('is up in a ring unless something takes one of it away', () => {
    const ring = {
      ...smallMap(
        { power: null, a: { all: [{ need: 'b' }, { need: 'power' }] }, b: 'a' },
        { care: { needs: { need: 'b' } } },
      ),
      startTogether: [{ id: 'pair', name: { fr: 'Paire' }, members: ['a', 'b'] }],
    };
    expect(care(asked(ring, []))).toMatchObject({ state: 'served', because: [] });
    expect(care(asked(ring, ['power']))).toMatchObject({ state: 'lost', because: ['power'], unless: [['power']] });
    expect(care(asked(ring, ['a']))).toMatchObject({ state: 'lost', because: ['a'] });
    expect(asked(ring, ['a']).components.map(({ because }) => because)).toEqual([[], ['a'], ['a']]);
  });
});

const timed = (map: HospitalMap, returns: { [id: string]: number }): HospitalMap => ({
  ...map,
  components: map.components.map((one) => {
    const returnSeconds = returns[one.id];
    return returnSeconds === undefined ? one : { ...one, returnSeconds };
  }),
});

describe('the care gap of a what-if', () => {
  const mode = { name: { fr: 'Papier' }, holdSeconds: 8 * 3600, runsOutFirst: 'forms' as const, steps: [] };
  const office = { days: ['mon' as const], from: '08:00', to: '18:00' };

  it('is certain once the degraded mode runs out, possible from the loss, and none when care is not needed', () => {
    const map = smallMap(
      { ups: null, a: { need: 'ups', graceSeconds: 3600 } },
      {
        held: { needs: { need: 'a' }, weight: 2, degradedMode: mode },
        bare: { needs: { need: 'a' }, tier: 2 },
        closed: { needs: { need: 'a' }, tier: 3, calendar: office },
      },
    );
    const { careGap } = asked(timed(map, { ups: 2 * 86_400 }), ['ups']);
    expect(careGap).toEqual({
      byTier: {
        '1': { low: (23 - 8) * 60 * 2, high: 23 * 60 * 2 },
        '2': { low: 23 * 60, high: 23 * 60 },
        '3': { low: 0, high: 0 },
      },
      unknownMinutes: 0,
      horizonSeconds: 86_400,
    });
  });

  it('ends when things could be back by the times on record, one after the other; without one, it may not end', () => {
    const map = smallMap({ power: null, server: 'power', app: 'server' }, { care: { needs: { need: 'app' } } });
    const known = timed(map, { power: 3600, server: 1800, app: 1800 });
    expect(care(asked(known, ['power']))?.back).toEqual({ low: 7200, high: 7200 });
    expect(asked(known, ['power']).careGap.byTier['1']).toEqual({ low: 120, high: 120 });
    const partly = asked(timed(map, { power: 3600, app: 1800 }), ['power']);
    expect(care(partly)?.back).toEqual({ low: 5400, high: null });
    expect(partly.careGap.byTier['1']).toEqual({ low: 90, high: 1440 });
    const power = { seconds: 60, at: '2024-01-01T00:00:00Z', exercise: true };
    const measured = whatIf(compile(known), ['power'], { at, measured: { power } });
    expect(measured.ok && care(measured.value)?.back).toEqual({ low: 3660, high: 3660 });
  });

  it('counts from a loss that is past: its graces run since then', () => {
    const map = smallMap({ ups: null, app: { need: 'ups', graceSeconds: 600 } }, { care: { needs: { need: 'app' } } });
    const states = new Map([
      ['ups', { state: 'down' as const, since: at - 540_000 }],
      ['app', { state: 'up' as const, since: 0 }],
    ]);
    const found = whatIf(compile(timed(map, { ups: 3600, app: 60 })), [], { at, states });
    expect(found.ok && care(found.value)).toMatchObject({ lostAfterSeconds: 60, back: { low: 3660, high: 3660 } });
    expect(found.ok && found.value.careGap.byTier['1']).toEqual({ low: 60, high: 60 });
  });
});
