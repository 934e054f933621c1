import type { Component, HospitalMap, Need } from '../model.ts';
import { nearest } from './nearest.ts';
import type { MapProblem, MapProblemCode } from './problem.ts';
import { shortReference } from './reference.ts';

/** Nearest names looked for in one map: where more is wrong than that, the map itself is another one. */
const guessesMax = 100;

/** Names of things that are not on the map, and needs that could never be met. */
export function references(map: HospitalMap): MapProblem[] {
  const own = map.establishment.id;
  const ids = (things: readonly { id: string }[]) => new Set(things.map(({ id }) => shortReference(id, own)));
  const needed = ids([...map.components, ...map.careFunctions]);
  const components = ids(map.components);
  const careFunctions = ids(map.careFunctions);
  const wards = ids(map.wards);
  const sites = ids(map.sites);
  const suppliers = ids(map.suppliers);
  const teams = ids(map.teams);
  const problems: MapProblem[] = [];
  const expect = (
    reference: string | undefined,
    known: ReadonlySet<string>,
    what: { code: MapProblemCode; of: string; path: (string | number)[]; kind: string },
  ) => {
    if (reference === undefined || known.has(shortReference(reference, own))) return;
    const near = problems.length < guessesMax ? nearest(shortReference(reference, own), known) : undefined;
    const guess = near === undefined ? '' : `; did you mean \`${near}\`?`;
    const message = `\`${what.of}\` names ${what.kind} \`${reference}\`, which is not on the map${guess}`;
    problems.push({ code: what.code, severity: 'error', path: what.path, message, reference });
  };
  const needs = (need: Need | undefined, of: string, path: (string | number)[]) => {
    if (need === undefined) return;
    for (const [reference, at] of leaves(need, path)) {
      expect(reference, needed, { code: 'unknown-reference', of, path: [...at, 'need'], kind: 'component' });
    }
    problems.push(...groups(need, of, path));
  };
  const { id: establishment, reflexe } = map.establishment;
  const where = ['establishment', 'reflexe'];
  expect(reflexe, components, { code: 'unknown-reference', of: establishment, path: where, kind: 'component' });
  const proposed = (links: Component['proposed'], of: string, path: (string | number)[]) => {
    links?.forEach((link, i) => {
      const at = [...path, 'proposed', i, 'need'];
      expect(link.need, needed, { code: 'unknown-reference', of, path: at, kind: 'component' });
    });
  };
  map.wards.forEach((ward, i) => {
    const at = ['wards', i];
    expect(ward.site, sites, { code: 'unknown-site', of: ward.id, path: [...at, 'site'], kind: 'site' });
    ward.accessPoints.forEach((point, j) => {
      const path = [...at, 'accessPoints', j];
      expect(point, components, { code: 'unknown-reference', of: ward.id, path, kind: 'access point' });
    });
  });
  map.careFunctions.forEach((care, i) => {
    const at = ['careFunctions', i];
    care.wards.forEach((ward, j) => {
      expect(ward, wards, { code: 'unknown-ward', of: care.id, path: [...at, 'wards', j], kind: 'ward' });
    });
    const path = [...at, 'partOf'];
    expect(care.partOf, careFunctions, { code: 'unknown-reference', of: care.id, path, kind: 'care function' });
    needs(care.needs, care.id, [...at, 'needs']);
    proposed(care.proposed, care.id, at);
  });
  map.components.forEach((component: Component, i) => {
    const at = ['components', i];
    const { id, site, supplier, team } = component;
    expect(site, sites, { code: 'unknown-site', of: id, path: [...at, 'site'], kind: 'site' });
    expect(supplier, suppliers, { code: 'unknown-supplier', of: id, path: [...at, 'supplier'], kind: 'supplier' });
    expect(team, teams, { code: 'unknown-team', of: id, path: [...at, 'team'], kind: 'team' });
    needs(component.needs, id, [...at, 'needs']);
    proposed(component.proposed, id, at);
  });
  map.suppliers.forEach(({ id, reliesOn }, i) => {
    reliesOn?.forEach((other, j) => {
      const path = ['suppliers', i, 'reliesOn', j];
      expect(other, suppliers, { code: 'unknown-supplier', of: id, path, kind: 'supplier' });
    });
  });
  map.contracts.forEach(({ id, supplier, covers }, i) => {
    const at = ['contracts', i];
    expect(supplier, suppliers, { code: 'unknown-supplier', of: id, path: [...at, 'supplier'], kind: 'supplier' });
    covers.forEach((component, j) => {
      const path = [...at, 'covers', j];
      expect(component, components, { code: 'unknown-reference', of: id, path, kind: 'component' });
    });
  });
  map.startTogether.forEach(({ id, members }, i) => {
    members.forEach((member, j) => {
      const path = ['startTogether', i, 'members', j];
      expect(member, components, { code: 'unknown-reference', of: id, path, kind: 'component' });
    });
  });
  return problems;
}

const parts = (need: Exclude<Need, { need: string }>): [string, Need[]] =>
  'all' in need ? ['all', need.all] : 'any' in need ? ['any', need.any] : ['of', need.of];

function* leaves(need: Need, path: (string | number)[]): Generator<[string, (string | number)[]]> {
  if ('need' in need) {
    yield [need.need, path];
    return;
  }
  const [word, list] = parts(need);
  for (const [i, one] of list.entries()) yield* leaves(one, [...path, word, i]);
}

/** Groups that can never be met, or whose redundancy is an illusion. */
function groups(need: Need, of: string, path: (string | number)[]): MapProblem[] {
  if ('need' in need) return [];
  const [word, list] = parts(need);
  const problems = list.flatMap((one, i) => groups(one, of, [...path, word, i]));
  if ('of' in need && need.atLeast > need.of.length) {
    const message = `\`${of}\` asks for at least ${need.atLeast} of ${need.of.length}: it could never be met`;
    problems.push({ code: 'at-least-too-many', severity: 'error', path: [...path, 'atLeast'], message });
  }
  const names = list.flatMap((one) => ('need' in one ? [one.need] : []));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined && word !== 'all') {
    const message = `\`${of}\` names \`${twice}\` twice in one choice: that is no redundancy`;
    problems.push({ code: 'same-need-twice', severity: 'warning', path: [...path, word], message });
  }
  return problems;
}
