import { describe, expect, it } from 'vitest';
import { smallMap } from '../fixture.ts';
import type { HospitalMap, Need } from '../model.ts';
import { GraphBuilder } from './build.ts';
import { Propagation } from './propagation.ts';

const owner = (id: string, components: { [id: string]: Need | string | null }, care?: Need): HospitalMap => {
  const map = smallMap(components, care === undefined ? {} : { care: { needs: care } });
  return { ...map, establishment: { ...map.establishment, id } };
};
const built = (...documents: HospitalMap[]) => {
  const builder = new GraphBuilder();
  for (const document of documents) builder.add(document);
  return builder.done();
};

describe('a graph of several owners', () => {
  it('is built document by document, in any order, whatever way references are written', () => {
    const host = owner('host', { hall: null });
    const one = owner('gh1', { 'gh1:server': 'host:hall' }, { need: 'server' });
    const two = owner('gh2', { 'host:hall': 'ups', ups: null, server: 'gh2:ups' }, { need: 'server' });
    for (const documents of [
      [host, one, two],
      [two, one, host],
    ]) {
      const graph = built(...documents);
      if (!graph.ok) throw new Error(graph.refusal.message);
      const { nodeOf, nameOf, size } = graph.value;
      // The host's own word on its hall counts, not what gh2 says of it.
      expect(Array.from({ length: size }, (_, node) => nameOf(node)).toSorted()).toEqual([
        'gh1:care',
        'gh1:server',
        'gh2:care',
        'gh2:server',
        'gh2:ups',
        'host:hall',
      ]);
      const propagation = new Propagation(graph.value, 'up');
      expect(propagation.set([{ node: nodeOf('host:hall') ?? -1, state: 'down' }])).toBe(3);
      const isThere = (name: string) => propagation.levelAt(nodeOf(name) ?? -1, 0) > 0;
      expect([isThere('gh1:care'), isThere('gh2:care')]).toEqual([false, true]);
    }
  });

  it('is refused where something is described twice, by nobody, or needs itself', () => {
    const code = (...documents: HospitalMap[]) => {
      const graph = built(...documents);
      return graph.ok ? 'built' : `${graph.refusal.code} ${graph.refusal.where}`;
    };
    expect(code(owner('a', { x: null }), owner('a', { x: null }))).toBe('duplicate-id a:x');
    expect(code(owner('a', { x: 'b:y' }), owner('b', { z: null }))).toBe('unknown-reference b:y');
    expect(code(owner('a', { x: 'x' }))).toBe('needs-itself a:x');
    const ring = owner('a', { x: 'y', y: 'x' });
    expect(code(ring)).toBe('needs-itself a:y');
    const startTogether = [{ id: 'g', name: { fr: 'g' }, members: ['x', 'a:y'] }];
    expect(code({ ...ring, startTogether })).toBe('built');
  });
});
