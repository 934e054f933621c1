import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import type { HospitalMap, Need } from '../model.ts';
import { usualBounds, weakPoints } from './weakPoints.ts';

type Components = HospitalMap['components'];
const need = (id: string): Need => ({ need: id });
const component = (id: string, needs?: Need, more: Partial<Components[number]> = {}): Components[number] => ({
  id,
  kind: 'server',
  name: { fr: id },
  ...(needs === undefined ? {} : { needs }),
  ...more,
});

function mapOf(needs: Need, components: Components, more: Partial<HospitalMap> = {}) {
  return compile({
    version: 1,
    establishment: { id: 'h', name: { fr: 'H' }, timeZone: 'Europe/Paris' },
    sites: [{ id: 's', name: { fr: 'S' } }],
    wards: [{ id: 'w', name: { fr: 'W' }, site: 's', accessPoints: [] }],
    suppliers: [],
    contracts: [],
    teams: [],
    careFunctions: [
      {
        id: 'care',
        name: { fr: 'Soin' },
        tier: 1,
        weight: 1,
        calendar: 'always',
        mtpdSeconds: 60,
        rtoSeconds: 60,
        wards: ['w'],
        needs,
      },
    ],
    components,
    startTogether: [],
    ...more,
  });
}
const found = (...args: Parameters<typeof mapOf>) => weakPoints(mapOf(...args), { ...usualBounds, seconds: () => 0 });

describe('weak points of a map', () => {
  it('shows a UPS hidden under both sides of a redundant need', () => {
    const { singlePoints, trees, falls } = found({ any: [need('a'), need('b')] }, [
      component('ups'),
      component('pdu-a', need('ups')),
      component('pdu-b', need('ups')),
      component('a', need('pdu-a')),
      component('b', need('pdu-b')),
    ]);
    expect(singlePoints).toEqual(['ups']);
    expect(falls).toEqual([{ id: 'ups', careFunctions: ['care'] }]);
    expect(trees[0]).toMatchObject({
      top: 'care',
      definition: 'minimal cut sets',
      minimalCutSets: { total: '5', byOrder: { 1: 1, 2: 4 }, completeUpTo: null, notListed: '0' },
      topProbability: null,
      withoutRate: 5,
      importanceMeasure: 'structural',
    });
    expect(trees[0]?.minimalCutSets.listed).toContainEqual(['pdu-a', 'b']);
    expect(trees[0]?.importance[0]?.id).toBe('ups');
  });

  it('counts two of three, and gives their probability from sourced rates only', () => {
    // λτ = 1: each is down half of the time.
    const reliability = { failuresPerYear: 365.25, repairSeconds: 86_400, source: 'carnet' };
    const parts = ['a', 'b', 'c'];
    const needs: Need = { atLeast: 2, of: parts.map(need) };
    const [tree] = found(
      needs,
      parts.map((id) => component(id, undefined, { reliability })),
    ).trees;
    expect(tree?.minimalCutSets.byOrder).toEqual({ 2: 3 });
    expect(tree?.topProbability).toBeCloseTo(0.5, 12);
    expect(tree?.importance[0]).toMatchObject({ birnbaum: 0.5, fussellVesely: 0.5 });
    const [unsourced] = found(needs, [
      component('a', undefined, { reliability }),
      component('b', undefined, { reliability }),
      component('c'),
    ]).trees;
    expect(unsourced).toMatchObject({ topProbability: null, withoutRate: 1, importanceMeasure: 'structural' });
  });

  it('takes a need of more than there are as lost from the start', () => {
    const { trees, singlePoints } = found({ atLeast: 3, of: [need('a'), need('b')] }, [component('a'), component('b')]);
    expect(trees[0]?.minimalCutSets).toMatchObject({ total: '1', byOrder: { 0: 1 }, listed: [[]] });
    expect(singlePoints).toEqual([]);
  });

  it('settles things started together at once: a ring is lost by what is below it or by a member the others need', () => {
    const ring = { startTogether: [{ id: 'pair', name: { fr: 'Paire' }, members: ['x', 'y'] }] };
    const { trees } = found(
      { any: [need('x'), need('z')] },
      [
        component('power'),
        component('x', need('y')),
        component('y', { all: [need('x'), need('power')] }),
        component('z', need('power')),
      ],
      ring,
    );
    expect(trees[0]?.minimalCutSets.listed).toEqual([['power'], ['x', 'z'], ['y', 'z']]);
  });

  it('tells what falls with each supplier, all its components down at once', () => {
    const { suppliers, singlePoints } = found(
      { any: [need('a'), need('b')] },
      [
        component('a', undefined, { supplier: 'host' }),
        component('b', undefined, { supplier: 'host' }),
        component('c', undefined, { supplier: 'other' }),
      ],
      {
        suppliers: [
          { id: 'host', name: 'Hôte' },
          { id: 'other', name: 'Autre' },
        ],
      },
    );
    expect(suppliers).toEqual([
      { id: 'host', components: 2, careFunctions: ['care'] },
      { id: 'other', components: 1, careFunctions: [] },
    ]);
    expect(singlePoints).toEqual([]);
  });

  it('says where it stopped, and keeps the single points', () => {
    const needs: Need = { any: [need('a'), need('b'), need('c')] };
    const components = ['a', 'b', 'c'].map((id) => component(id, need('ups')));
    const { trees, singlePoints } = weakPoints(mapOf(needs, [...components, component('ups')]), {
      ...usualBounds,
      nodesMax: 2,
      seconds: () => 0,
    });
    expect(trees[0]).toMatchObject({
      minimalCutSets: { completeUpTo: 0, stopped: true },
      topProbability: null,
      importanceMeasure: null,
    });
    expect(singlePoints).toEqual(['ups']);
  });
});
