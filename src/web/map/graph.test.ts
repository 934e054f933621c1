import { describe, expect, it } from 'vitest';
import type { MapGraphView } from '../../map/views.ts';
import { connected, drawn, NODES_DRAWN } from './graph.ts';

const node = (id: string): MapGraphView['nodes'][number] => ({
  id,
  kind: 'server',
  name: { fr: id },
  site: null,
  supplier: null,
  tier: null,
  state: 'up',
  since: null,
  code: null,
  confirmed: null,
  restorable: false,
});
const edge = (from: string, to: string): MapGraphView['edges'][number] => ({
  from,
  to,
  need: 'all',
  group: null,
  graceSeconds: null,
});

describe('what hangs together on the map', () => {
  const edges = [edge('care', 'app'), edge('app', 'server'), edge('server', 'power'), edge('other', 'power')];
  it('follows needs down and dependents up, all the way', () => {
    const around = connected(edges, 'server');
    expect([...around.needs]).toEqual(['power']);
    expect([...around.neededBy].toSorted()).toEqual(['app', 'care']);
  });
  it('ends on a cycle', () => {
    const around = connected([edge('a', 'b'), edge('b', 'a')], 'a');
    expect([...around.needs]).toEqual(['b']);
  });
});

describe('what is drawn', () => {
  it('is the whole of a map people can read', () => {
    expect(drawn({ document: null, nodes: [node('a'), node('b')], edges: [edge('a', 'b')] }, null).nodes).toHaveLength(
      2,
    );
  });
  it('is what hangs together with the element chosen on a larger map, nearest first and no more than is read', () => {
    const nodes = Array.from({ length: NODES_DRAWN * 3 }, (_, index) => node(`n${index}`));
    const edges = nodes.slice(1).map((to, index) => edge(`n${index}`, to.id));
    const stranger = node('stranger');
    const shown = drawn({ document: null, nodes: [...nodes, stranger], edges }, 'n300');
    const ids = new Set(shown.nodes.map(({ id }) => id));
    expect(shown.nodes.length).toBeLessThanOrEqual(NODES_DRAWN);
    expect(ids.has('n300') && ids.has('n299') && ids.has('n301')).toBe(true);
    expect(ids.has('stranger') || ids.has('n0')).toBe(false);
    expect(shown.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  });
  it('is bounded where nothing is chosen on a very large one', () => {
    const nodes = Array.from({ length: NODES_DRAWN * 3 }, (_, index) => node(`n${index}`));
    const edges = nodes.slice(1).map((to, index) => edge(`n${index}`, to.id));
    expect(drawn({ document: null, nodes, edges }, null).nodes).toHaveLength(NODES_DRAWN);
  });
});
