import type { CareFunction, Component, HospitalMap, Need } from '../model.ts';
import { shortestCycles } from './cycles.ts';
import { nearest } from './nearest.ts';
import { qualifiedReference, referencesIn, shortReference } from './reference.ts';

/** Something a map says that cannot be, or that a person should look at. */
export interface MapProblem {
  code: MapProblemCode;
  /** An error refuses the map; a warning is said, and the map is used. */
  severity: 'error' | 'warning';
  /** Where in the document: `['careFunctions', 3, 'needs', 'all', 1, 'need']`. */
  path: readonly (string | number)[];
  message: string;
  /** What is named and is not on the map, where that is the problem. */
  reference?: string;
}
export type MapProblemCode =
  | 'duplicate-id'
  | 'unknown-reference'
  | 'unknown-ward'
  | 'unknown-site'
  | 'unknown-supplier'
  | 'needs-itself'
  | 'part-of-itself'
  | 'at-least-too-many'
  | 'same-need-twice'
  | 'unknown-time-zone'
  | 'impossible-hour'
  | 'rto-beyond-mtpd'
  | 'nothing-holds';

/** Everything wrong with a document whose shape is right, all at once. */
export function mapProblems(map: HospitalMap): MapProblem[] {
  return [
    ...zoneProblems(map),
    ...duplicates(map),
    ...references(map),
    ...map.careFunctions.flatMap((care, i) => contradictions(care, ['careFunctions', i])),
    ...cycles(map),
  ];
}

function zoneProblems(map: HospitalMap): MapProblem[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: map.establishment.timeZone });
    return [];
  } catch {
    const message = `\`${map.establishment.timeZone}\` is no time zone; write one such as Europe/Paris`;
    return [{ code: 'unknown-time-zone', severity: 'error', path: ['establishment', 'timeZone'], message }];
  }
}

function duplicates(map: HospitalMap): MapProblem[] {
  const own = map.establishment.id;
  const problems: MapProblem[] = [];
  // Needs name components and care functions alike, so these two share one space of ids.
  for (const family of [['components', 'careFunctions'], ['wards'], ['sites'], ['suppliers']] as const) {
    const seen = new Map<string, string>();
    for (const list of family) {
      map[list].forEach(({ id }, i) => {
        const whole = qualifiedReference(id, own);
        const first = seen.get(whole);
        if (first === undefined) seen.set(whole, list);
        else {
          const message = `\`${id}\` is already the id of another of ${first}; give this one its own`;
          problems.push({ code: 'duplicate-id', severity: 'error', path: [list, i, 'id'], message });
        }
      });
    }
  }
  return problems;
}

/** Nearest names looked for in one map: where more is wrong than that, the map itself is another one. */
const guessesMax = 100;

function references(map: HospitalMap): MapProblem[] {
  const own = map.establishment.id;
  const ids = (things: readonly { id: string }[]) => new Set(things.map(({ id }) => shortReference(id, own)));
  const needed = ids([...map.components, ...map.careFunctions]);
  const components = ids(map.components);
  const careFunctions = ids(map.careFunctions);
  const wards = ids(map.wards);
  const sites = ids(map.sites);
  const suppliers = ids(map.suppliers);
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
  });
  map.components.forEach((component: Component, i) => {
    const at = ['components', i];
    const { id, site, supplier } = component;
    expect(site, sites, { code: 'unknown-site', of: id, path: [...at, 'site'], kind: 'site' });
    expect(supplier, suppliers, { code: 'unknown-supplier', of: id, path: [...at, 'supplier'], kind: 'supplier' });
    needs(component.needs, id, [...at, 'needs']);
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

function contradictions(care: CareFunction, path: (string | number)[]): MapProblem[] {
  const problems: MapProblem[] = [];
  if (care.mtpdSeconds > 0 && care.rtoSeconds > care.mtpdSeconds) {
    const message =
      `\`${care.id}\` is to be back in ${care.rtoSeconds} s, after the ${care.mtpdSeconds} s past which its interruption ` +
      'is not tolerable: shorten the objective, or revise the DMIA with those who signed it';
    problems.push({ code: 'rto-beyond-mtpd', severity: 'warning', path: [...path, 'rtoSeconds'], message });
  }
  if (care.mtpdSeconds === 0 && care.degradedMode === undefined) {
    const message = `\`${care.id}\` tolerates no interruption, and no degraded mode says what the ward does meanwhile`;
    problems.push({ code: 'nothing-holds', severity: 'warning', path: [...path, 'mtpdSeconds'], message });
  }
  if (care.calendar === 'always') return problems;
  for (const key of ['from', 'to'] as const) {
    const [hours = 0, minutes = 0] = care.calendar[key].split(':').map(Number);
    if (minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0))) continue;
    const message = `\`${care.id}\`: ${care.calendar[key]} is no hour of the day (00:00 to 24:00)`;
    problems.push({ code: 'impossible-hour', severity: 'error', path: [...path, 'calendar', key], message });
  }
  return problems;
}

function cycles(map: HospitalMap): MapProblem[] {
  const short = (reference: string) => shortReference(reference, map.establishment.id);
  const place = new Map<string, (string | number)[]>();
  const needs = new Map<string, string[]>();
  const parents = new Map<string, string[]>();
  for (const list of ['components', 'careFunctions'] as const) {
    map[list].forEach((thing: Component | CareFunction, i) => {
      // Of two with the same id, the second is refused for that already.
      if (place.has(short(thing.id))) return;
      place.set(short(thing.id), [list, i]);
      needs.set(short(thing.id), thing.needs === undefined ? [] : [...referencesIn(thing.needs)].map(short));
      if ('partOf' in thing && thing.partOf !== undefined) parents.set(short(thing.id), [short(thing.partOf)]);
    });
  }
  const order = [...place.keys()];
  const found = (edges: ReadonlyMap<string, string[]>, code: MapProblemCode, key: string, verb: string) =>
    shortestCycles(order, (id) => edges.get(id)?.filter((to) => place.has(to)) ?? []).map((found): MapProblem => {
      // Told from the one written first.
      const start = found.indexOf(order.find((id) => found.includes(id)) ?? '');
      const cycle = [...found.slice(start), ...found.slice(0, start)];
      const ring = [...cycle, cycle[0]].map((id) => `\`${id}\``).join(` ${verb} `);
      const message = `${ring}: take out the link that is not real`;
      return { code, severity: 'error', path: [...(place.get(cycle[0] ?? '') ?? []), key], message };
    });
  return [
    ...found(needs, 'needs-itself', 'needs', 'needs'),
    ...found(parents, 'part-of-itself', 'partOf', 'is part of'),
  ];
}
