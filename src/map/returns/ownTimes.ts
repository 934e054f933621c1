import type { CompiledMap } from '../compile.ts';
import type { Component } from '../model.ts';
import { contractsOver, standing } from '../suppliers/contracts.ts';

/** A component's last successful restoration, up to and with its verification. */
export interface MeasuredReturn {
  seconds: number;
  /** ISO 8601. */
  at: string;
  /** Measured in an exercise or a drill: not under the load of a crisis. */
  exercise: boolean;
}

/** Where a time comes from. */
export type Basis =
  | { kind: 'measured'; at: string; exercise: boolean }
  | { kind: 'declared' }
  /** What its supplier promised, which is when it owes a repair, not when one was ever seen. */
  | { kind: 'contract'; contract: string; supplier: string }
  | { kind: 'supplier'; supplier: string };

export interface OwnTime {
  seconds: number;
  basis: Basis;
}

/**
 * A component's own time to stand again once all it needs is there, as declared: by its restoration policy, else by itself, else the
 * shortest repair that a contract over it promises, else its supplier's; null where nobody said. A contract that is not in force on
 * `today` (YYYY-MM-DD) promises nothing; without a day, all count.
 */
export function declaredTime(map: CompiledMap, component: Component, today?: string): OwnTime | null {
  const declared = component.restore?.declaredSeconds ?? component.returnSeconds;
  if (declared !== undefined) return { seconds: declared, basis: { kind: 'declared' } };
  let promised: OwnTime | null = null;
  for (const contract of contractsOver(map, component)) {
    const seconds = contract.mustRepairWithinSeconds;
    if (seconds === undefined || (today !== undefined && standing(contract, today) !== 'inForce')) continue;
    if (promised !== null && promised.seconds <= seconds) continue;
    promised = { seconds, basis: { kind: 'contract', contract: contract.id, supplier: contract.supplier } };
  }
  if (promised !== null) return promised;
  const { supplier } = component;
  const seconds = supplier === undefined ? undefined : map.suppliers.get(supplier)?.mustRepairWithinSeconds;
  return supplier === undefined || seconds === undefined ? null : { seconds, basis: { kind: 'supplier', supplier } };
}

export const measuredTime = ({ seconds, at, exercise }: MeasuredReturn): OwnTime => ({
  seconds,
  basis: { kind: 'measured', at, exercise },
});
