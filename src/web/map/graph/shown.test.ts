import { describe, expect, it } from 'vitest';
import type { MapEdge, MapNode } from './nodes.ts';
import { pilesOf, shownOf, statesOf, worstOf } from './shown.ts';

const node = (id: string, kind: MapNode['kind'], site: string | null, state: MapNode['state'] = 'up'): MapNode => ({
  id,
  kind,
  name: { fr: id },
  site,
  supplier: null,
  tier: null,
  state,
  since: null,
  code: null,
  confirmed: null,
  restorable: false,
});
const by = { by: 'A. Martin', on: '2026-01-01' };
const edge = (from: string, to: string, more: Partial<MapEdge> = {}): MapEdge => ({
  from,
  to,
  need: 'all',
  group: null,
  graceSeconds: null,
  confirmed: by,
  because: null,
  ...more,
});

const nodes = [
  node('care', 'careFunction', null),
  node('a1', 'server', 'a'),
  node('a2', 'virtualMachine', 'a', 'unknown'),
  node('b1', 'server', 'b', 'down'),
];
const edges = [
  edge('care', 'a1', { need: 'any', group: 'any-1 1/2', confirmed: null }),
  edge('care', 'a2', { need: 'any', group: 'any-1 1/2' }),
  edge('a1', 'b1'),
  edge('a2', 'b1', { confirmed: null, because: 'same name' }),
];
const folding = (folded: string[], bySite = true, only?: string[]) =>
  shownOf({ nodes, edges }, { bySite, folded: new Set(folded), only: only === undefined ? undefined : new Set(only) });

describe('what is drawn of a map', () => {
  it('is everything while nothing is folded, with links as sure as people made them', () => {
    const { things, links } = folding([]);
    expect(things.map(({ id }) => id)).toEqual(['care', 'a1', 'a2', 'b1']);
    expect(links.map(({ sureness }) => sureness)).toEqual(['unconfirmed', 'confirmed', 'confirmed', 'proposed']);
    expect(links[0]?.alternative).toBe('1/2');
  });
  it('is one box for a folded pile, whose links are joined and as sure as the surest', () => {
    const { things, links, boxOf } = folding(['a|servers']);
    expect(things.map(({ id, kind }) => [id, kind])).toEqual([
      ['care', 'element'],
      ['a|servers', 'pile'],
      ['b1', 'element'],
    ]);
    expect(links).toEqual([
      { from: 0, to: 1, sureness: 'confirmed', alternative: '1/2', count: 2 },
      { from: 1, to: 2, sureness: 'confirmed', alternative: null, count: 2 },
    ]);
    expect([...boxOf]).toEqual([0, 1, 1, 2]);
  });
  it('joins sites where the picture is not told apart by site, and folds no pile of one', () => {
    expect(folding(['|servers'], false).things).toHaveLength(2);
    expect(folding(['b|servers']).things.map(({ id }) => id)).toContain('b1');
    expect(pilesOf(nodes, true).map(({ key }) => key)).toEqual(['|care', 'a|servers', 'b|servers']);
  });
  it('leaves out what was not asked for, and links to things that are not on the map', () => {
    const { things, links } = folding([], true, ['care', 'a1']);
    expect(things).toHaveLength(2);
    expect(links).toHaveLength(1);
    expect(shownOf({ nodes, edges: [edge('care', 'gone')] }, { bySite: false, folded: new Set() }).links).toEqual([]);
  });
});

describe('what a pile says', () => {
  it('is its worst, and an element nobody watches keeps it from looking fine', () => {
    const [, a] = pilesOf(nodes, true);
    const counts = a === undefined ? new Map() : statesOf(a, (at) => nodes[at]?.state ?? 'unknown');
    expect(worstOf(counts)).toBe('unknown');
    expect(
      worstOf(
        new Map([
          ['up', 9],
          ['down', 1],
          ['unknown', 3],
        ]),
      ),
    ).toBe('down');
  });
});
