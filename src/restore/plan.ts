import type { CareFunction, Component, HospitalMap, Need } from '../map/model.ts';
import type { PlannedComponent } from './events.ts';

export interface PlanInput {
  map: HospitalMap;
  /** Care functions to bring back. */
  careFunctions: readonly string[];
  /** Components that are not up now: those without a source are named as left out. */
  lost: { readonly [component: string]: unknown };
  /** Seconds a component's restoration took last time. */
  measured: { readonly [component: string]: number };
}

export interface RecoveryOrder {
  components: PlannedComponent[];
  leftOut: { component: string; because: 'no-source' }[];
}

/**
 * The order of a recovery: dependencies first, then what carries the most vital care.
 * Everything restorable that a lost care function rests on comes along, even what still runs outside: the clean room reaches nothing
 * outside itself. Among components whose dependencies are met, the next is the one that carries the lowest vital tier, then the
 * greatest weight in that tier, then the shortest expected time (weighted shortest processing time, Smith 1956), then the name.
 */
export function planRecovery(input: PlanInput): RecoveryOrder {
  const { map } = input;
  const components = new Map(map.components.map((component) => [component.id, component]));
  const carried = new Map<string, CareFunction[]>();
  const wanted = map.careFunctions.filter((careFunction) => input.careFunctions.includes(careFunction.id));
  for (const careFunction of wanted) {
    for (const id of closure(careFunction.needs, components)) {
      carried.set(id, [...(carried.get(id) ?? []), careFunction]);
    }
  }

  const restorable = [...carried.keys()].filter((id) => components.get(id)?.restore !== undefined);
  const after = new Map(restorable.map((id) => [id, restorableBelow(id, components)]));
  const expected = (id: string): number | null =>
    input.measured[id] ?? components.get(id)?.restore?.declaredSeconds ?? null;

  const order: string[] = [];
  const left = new Set(restorable);
  while (left.size > 0) {
    const ready = [...left].filter((id) => (after.get(id) ?? []).every((below) => !left.has(below)));
    // The map refuses needs that contain themselves, so something is always ready; the fallback keeps a bad map from looping.
    const next = (ready.length > 0 ? ready : [...left]).toSorted(
      (one, other) =>
        compareCare(carried.get(one) ?? [], carried.get(other) ?? []) ||
        (expected(one) ?? Infinity) - (expected(other) ?? Infinity) ||
        one.localeCompare(other),
    )[0];
    if (next === undefined) break;
    order.push(next);
    left.delete(next);
  }

  return {
    components: order.flatMap((id, rank) => {
      const policy = components.get(id)?.restore;
      if (policy === undefined) return [];
      return [
        {
          component: id,
          rank,
          after: after.get(id) ?? [],
          source: policy.source,
          driver: policy.driver,
          probes: policy.probes,
          expectedSeconds: expected(id),
          careFunctions: (carried.get(id) ?? []).toSorted(vital).map((careFunction) => careFunction.id),
        },
      ];
    }),
    leftOut: [...carried.keys()]
      .filter((id) => components.get(id)?.restore === undefined && id in input.lost)
      .map((component) => ({ component, because: 'no-source' })),
  };
}

/** Components a care function rests on that a recovery brings back: all must be verified before it may be released. */
export function componentsOf(map: HospitalMap, careFunction: CareFunction): string[] {
  const components = new Map(map.components.map((component) => [component.id, component]));
  return [...closure(careFunction.needs, components)].filter((id) => components.get(id)?.restore !== undefined);
}

function compareCare(one: readonly CareFunction[], other: readonly CareFunction[]): number {
  for (const tier of [1, 2, 3] as const) {
    const difference = weightIn(other, tier) - weightIn(one, tier);
    if (difference !== 0) return difference;
  }
  return 0;
}

const weightIn = (careFunctions: readonly CareFunction[], tier: number): number =>
  careFunctions.reduce((sum, careFunction) => sum + (careFunction.tier === tier ? careFunction.weight : 0), 0);

const vital = (one: CareFunction, other: CareFunction): number => one.tier - other.tier || other.weight - one.weight;

function closure(need: Need, components: ReadonlyMap<string, Component>): Set<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    const below = components.get(id)?.needs;
    if (below !== undefined) for (const reference of referencesOf(below)) visit(reference);
  };
  for (const reference of referencesOf(need)) visit(reference);
  return found;
}

/** The nearest restorable components below one, through whatever is not restorable between. */
function restorableBelow(id: string, components: ReadonlyMap<string, Component>): string[] {
  const found = new Set<string>();
  const seen = new Set([id]);
  const visit = (need: Need): void => {
    for (const reference of referencesOf(need)) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      const component = components.get(reference);
      if (component?.restore !== undefined) found.add(reference);
      else if (component?.needs !== undefined) visit(component.needs);
    }
  };
  const needs = components.get(id)?.needs;
  if (needs !== undefined) visit(needs);
  return [...found];
}

function referencesOf(need: Need): string[] {
  if ('need' in need) return [need.need];
  const parts = 'all' in need ? need.all : 'any' in need ? need.any : need.of;
  return parts.flatMap(referencesOf);
}
