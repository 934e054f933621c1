import type { CareFacts } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import { readFacts } from '../gap/history.ts';
import { rootsAt } from '../impact.ts';
import type { Component, ComponentState, Contract, Supplier, Team, Words } from '../model.ts';
import { type Standing, standing } from './contracts.ts';
import { type Liability, liable } from './liable.ts';

/** Things named under one supplier or team: enough to recognise it by, the count says the rest. */
const namedMax = 50;
/** Failing components told one by one; where more fail at once, the first losses say whom to call. */
const failingMax = 100;
/** A contract that ends within this many days is told while it can still be renewed. */
const endsSoonDays = 90;

export interface Named {
  id: string;
  name: Words;
}
export interface NamedCare extends Named {
  tier: 1 | 2 | 3;
}

/** Care on something, most vital first; the count is of all of it. */
export interface Carrying {
  careFunctions: NamedCare[];
  careFunctionsCount: number;
}

/** A component that is out, and who answers for it. */
export interface Failing extends Named, Carrying {
  state: ComponentState;
  since: string;
  /** Nothing below it explains it: the others wait for it. */
  isRoot: boolean;
  liability: Liability;
}

export interface ContractSheet extends Omit<Contract, 'covers'> {
  standing: Standing;
  /** Days left, today included; negative once it has ended; null without an end. */
  endsInDays: number | null;
  endsSoon: boolean;
  /** Components it names; none: all of the supplier's. */
  covers: Named[];
}

/** What stops with all it has stands in `careFunctions`. */
export interface SupplierSheet extends Supplier, Carrying {
  /** Who relies on it, among the suppliers. */
  reliedOnBy: string[];
  contracts: ContractSheet[];
  components: Named[];
  componentsCount: number;
}

export interface TeamSheet extends Team {
  components: Named[];
  componentsCount: number;
}

/** Who owes what, within which time, and whom to call. */
export interface SuppliersView {
  now: string;
  today: string;
  /** Roots first, then the longest out. */
  failing: Failing[];
  failingCount: number;
  /** In the order of the map. */
  suppliers: SupplierSheet[];
  teams: TeamSheet[];
}

export interface Asked {
  facts: CareFacts;
  now: number;
  /** YYYY-MM-DD, in the establishment's time. */
  today: string;
}

export function suppliersView(map: CompiledMap, { facts, now, today }: Asked): SuppliersView {
  const failing = failingNow(map, { facts, now, today });
  return {
    now: new Date(now).toISOString(),
    today,
    failing: failing.slice(0, failingMax),
    failingCount: failing.length,
    suppliers: sheetsOf(map, today),
    teams: teamsOf(map),
  };
}

/** Seen out of order: not up, and not merely unknown. */
const isFailing = (state: ComponentState): boolean => state !== 'up' && state !== 'unknown';

function failingNow(map: CompiledMap, { facts, now, today }: Asked): Failing[] {
  const { supplies, last } = readFacts(map, facts);
  const because = rootsAt(supplies, now);
  const found = [...last].flatMap(([id, { state, since }]): Failing[] => {
    const component = map.components.get(id);
    if (component === undefined || !isFailing(state)) return [];
    return [
      {
        id,
        name: component.name,
        state,
        since: new Date(since).toISOString(),
        isRoot: because(id).includes(id),
        ...mostVital(map, map.careFunctionsOn(id)),
        liability: liable(map, component, { since, now, today }),
      },
    ];
  });
  return found.toSorted((a, b) => Number(b.isRoot) - Number(a.isRoot) || Date.parse(a.since) - Date.parse(b.since));
}

/** What answers for one component: where it is not failing, without a clock. */
export function liabilityOf(map: CompiledMap, component: Component, { facts, now, today }: Asked): Liability {
  const seen = readFacts(map, facts).last.get(component.id);
  const isOut = seen !== undefined && isFailing(seen.state);
  const told = liable(map, component, { since: isOut ? seen.since : now, now, today });
  if (isOut) return told;
  return { ...told, parties: told.parties.map((party) => ({ ...party, answer: null, repair: null })) };
}

function sheetsOf(map: CompiledMap, today: string): SupplierSheet[] {
  const provided = new Map<string, Set<Component>>();
  const give = (supplier: string, component: Component) => {
    provided.set(supplier, (provided.get(supplier) ?? new Set()).add(component));
  };
  for (const component of map.components.values()) {
    if (component.supplier !== undefined) give(component.supplier, component);
  }
  const contracts = new Map<string, Contract[]>();
  for (const contract of map.document.contracts) {
    contracts.set(contract.supplier, [...(contracts.get(contract.supplier) ?? []), contract]);
    for (const id of contract.covers) {
      const component = map.components.get(id);
      if (component !== undefined) give(contract.supplier, component);
    }
  }
  const reliedOnBy = new Map<string, string[]>();
  for (const { id, reliesOn = [] } of map.suppliers.values()) {
    for (const below of reliesOn) reliedOnBy.set(below, [...(reliedOnBy.get(below) ?? []), id]);
  }
  return [...map.suppliers.values()].map((supplier) => {
    const components = [...(provided.get(supplier.id) ?? [])];
    return {
      ...supplier,
      reliedOnBy: reliedOnBy.get(supplier.id) ?? [],
      contracts: (contracts.get(supplier.id) ?? []).map((contract) => sheetOf(map, contract, today)),
      components: components.slice(0, namedMax).map(named),
      componentsCount: components.length,
      ...mostVital(map, carriedBy(map, components)),
    };
  });
}

const named = ({ id, name }: Component): Named => ({ id, name });

function sheetOf(map: CompiledMap, contract: Contract, today: string): ContractSheet {
  const endsInDays = contract.until === undefined ? null : daysBetween(today, contract.until);
  return {
    ...contract,
    standing: standing(contract, today),
    endsInDays,
    endsSoon: endsInDays !== null && endsInDays >= 0 && endsInDays <= endsSoonDays,
    covers: contract.covers.slice(0, namedMax).flatMap((id) => {
      const component = map.components.get(id);
      return component === undefined ? [] : [named(component)];
    }),
  };
}

/** Whole days from one date to another (YYYY-MM-DD); null where either is no date. */
function daysBetween(from: string, to: string): number | null {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
  return Number.isFinite(days) ? Math.round(days) : null;
}

/** Care functions on any of them, directly or not. */
function carriedBy(map: CompiledMap, components: readonly Component[]): string[] {
  const found = new Set(components.map(({ id }) => id));
  for (const id of found) for (const user of map.neededBy(id)) found.add(user);
  return [...found].filter((id) => map.careFunctions.has(id));
}

const clinicalOrder = new WeakMap<CompiledMap, ReadonlyMap<string, number>>();

function mostVital(map: CompiledMap, ids: readonly string[]): Carrying {
  const order = clinicalOrder.get(map) ?? new Map([...map.careFunctions.keys()].map((id, index) => [id, index]));
  clinicalOrder.set(map, order);
  const careFunctions = ids
    .flatMap((id) => map.careFunctions.get(id) ?? [])
    .toSorted((a, b) => a.tier - b.tier || (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    .slice(0, namedMax)
    .map(({ id, name, tier }) => ({ id, name, tier }));
  return { careFunctions, careFunctionsCount: ids.length };
}

function teamsOf(map: CompiledMap): TeamSheet[] {
  const cared = Map.groupBy(map.components.values(), ({ team }) => team);
  return map.document.teams.map((team) => {
    const components = cared.get(team.id) ?? [];
    return { ...team, components: components.slice(0, namedMax).map(named), componentsCount: components.length };
  });
}
