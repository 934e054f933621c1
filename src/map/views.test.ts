import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { noFacts } from './facts.ts';
import { smallMap } from './fixture.ts';
import { mapGraphView } from './views.ts';

const map = compile(
  smallMap(
    { ups: null, a: { need: 'ups', graceSeconds: 600 }, b: null, c: null },
    { care: { needs: { all: [{ any: [{ need: 'a' }, { need: 'b' }] }, { need: 'c' }] }, tier: 2 } },
  ),
);
const saw = (component: string, second: number, to: 'up' | 'down') => ({
  component,
  at: new Date(second * 1000).toISOString(),
  to,
  code: 'tcp-refused',
});

describe('the map as a graph', () => {
  it('has a node for everything, with its state at that instant', () => {
    const facts = {
      ...noFacts,
      transitions: [
        saw('ups', 0, 'up'),
        saw('a', 0, 'up'),
        saw('b', 0, 'down'),
        saw('c', 0, 'up'),
        saw('ups', 10, 'down'),
      ],
    };
    const states = (now: number) =>
      Object.fromEntries(mapGraphView(map, facts, { now: now * 1000 }).nodes.map(({ id, state }) => [id, state]));
    expect(states(60)).toEqual({ care: 'up', ups: 'down', a: 'up', b: 'down', c: 'up' });
    expect(states(700)).toMatchObject({ care: 'down', a: 'down' });
    const view = mapGraphView(map, facts, { document: 'sha256:1' });
    expect(view.document).toBe('sha256:1');
    expect(view.nodes.find(({ id }) => id === 'b')).toMatchObject({
      since: '1970-01-01T00:00:00.000Z',
      code: 'tcp-refused',
      kind: 'service',
      tier: null,
    });
    expect(view.nodes[0]).toMatchObject({ id: 'care', kind: 'careFunction', tier: 2, since: null });
  });

  it('is unknown, not up, before anything was seen', () => {
    expect(mapGraphView(map).nodes.every(({ state }) => state === 'unknown')).toBe(true);
  });

  it('tells alternatives apart from what must all be there', () => {
    expect(mapGraphView(map).edges).toEqual([
      { from: 'care', to: 'a', need: 'any', group: 'any-1 1/2', graceSeconds: null, confirmed: null, because: null },
      { from: 'care', to: 'b', need: 'any', group: 'any-1 1/2', graceSeconds: null, confirmed: null, because: null },
      { from: 'care', to: 'c', need: 'all', group: null, graceSeconds: null, confirmed: null, because: null },
      { from: 'a', to: 'ups', need: 'all', group: null, graceSeconds: 600, confirmed: null, because: null },
    ]);
    expect(mapGraphView(null)).toEqual({ document: null, sites: [], suppliers: [], nodes: [], edges: [] });
  });

  it('tells links a person confirmed from the others, and from those only proposed, which change nothing', () => {
    const document = smallMap({ a: { need: 'b' }, b: null, c: null }, { care: { needs: { need: 'a' } } });
    const by = { by: 'A. Martin', on: '2026-03-01' };
    document.components = document.components.map((one) =>
      one.id === 'a' ? { ...one, confirmed: by, proposed: [{ need: 'c', because: 'same name' }] } : one,
    );
    const view = mapGraphView(compile(document), { ...noFacts, transitions: [saw('c', 0, 'down')] });
    expect(view.edges).toMatchObject([
      { from: 'care', to: 'a', confirmed: null, because: null },
      { from: 'a', to: 'b', confirmed: by, because: null },
      { from: 'a', to: 'c', confirmed: null, because: 'same name' },
    ]);
    expect(view.nodes.find(({ id }) => id === 'a')?.state).not.toBe('down');
  });
});
