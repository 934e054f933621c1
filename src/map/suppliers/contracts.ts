import type { CompiledMap } from '../compile.ts';
import type { Component, Contract } from '../model.ts';

interface Index {
  naming: ReadonlyMap<string, readonly Contract[]>;
  general: ReadonlyMap<string, readonly Contract[]>;
}
const indexes = new WeakMap<CompiledMap, Index>();

/** Contracts that cover a component: those that name it, and those of its supplier that name none. In the order written. */
export function contractsOver(map: CompiledMap, component: Component): readonly Contract[] {
  const { naming, general } = indexOf(map);
  const named = naming.get(component.id) ?? [];
  const whole = component.supplier === undefined ? [] : (general.get(component.supplier) ?? []);
  return whole.length === 0 ? named : [...named, ...whole];
}

function indexOf(map: CompiledMap): Index {
  const known = indexes.get(map);
  if (known !== undefined) return known;
  const { contracts } = map.document;
  const fresh = {
    naming: grouped(contracts.flatMap((contract) => contract.covers.map((id) => [id, contract] as const))),
    general: grouped(contracts.flatMap((one) => (one.covers.length === 0 ? [[one.supplier, one] as const] : []))),
  };
  indexes.set(map, fresh);
  return fresh;
}

const grouped = (pairs: readonly (readonly [string, Contract])[]): Map<string, Contract[]> => {
  const lists = new Map<string, Contract[]>();
  for (const [key, contract] of pairs) {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [contract]);
    else list.push(contract);
  }
  return lists;
};

/** Where a contract stands on a day (YYYY-MM-DD): both of its dates are its own. */
export type Standing = 'inForce' | 'notYet' | 'ended';

export function standing({ from, until }: Contract, today: string): Standing {
  if (until !== undefined && until < today) return 'ended';
  return from !== undefined && from > today ? 'notYet' : 'inForce';
}
