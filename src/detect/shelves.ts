/**
 * A dictionary kept on numbered shelves: a change copies one shelf instead of the whole, so that folding many events over
 * tens of thousands of components stays quick, and the state stays plain data that snapshots can hold.
 */
export interface Shelves<Value> {
  [shelf: string]: { [key: string]: Value };
}

const SHELVES = 256;

export const find = <Value>(shelves: Shelves<Value>, key: string): Value | undefined => {
  const shelf = shelves[shelfOf(key)];
  return shelf !== undefined && Object.hasOwn(shelf, key) ? shelf[key] : undefined;
};

export function put<Value>(shelves: Shelves<Value>, key: string, value: Value): Shelves<Value> {
  const shelf = shelfOf(key);
  return { ...shelves, [shelf]: { ...shelves[shelf], [key]: value } };
}

export function drop<Value>(shelves: Shelves<Value>, key: string): Shelves<Value> {
  const shelf = shelfOf(key);
  const held = shelves[shelf];
  if (held === undefined || !Object.hasOwn(held, key)) return shelves;
  const { [key]: _dropped, ...others } = held;
  if (Object.keys(others).length > 0) return { ...shelves, [shelf]: others };
  const { [shelf]: _empty, ...rest } = shelves;
  return rest;
}

/** Every entry, in an order that depends on the keys only. */
export function* entries<Value>(shelves: Shelves<Value>): Generator<[string, Value]> {
  for (const shelf of Object.values(shelves)) yield* Object.entries(shelf);
}

export const isEmpty = <Value>(shelves: Shelves<Value>): boolean => Object.keys(shelves).length === 0;

/** FNV-1a (Fowler, Noll, Vo), 32 bits, folded to the number of shelves. */
function shelfOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHELVES;
}
