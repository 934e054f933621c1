import type { CompiledMap } from '../map/compile.ts';
import type { CareFunction } from '../map/model.ts';
import type { Recovery } from './state.ts';
import type { PlannedComponent } from './step.ts';

export interface PlanInput {
  map: CompiledMap;
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
  const carried = new Map<string, CareFunction[]>();
  for (const careFunction of map.careFunctions.values()) {
    if (!input.careFunctions.includes(careFunction.id)) continue;
    for (const id of restsOn(map, careFunction.id)) carried.set(id, [...(carried.get(id) ?? []), careFunction]);
  }
  const policyOf = (id: string) => map.components.get(id)?.restore;

  const restorable = [...carried.keys()].filter((id) => policyOf(id) !== undefined);
  const after = new Map(restorable.map((id) => [id, restorableBelow(map, id)]));
  const expected = (id: string): number | null => input.measured[id] ?? policyOf(id)?.declaredSeconds ?? null;

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
      const policy = policyOf(id);
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
      .filter((id) => policyOf(id) === undefined && id in input.lost)
      .map((component) => ({ component, because: 'no-source' })),
  };
}

/**
 * The order of a wider recovery: what was planned before goes on as it was planned, whatever the map says of it since, and what
 * comes along is added after it.
 */
export function continuing(before: Pick<Recovery, 'components'>, wider: RecoveryOrder): RecoveryOrder {
  const rank = new Map(wider.components.map((one) => [one.component, one.rank]));
  const carried = new Map(wider.components.map((one) => [one.component, one.careFunctions]));
  const last = wider.components.length;
  const known = Object.values(before.components).map(
    ({ component, after, source, driver, probes, expectedSeconds, careFunctions }): PlannedComponent => ({
      component,
      rank: rank.get(component) ?? last,
      after,
      source,
      driver,
      probes,
      expectedSeconds,
      careFunctions: [...new Set([...careFunctions, ...(carried.get(component) ?? [])])],
    }),
  );
  const joining = wider.components.filter(({ component }) => before.components[component] === undefined);
  return {
    components: [...known, ...joining]
      .toSorted((one, other) => one.rank - other.rank)
      .map((one, index) => ({ ...one, rank: index })),
    leftOut: wider.leftOut,
  };
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

/** Every component below a care function, through the care functions it needs. */
export function restsOn(map: CompiledMap, careFunction: string): Set<string> {
  const found = new Set(map.dependsOn(careFunction));
  for (const id of found) for (const below of map.dependsOn(id)) found.add(below);
  return new Set([...found].filter((id) => map.components.has(id)));
}

/** The nearest restorable components below one, through whatever is not restorable between. */
function restorableBelow(map: CompiledMap, id: string): string[] {
  const seen = new Set(map.dependsOn(id));
  const found: string[] = [];
  for (const below of seen) {
    if (map.components.get(below)?.restore !== undefined) found.push(below);
    else for (const next of map.dependsOn(below)) seen.add(next);
  }
  return found;
}
