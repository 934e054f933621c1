import { describe, expect, it } from 'vitest';
import { applied } from '../change/apply.ts';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import type { CareFunction, Component, HospitalMap, Need } from '../model.ts';
import type { Fields, Imported, Told } from './imported.ts';
import { type Review, review } from './review.ts';

const told = (id: string, known: Fields = {}, section: Told['section'] = 'components'): Told => ({
  section,
  key: `tool:${id}`,
  id,
  name: id,
  known: { ...(section === 'components' ? { kind: 'server' } : {}), name: { fr: id }, ...known },
  otherwise: {},
  place: { file: 'dump', row: 1 },
});
const said = (things: Told[], isComplete = true): Imported => ({ from: 'tool', isComplete, things, problems: [] });
const needs = (...ids: string[]): Fields => ({
  needs: ids.length === 1 ? { need: `tool:${ids[0]}` } : { all: ids.map((id) => ({ need: `tool:${id}` })) },
});
const component = (id: string, more: Partial<Component> = {}): Component => ({
  id,
  kind: 'server',
  name: { fr: id },
  ...more,
});
const mapOf = (components: Component[], careFunctions: CareFunction[] = []): HospitalMap => ({
  ...smallMap({}, {}),
  components,
  careFunctions,
});
const care = (more: Partial<CareFunction>): CareFunction => {
  const [one] = smallMap({}, { care: { needs: { need: 'x' } } }).careFunctions;
  if (one === undefined) throw new Error('no care function');
  const { needs: _needs, ...rest } = one;
  return { ...rest, ...more };
};
const of = (map: HospitalMap, id: string) => map.components.find((one) => one.id === id);
const brief = ({ added, changed, removed, conflicts }: Review) => ({
  added: added.map(({ id }) => id),
  changed: changed.flatMap(({ id, fields }) => fields.map(({ field }) => `${id}.${field}`)),
  removed: removed.map(({ id }) => id),
  conflicts: conflicts.map(({ key, because }) => `${key} ${because}`),
});
const nothing = { added: [], changed: [], removed: [], conflicts: [] };
const first = said([told('app', { kind: 'application', ...needs('a', 'b') }), told('a'), told('b')]);

describe('the review of an import', () => {
  it('leads to the map it shows, by changes that can be applied to the map it saw', () => {
    const map = mapOf([component('ups')]);
    const found = review(map, first);
    expect(brief(found)).toEqual({ ...nothing, added: ['app', 'a', 'b'] });
    expect(applied(map, found.changes)).toEqual({ ok: true, value: found.map });
    expect(of(found.map, 'app')).toMatchObject({
      needs: { all: [{ need: 'a' }, { need: 'b' }] },
      origin: { from: 'tool', id: 'tool:app' },
    });
    expect(brief(review(found.map, first, { memory: found.memory }))).toEqual(nothing);
    expect(brief(review(found.map, first))).toEqual(nothing);
  });

  it('follows the tool where only the tool changed, and keeps what it does not know', () => {
    const { map, memory } = review(mapOf([]), first);
    const mine = { ...map, components: map.components.map((one) => ({ ...one, returnSeconds: 60 })) };
    const later = said([
      told('app', { kind: 'application', name: { fr: 'App' }, ...needs('a') }),
      told('a'),
      told('b'),
    ]);
    const found = review(mine, later, { memory });
    expect(brief(found)).toEqual({ ...nothing, changed: ['app.name', 'app.needs'] });
    expect(of(found.map, 'app')).toMatchObject({ name: { fr: 'App' }, needs: { need: 'a' }, returnSeconds: 60 });
  });

  it('shows both sides where a person changed it since, and follows the one that is chosen', () => {
    const { map, memory } = review(mapOf([]), first);
    const mine = {
      ...map,
      components: map.components.map((one) => (one.id === 'a' ? { ...one, name: { fr: 'Mine' } } : one)),
    };
    const found = review(mine, first, { memory });
    expect(found.conflicts).toMatchObject([
      { key: 'components/a/name', here: { fr: 'Mine' }, there: { fr: 'a' }, because: 'edited' },
    ]);
    expect(found.changes).toEqual([]);
    const chosen = review(mine, first, { memory, chosen: new Set(['components/a/name']) });
    expect(brief(chosen)).toEqual({ ...nothing, changed: ['a.name'] });
    expect(of(chosen.map, 'a')?.name).toEqual({ fr: 'a' });
    // Nobody remembers what the tool said: whose word it is cannot be told.
    expect(brief(review(mine, first)).conflicts).toEqual(['components/a/name otherwise']);
  });

  it('never takes a link that a person confirmed, nor brings back one that a person took off', () => {
    const { map, memory } = review(mapOf([]), first);
    const by = { by: 'Exploitation', on: '2026-01-20' };
    const withNeeds = (need: Need, more: Partial<Component> = {}) => ({
      ...map,
      components: map.components.map((one) => (one.id === 'app' ? { ...one, needs: need, ...more } : one)),
    });
    const both: Need = { all: [{ need: 'a', confirmed: by }, { need: 'b' }] };
    const fewer = said([told('app', { kind: 'application', ...needs('b') }), told('a'), told('b')]);
    expect(brief(review(withNeeds(both), fewer, { memory })).conflicts).toEqual(['components/app/needs edited']);
    const whole: Need = { all: [{ need: 'a' }, { need: 'b' }] };
    const found = review(withNeeds(whole, { confirmed: by }), fewer, { memory });
    expect(brief(found)).toEqual({ ...nothing, conflicts: ['components/app/needs confirmed'] });
    const off = review(withNeeds({ need: 'a' }), first, { memory });
    expect(brief(off).conflicts).toEqual(['components/app/needs edited']);
    expect(off.changes).toEqual([]);
  });

  it('adds the links of a second tool to those of the first, graces and redundancy untouched', () => {
    const now: Need = { all: [{ need: 'a', graceSeconds: 60 }, { any: [{ need: 'p' }, { need: 'q' }] }] };
    const map = mapOf([
      component('app', { needs: now }),
      component('a'),
      component('p'),
      component('q'),
      component('c'),
    ]);
    const found = review(map, said([told('app', needs('a', 'c')), told('a'), told('c')], false));
    expect(of(found.map, 'app')?.needs).toEqual({ all: [...now.all, { need: 'c' }] });
    // Where the map says that one of two is enough, the tool's plain link is another opinion.
    const other = review(map, said([told('app', needs('p')), told('p')], false));
    expect(brief(other).conflicts).toEqual(['components/app/needs otherwise']);
    expect(other.conflicts[0]?.there).toEqual({ all: [{ need: 'a', graceSeconds: 60 }, { need: 'p' }] });
  });

  it('takes off what the tool does not tell of any more, but not what is still relied on', () => {
    const { map, memory } = review(mapOf([component('own', {})]), first);
    const gone = review(map, said([told('app', { kind: 'application', ...needs('a') }), told('a')]), { memory });
    expect(brief(gone)).toEqual({ ...nothing, changed: ['app.needs'], removed: ['b'] });
    expect(applied(map, gone.changes)).toEqual({ ok: true, value: gone.map });
    const relying: HospitalMap = {
      ...map,
      components: map.components.map((one) => (one.id === 'own' ? { ...one, needs: { need: 'b' } } : one)),
    };
    const less = said([told('app', { kind: 'application', ...needs('a') }), told('a')]);
    const kept = review(relying, less, { memory });
    expect(kept.conflicts).toMatchObject([{ key: 'components/b/removed', because: 'still-used', usedBy: ['own'] }]);
    const chosen = review(relying, less, { memory, chosen: new Set(['components/b/removed']) });
    expect(chosen.removed.map(({ id }) => id)).toEqual(['b']);
    expect(of(chosen.map, 'own')?.needs).toBeUndefined();
    expect(mapProblems(chosen.map)).toEqual([]);
    // A file that is not all the tool knows says nothing of what is not in it.
    expect(brief(review(map, { ...less, isComplete: false }, { memory })).removed).toEqual([]);
  });

  it('names both of two with one identifier, keeps the first, and gives two of one name an id each', () => {
    const twice = [
      told('a'),
      { ...told('a', { name: { fr: 'other' } }), name: 'other', place: { file: 'dump', row: 9 } },
    ];
    const found = review(mapOf([]), said(twice));
    expect(brief(found).added).toEqual(['a']);
    expect(found.problems).toMatchObject([{ code: 'duplicate-identifier', row: 9 }]);
    expect(found.problems[0]?.message).toMatch(/`a` at dump:1 .* `other` at dump:9/);
    const alike = [told('a'), { ...told('a'), key: 'tool:2' }];
    const two = review(mapOf([]), said(alike));
    expect(brief(two).added).toEqual(['a', 'a-2']);
    expect(brief(review(two.map, said(alike.toReversed()), { memory: two.memory }))).toEqual(nothing);
  });

  it('finds things by origin, then id, then the only one of the name and kind, accents and case aside', () => {
    const map = mapOf([
      component('x', { name: { fr: 'Renommé' }, origin: { from: 'tool', id: 'tool:a' } }),
      component('y', { name: { fr: 'Réseau Nord' } }),
      component('z', { name: { fr: 'Baie' }, kind: 'storage' }),
    ]);
    const found = review(map, said([told('a'), told('RESEAU-NORD'), told('baie')], false));
    expect(found.memory.things.components).toMatchObject({ 'tool:a': { id: 'x' }, 'tool:RESEAU-NORD': { id: 'y' } });
    // Another kind of thing of the same name is another thing.
    expect(brief(found).added).toEqual(['baie']);
  });

  it('makes a proposal of the link that would close a ring, and says so', () => {
    const found = review(mapOf([component('ups')]), said([told('a', needs('b')), told('b', needs('a'))]));
    expect(mapProblems(found.map)).toEqual([]);
    expect(found.problems).toMatchObject([{ code: 'needs-itself' }]);
    expect(found.map.components.filter(({ proposed }) => proposed !== undefined)).toHaveLength(1);
    expect(
      brief(review(found.map, said([told('a', needs('b')), told('b', needs('a'))]), { memory: found.memory })),
    ).toEqual(nothing);
  });

  it('leaves the rank and weight that somebody signed, and replaces what was a proposal only', () => {
    const signed = mapOf([], [care({ signedBy: 'CME' })]);
    const known = { name: { fr: 'care' }, tier: 2, mtpdSeconds: 60 };
    const found = review(signed, said([told('care', known, 'careFunctions')]));
    expect(brief(found).conflicts).toEqual([
      'careFunctions/care/tier confirmed',
      'careFunctions/care/mtpdSeconds otherwise',
    ]);
    const proposed = mapOf([], [care({ toConfirm: ['tier', 'mtpdSeconds'] })]);
    expect(brief(review(proposed, said([told('care', known, 'careFunctions')])))).toEqual({
      ...nothing,
      changed: ['care.tier', 'care.mtpdSeconds'],
    });
    const made = review(mapOf([]), said([told('care', { name: { fr: 'Soin' } }, 'careFunctions')]));
    expect(made.map.careFunctions[0]).toMatchObject({
      tier: 3,
      wards: ['ward-1'],
      toConfirm: ['tier', 'weight', 'mtpdSeconds', 'rtoSeconds', 'wards'],
    });
  });

  it('says which names lead nowhere or to several, and leaves only those links out', () => {
    const map = mapOf([component('p', { name: { fr: 'Baie' } }), component('q', { name: { fr: 'Baie' } })]);
    const found = review(
      map,
      said([told('a', { needs: { all: [{ need: 'Baie' }, { need: 'nowhere' }, { need: 'q' }] } })], false),
    );
    expect(found.problems.map(({ code }) => code)).toEqual(['ambiguous-name', 'unknown-reference']);
    expect(of(found.map, 'a')?.needs).toEqual({ need: 'q' });
  });

  it('proposes a machine to the application it is named like, once', () => {
    const map = mapOf([
      component('dpi', { kind: 'application', name: { fr: 'DPI' } }),
      component('test', { kind: 'application' }),
    ]);
    const machines = said([
      told('SRV-DPI-01', { kind: 'virtualMachine' }),
      told('srv-test', { kind: 'virtualMachine' }),
    ]);
    const found = review(map, machines);
    expect(brief(found)).toMatchObject({ changed: ['dpi.proposed'] });
    expect(of(found.map, 'dpi')?.proposed).toEqual([{ need: 'srv-dpi-01', because: 'nom semblable : « SRV-DPI-01 »' }]);
    expect(of(found.map, 'dpi')?.needs).toBeUndefined();
    // Refused by a person: the same machine again is no news.
    const refused = { ...found.map, components: found.map.components.map(({ proposed: _, ...one }) => one) };
    expect(review(refused, machines, { memory: found.memory }).changes).toEqual([]);
  });
});
