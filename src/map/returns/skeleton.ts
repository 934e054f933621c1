import type { CompiledMap, CompiledNeed } from '../compile.ts';

/** A need, its things by number. */
export type NumberedNeed =
  | { kind: 'one'; to: number; graceSeconds: number }
  | { kind: 'group'; atLeast: number; of: readonly NumberedNeed[] };

/** The map with everything on it by number, made once: a length is followed along it in a few arrays. */
export interface Skeleton {
  /** Components, then care functions. */
  ids: readonly string[];
  numberOf: ReadonlyMap<string, number>;
  components: number;
  needs: readonly (NumberedNeed | undefined)[];
  /** Every number once, each after all it needs. */
  order: readonly number[];
  /** Members of a ring; whatever is in none is absent. Members of one stand side by side in `order`. */
  rings: ReadonlyMap<number, ReadonlySet<number>>;
}

const made = new WeakMap<CompiledMap, Skeleton>();

export function skeletonOf(map: CompiledMap): Skeleton {
  const known = made.get(map);
  if (known !== undefined) return known;
  const ids = [...map.components.keys(), ...map.careFunctions.keys()];
  const numberOf = new Map(ids.map((id, i) => [id, i]));
  const number = (id: string) => numberOf.get(id) ?? 0;
  const numbered = (need: CompiledNeed): NumberedNeed =>
    need.kind === 'one'
      ? { kind: 'one', to: number(need.to), graceSeconds: need.graceSeconds }
      : { kind: 'group', atLeast: need.atLeast, of: need.of.map(numbered) };
  const rings = new Map<number, ReadonlySet<number>>();
  for (const unit of map.units) {
    if (unit.length === 1) continue;
    const ring = new Set(unit.map(number));
    for (const member of ring) rings.set(member, ring);
  }
  const fresh: Skeleton = {
    ids,
    numberOf,
    components: map.components.size,
    needs: ids.map((id) => {
      const need = map.needs.get(id);
      return need === undefined ? undefined : numbered(need);
    }),
    order: map.order.map(number),
    rings,
  };
  made.set(map, fresh);
  return fresh;
}
