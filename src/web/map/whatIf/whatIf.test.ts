import { describe, expect, it } from 'vitest';
import { map } from '../../fixtures/map.ts';
import { failingPath } from './failingPath.ts';
import { hypothesisIn, stopsOf, supposing, toggled, withHypothesis } from './hypothesis.ts';

describe('the address of a what-if', () => {
  it('holds all of it, and leaves the rest of the address alone', () => {
    const asked = { stopped: ['gh:ups-a', 'site:gh:nord'], afterSeconds: 900, rest: 'up' as const };
    const params = withHypothesis(new URLSearchParams('at=gh:bloc'), asked);
    expect(params.get('at')).toBe('gh:bloc');
    expect(hypothesisIn(new URLSearchParams(params.toString()))).toEqual(asked);
    expect(withHypothesis(params, null).toString()).toBe('at=gh%3Abloc');
    expect(hypothesisIn(new URLSearchParams('at=x'))).toBeNull();
    expect(hypothesisIn(new URLSearchParams(supposing('a', 'b')))?.stopped).toEqual(['a', 'b']);
  });
  it('is read with nonsense in it', () => {
    expect(hypothesisIn(new URLSearchParams('stop=,,a&after=-3&rest=maybe'))).toEqual({
      stopped: ['a'],
      afterSeconds: null,
      rest: 'asSeen',
    });
    expect(hypothesisIn(new URLSearchParams('stop=&after=soon'))?.afterSeconds).toBeNull();
  });
  it('takes in and lets go', () => {
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['b'], 'a')).toEqual(['b', 'a']);
  });
});

describe('the stops of the time slider', () => {
  it('are the usual lengths and each loss, in order, then the end', () => {
    expect(stopsOf([null, 840, 0, 840])).toEqual([0, 840, 900, 3_600, 28_800, 86_400, null]);
  });
  it('are bounded, however many losses there are', () => {
    const stops = stopsOf(Array.from({ length: 500 }, (_, i) => i * 7));
    expect(stops.length).toBeLessThanOrEqual(30);
    expect(stops.at(-1)).toBeNull();
    expect(stops).toContain(86_400);
  });
});

describe('why a care function is lost, as a path', () => {
  it('goes through what is not well, from the function to the root, and through nothing else', () => {
    const path = failingPath(map, 'gh:laboratoire', ['gh:power-north']);
    for (const id of ['gh:laboratoire', 'gh:lis', 'gh:vm-a', 'gh:ups-a', 'gh:power-north']) expect(path).toContain(id);
    for (const id of ['gh:core', 'gh:directory', 'gh:ehr', 'gh:prescription']) expect(path).not.toContain(id);
  });
  it('is the function alone where nothing is known at its root', () => {
    expect([...failingPath(map, 'gh:laboratoire', [])]).toEqual(['gh:laboratoire']);
  });
});
