import { neededFirstGroups } from './document/cycles.ts';
import { shortReference, withShortReferences } from './document/reference.ts';
import type { CareFunction, Component, HospitalMap, Need, Site, StartTogether, Supplier, Ward } from './model.ts';

/** A need with one shape: at least `atLeast` of the parts; `word` is how the map said it. */
export type CompiledNeed = CompiledLeaf | CompiledGroup;
export interface CompiledLeaf {
  kind: 'one';
  to: string;
  graceSeconds: number;
}
export interface CompiledGroup {
  kind: 'group';
  word: 'all' | 'any' | 'atLeast';
  atLeast: number;
  of: readonly CompiledNeed[];
}

/**
 * The map, ready to be asked. Ids are short (this establishment's own things bare, others `owner:id`), as in events and
 * views; `resolve` takes either way of writing. Care functions may be needed like components (a theatre needs
 * sterilisation), so both share one space of ids.
 */
export interface CompiledMap {
  document: HospitalMap;
  establishment: HospitalMap['establishment'];
  /** In the order of the document: clinical order. */
  careFunctions: ReadonlyMap<string, CareFunction>;
  components: ReadonlyMap<string, Component>;
  wards: ReadonlyMap<string, Ward>;
  sites: ReadonlyMap<string, Site>;
  suppliers: ReadonlyMap<string, Supplier>;
  /** What each component or care function needs; absent where it needs nothing. */
  needs: ReadonlyMap<string, CompiledNeed>;
  /** Direct needs, once each. */
  dependsOn(id: string): readonly string[];
  /** Who needs it directly, once each. */
  neededBy(id: string): readonly string[];
  /** Components and care functions, each after all it needs; things started together stand side by side. */
  order: readonly string[];
  /** The same order cut into what is settled at once: one thing, or things that need one another in a declared ring. */
  units: readonly (readonly string[])[];
  /** Care functions that hang on it, directly or not, in clinical order; a care function hangs on itself. */
  careFunctionsOn(id: string): readonly string[];
  /** The short id, if a component or care function has it. */
  resolve(reference: string): string | undefined;
  /** The short way to write any reference (ward, site…), known or not. */
  short(reference: string): string;
}

const compiled = new WeakMap<HospitalMap, CompiledMap>();

/**
 * Compiles a valid document (`mapProblems` finds no error); once per document object. Throws on a document that was
 * never checked: needs of unknown things, or that contain themselves.
 */
export function compile(map: HospitalMap): CompiledMap {
  const known = compiled.get(map);
  if (known !== undefined) return known;
  const fresh = build(withShortReferences(map));
  compiled.set(map, fresh);
  return fresh;
}

function build(document: HospitalMap): CompiledMap {
  const careFunctions = byId(document.careFunctions);
  const components = byId(document.components);
  const needs = new Map<string, CompiledNeed>();
  const forward = new Map<string, readonly string[]>();
  const backward = new Map<string, string[]>();
  for (const [id, { needs: need }] of [...components, ...careFunctions]) {
    if (need === undefined) continue;
    const { compiled, targets } = read(need);
    needs.set(id, compiled);
    forward.set(id, targets);
    for (const target of targets) {
      if (!components.has(target) && !careFunctions.has(target)) throw new Error(`map: ${id} needs unknown ${target}`);
      const list = backward.get(target);
      if (list === undefined) backward.set(target, [id]);
      else list.push(id);
    }
  }
  const dependsOn = (id: string) => forward.get(id) ?? none;
  const neededBy = (id: string) => backward.get(id) ?? none;
  const short = (reference: string) => shortReference(reference, document.establishment.id);
  const hanging = new Map<string, readonly string[]>();
  const units = neededFirst(
    [...components.keys(), ...careFunctions.keys()],
    dependsOn,
    neededBy,
    document.startTogether,
  );
  return {
    document,
    establishment: document.establishment,
    careFunctions,
    components,
    wards: byId(document.wards),
    sites: byId(document.sites),
    suppliers: byId(document.suppliers),
    needs,
    dependsOn,
    neededBy,
    order: units.flat(),
    units,
    careFunctionsOn(id) {
      const found = hanging.get(id) ?? [...careFunctions.keys()].filter(memberOf(above(id, neededBy)));
      hanging.set(id, found);
      return found;
    },
    resolve(reference) {
      const id = short(reference);
      return components.has(id) || careFunctions.has(id) ? id : undefined;
    },
    short,
  };
}

/** Most of a map is the same from one edit to the next: each need is read once. */
const needsRead = new WeakMap<Need, { compiled: CompiledNeed; targets: readonly string[] }>();

function read(need: Need): { compiled: CompiledNeed; targets: readonly string[] } {
  const known = needsRead.get(need);
  if (known !== undefined) return known;
  const compiled = compiledNeed(need);
  const fresh = { compiled, targets: [...new Set(leavesOf(compiled).map(({ to }) => to))] };
  needsRead.set(need, fresh);
  return fresh;
}

const none: readonly string[] = [];
const memberOf = (set: ReadonlySet<string>) => (id: string) => set.has(id);

function byId<Thing extends { id: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

function compiledNeed(need: Need): CompiledNeed {
  if ('need' in need) return { kind: 'one', to: need.need, graceSeconds: need.graceSeconds ?? 0 };
  if ('all' in need) return { kind: 'group', word: 'all', atLeast: need.all.length, of: need.all.map(compiledNeed) };
  if ('any' in need) return { kind: 'group', word: 'any', atLeast: 1, of: need.any.map(compiledNeed) };
  return { kind: 'group', word: 'atLeast', atLeast: need.atLeast, of: need.of.map(compiledNeed) };
}

export function leavesOf(need: CompiledNeed): CompiledLeaf[] {
  return need.kind === 'one' ? [need] : need.of.flatMap(leavesOf);
}

/** Everything that hangs on `id`, itself included. */
function above(id: string, neededBy: (id: string) => readonly string[]): Set<string> {
  const found = new Set([id]);
  for (const one of found) for (const user of neededBy(one)) found.add(user);
  return found;
}

/** Kahn's order, stable in the order of the document; a ring of things started together counts as one. */
function neededFirst(
  ids: readonly string[],
  dependsOn: (id: string) => readonly string[],
  neededBy: (id: string) => readonly string[],
  together: readonly StartTogether[],
): (readonly string[])[] {
  const rings = together.length === 0 ? new Map<string, readonly string[]>() : declaredRings(ids, dependsOn, together);
  const unitOf = (id: string): readonly string[] => rings.get(id) ?? [id];
  const leader = (id: string) => rings.get(id)?.[0] ?? id;
  const waiting = new Map<string, number>();
  for (const id of ids) {
    const outside = dependsOn(id).filter((to) => leader(to) !== leader(id) || !rings.has(id)).length;
    waiting.set(leader(id), (waiting.get(leader(id)) ?? 0) + outside);
  }
  const order = [...waiting.keys()].filter((id) => waiting.get(id) === 0).map(unitOf);
  let settled = 0;
  for (const unit of order) {
    settled += unit.length;
    for (const user of unit.flatMap(neededBy)) {
      if (rings.has(user) && leader(user) === unit[0]) continue;
      const left = (waiting.get(leader(user)) ?? 0) - 1;
      waiting.set(leader(user), left);
      if (left === 0) order.push(unitOf(user));
    }
  }
  if (settled !== ids.length) throw new Error('map: needs contain themselves; the document was not checked');
  return order;
}

/** The ring each thing is in, members in the order of the document, where all are declared in one group. */
function declaredRings(
  ids: readonly string[],
  dependsOn: (id: string) => readonly string[],
  together: readonly StartTogether[],
): Map<string, readonly string[]> {
  const rank = new Map(ids.map((id, i) => [id, i]));
  const groups = together.map(({ members }) => new Set(members));
  const rings = new Map<string, readonly string[]>();
  for (const found of neededFirstGroups(ids, dependsOn)) {
    if (found.length < 2 || !groups.some((group) => found.every((id) => group.has(id)))) continue;
    const ring = found.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
    for (const id of ring) rings.set(id, ring);
  }
  return rings;
}
