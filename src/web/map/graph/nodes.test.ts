import { describe, expect, it } from 'vitest';
import type { MapGraphView } from '../../../map/views.ts';
import { connected } from './nodes.ts';

const edge = (from: string, to: string): MapGraphView['edges'][number] => ({
  from,
  to,
  need: 'all',
  group: null,
  graceSeconds: null,
  confirmed: null,
  because: null,
});

describe('what hangs together on the map', () => {
  const edges = [edge('care', 'app'), edge('app', 'server'), edge('server', 'power'), edge('other', 'power')];
  it('follows needs down and dependents up, all the way', () => {
    const around = connected(edges, 'server');
    expect([...around.needs]).toEqual(['power']);
    expect([...around.neededBy].toSorted()).toEqual(['app', 'care']);
  });
  it('goes through no link that is only proposed', () => {
    const proposed = { ...edge('server', 'guess'), because: 'same name' };
    expect([...connected([...edges, proposed], 'server').needs]).toEqual(['power']);
  });
  it('ends on a cycle', () => {
    const around = connected([edge('a', 'b'), edge('b', 'a')], 'a');
    expect([...around.needs]).toEqual(['b']);
  });
});
