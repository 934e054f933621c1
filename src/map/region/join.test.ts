import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { smallMap } from '../fixture.ts';
import type { HospitalMap, Need } from '../model.ts';
import { whatIf } from '../whatIf.ts';
import { joinMaps } from './join.ts';

const region = { id: 'idf', name: { fr: 'Région' }, timeZone: 'Europe/Paris' };
const mapOf = (id: string, components: { [id: string]: Need | string | null }, care?: string): HospitalMap => {
  const map = smallMap(components, care === undefined ? {} : { care: { needs: { need: care } } });
  return { ...map, establishment: { ...map.establishment, id } };
};
const host = { file: 'host.yaml', map: mapOf('host', { power: null, hall: 'power' }) };
const joined = (...parts: { file: string; map: HospitalMap }[]) => joinMaps(region, parts);
const codes = (...parts: { file: string; map: HospitalMap }[]) =>
  joined(...parts).problems.map(({ code, severity, file }) => `${severity} ${code} ${file}`);

describe('maps of several owners', () => {
  it('are one map, where the same bare id of two owners is two things and a shared host one', () => {
    const one = { file: 'one', map: mapOf('gh1', { server: 'host:hall' }, 'server') };
    const two = { file: 'two', map: mapOf('gh2', { server: null, relay: 'gh1:server' }, 'server') };
    const { document, problems } = joined(host, one, two);
    expect(problems).toEqual([]);
    expect(document?.components.map(({ id }) => id)).toEqual([
      'host:power',
      'host:hall',
      'gh1:server',
      'gh2:server',
      'gh2:relay',
    ]);
    const map = compile(document ?? (region as never));
    const found = whatIf(map, ['host:power'], { at: 0 });
    expect(found.ok && found.value.careFunctions.map(({ id, state, because }) => [id, state, because])).toEqual([
      ['gh1:care', 'lost', ['host:power']],
      ['gh2:care', 'served', []],
    ]);
    expect(whatIf(map, ['supplier:host'], { at: 0 })).toMatchObject({ value: { down: ['host:power', 'host:hall'] } });
  });

  it('are refused where two claim one owner, naming both files', () => {
    const again = { file: 'again.yaml', map: mapOf('host', { other: null }) };
    const { document, problems } = joined(host, again);
    expect(document).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'owner-twice', severity: 'error', file: 'again.yaml' }]);
    expect(problems[0]?.message).toContain('host.yaml');
    expect(codes({ file: 'x', map: mapOf('idf', {}) })).toEqual(['error owner-twice x']);
  });

  it('take the owner’s own description before another’s sketch, and say where they differ', () => {
    const same = { file: 'same', map: mapOf('gh1', { 'host:hall': null, server: 'host:hall' }) };
    expect(codes(same, host)).toEqual([]);
    const other = { file: 'other', map: mapOf('gh1', { ups: null, 'host:hall': 'ups', server: 'host:hall' }) };
    expect(codes(other, host)).toEqual(['warning described-otherwise other']);
    expect(joined(other, host).document?.components.find(({ id }) => id === 'host:hall')?.needs).toEqual({
      need: 'host:power',
    });
  });

  it('refuse what the owner does not have, sketches that disagree, and what nobody describes', () => {
    const wrong = { file: 'wrong', map: mapOf('gh1', { 'host:attic': null }) };
    expect(codes(wrong, host)).toEqual(['error unknown-to-owner wrong']);
    const one = { file: 'one', map: mapOf('gh1', { ups: null, 'acme:cloud': 'ups' }) };
    const two = { file: 'two', map: mapOf('gh2', { ups: null, 'acme:cloud': 'ups' }) };
    expect(codes(one, two)).toEqual(['error described-twice two']);
    expect(joined(one, two).problems[0]?.message).toContain('two and one describe `acme:cloud` differently (needs)');
    const lonely = { file: 'lonely', map: mapOf('gh3', { server: 'host:cellar' }) };
    expect(codes(host, lonely)).toEqual(['error unknown-reference lonely']);
  });

  it('show a ring of needs that goes through several owners', () => {
    const one = { file: 'one', map: mapOf('gh1', { a: 'gh2:b' }) };
    const two = { file: 'two', map: mapOf('gh2', { b: 'gh1:a' }) };
    const [problem] = joined(one, two).problems;
    expect(problem).toMatchObject({ code: 'needs-itself', file: 'one' });
    expect(problem?.message).toContain('`gh1:a` needs `gh2:b` needs `gh1:a`');
  });

  it('warn where hours of need are of another time zone', () => {
    const far = mapOf('gh1', {});
    expect(
      codes({ file: 'far', map: { ...far, establishment: { ...far.establishment, timeZone: 'Indian/Reunion' } } }),
    ).toEqual(['warning other-time-zone far']);
  });
});
