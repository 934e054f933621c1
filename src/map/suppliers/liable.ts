import type { CompiledMap } from '../compile.ts';
import type { Component, Contract, Supplier } from '../model.ts';
import { contractsOver, type Standing, standing } from './contracts.ts';

/** A deadline counted around the clock from the loss; instants in ISO 8601. */
export interface Due {
  withinSeconds: number;
  at: string;
  late: boolean;
  /** The contract that says so; null: the supplier's own word on the map. */
  contract: string | null;
}

export interface LiableParty {
  supplier: string;
  /** The supplier that relies on it; null for those who answer to the house itself. */
  through: string | null;
  /** Suppliers it relies on who already stand above it: they name one another, and the chain ends there. */
  backTo: string[];
  /** Its contracts over the component, in force or not. */
  contracts: { contract: string; standing: Standing }[];
  answer: Due | null;
  repair: Due | null;
}

export interface Liability {
  component: string;
  /** The house's own team that looks after it. */
  team: string | null;
  /** Its supplier first, then who signed a contract over it, then those they rely on, nearest first. */
  parties: LiableParty[];
}

/**
 * Who must answer for a component that is out since `since`, and by when. Where a supplier has contracts in force over the component, the
 * shortest time they promise holds; else what the supplier promises. `today` (YYYY-MM-DD) says which contracts are in force.
 */
export function liable(
  map: CompiledMap,
  component: Component,
  { since, now, today }: { since: number; now: number; today: string },
): Liability {
  const covering = contractsOver(map, component);
  const direct = [
    ...(component.supplier === undefined ? [] : [component.supplier]),
    ...covering.map(({ supplier }) => supplier),
  ];
  const queue = [...new Set(direct)].map((supplier) => ({ supplier, path: [] as readonly string[] }));
  const met = new Set(direct);
  const parties: LiableParty[] = [];
  for (const { supplier: id, path } of queue) {
    const supplier = map.suppliers.get(id);
    if (supplier === undefined) continue;
    const own = path.length === 0 ? covering.filter((contract) => contract.supplier === id) : [];
    const clock = (of: 'mustAnswerWithinSeconds' | 'mustRepairWithinSeconds') =>
      due(supplier, own, of, { since, now, today });
    const above = [...path, id];
    const below = supplier.reliesOn ?? [];
    parties.push({
      supplier: id,
      through: path.at(-1) ?? null,
      backTo: below.filter((one) => above.includes(one)),
      contracts: own.map((contract) => ({ contract: contract.id, standing: standing(contract, today) })),
      answer: clock('mustAnswerWithinSeconds'),
      repair: clock('mustRepairWithinSeconds'),
    });
    for (const one of below) {
      if (met.has(one)) continue;
      met.add(one);
      queue.push({ supplier: one, path: above });
    }
  }
  return { component: component.id, team: component.team ?? null, parties };
}

function due(
  supplier: Supplier,
  contracts: readonly Contract[],
  of: 'mustAnswerWithinSeconds' | 'mustRepairWithinSeconds',
  { since, now, today }: { since: number; now: number; today: string },
): Due | null {
  let [within, contract] = [supplier[of], null as string | null];
  for (const one of contracts) {
    const seconds = one[of];
    if (seconds === undefined || standing(one, today) !== 'inForce') continue;
    if (contract === null || within === undefined || seconds < within) [within, contract] = [seconds, one.id];
  }
  if (within === undefined) return null;
  const at = since + within * 1000;
  return { withinSeconds: within, at: new Date(at).toISOString(), late: now > at, contract };
}
