/**
 * A table of plain data by key that `evolve` may change without copying it: a set touches a few small arrays, whatever
 * the size. It is plain JSON, so snapshots hold it as it is, and its shape depends on its contents alone.
 * Keys are spread by hash: iteration is in a fixed but meaningless order; sort where people look.
 */
export interface Table<Value> {
  readonly size: number;
  readonly root: TableNode<Value>;
}

/** A leaf holds its keys in order; a branch holds one node per value of five bits of the hash. */
export type TableNode<Value> = Leaf<Value> | readonly TableNode<Value>[];

interface Leaf<Value> {
  readonly keys: readonly string[];
  readonly values: readonly Value[];
}

const bitsPerLevel = 5;
const fanOut = 1 << bitsPerLevel;
/** Six levels use 30 of the hash's 32 bits; below that a leaf takes whatever collides. */
const depthMax = 6;
/** Copied at each set: small enough to be cheap, large enough to keep the tree shallow. */
const leafMax = 16;

const emptyLeaf: Leaf<never> = { keys: [], values: [] };
const isBranch = <Value>(node: TableNode<Value>): node is readonly TableNode<Value>[] => Array.isArray(node);

/** FNV-1a over UTF-16 code units, then murmur3's finaliser, for its low bits choose the first level. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const childOf = (hash: number, depth: number): number => (hash >>> (depth * bitsPerLevel)) & (fanOut - 1);

/** Where `key` is in the leaf, or `-1 - place` where it would go. */
function placeIn(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = keys[middle] ?? '';
    if (there === key) return middle;
    if (there < key) low = middle + 1;
    else high = middle;
  }
  return -1 - low;
}

export const emptyTable = <Value>(): Table<Value> => ({ size: 0, root: emptyLeaf });

export const tableSize = (table: Table<unknown>): number => table.size;

export function tableGet<Value>(table: Table<Value>, key: string): Value | undefined {
  const hash = hashOf(key);
  let node: TableNode<Value> = table.root;
  for (let depth = 0; isBranch(node); depth++) node = node[childOf(hash, depth)] ?? emptyLeaf;
  const place = placeIn(node.keys, key);
  return place < 0 ? undefined : node.values[place];
}

export function tableHas(table: Table<unknown>, key: string): boolean {
  const hash = hashOf(key);
  let node = table.root;
  for (let depth = 0; isBranch(node); depth++) node = node[childOf(hash, depth)] ?? emptyLeaf;
  return placeIn(node.keys, key) >= 0;
}

/** A node holding exactly these entries, whose keys are in order. */
function build<Value>(keys: readonly string[], values: readonly Value[], depth: number): TableNode<Value> {
  if (keys.length <= leafMax || depth === depthMax) return { keys, values };
  const parts = Array.from({ length: fanOut }, () => ({ keys: [] as string[], values: [] as Value[] }));
  for (const [index, key] of keys.entries()) {
    const part = parts[childOf(hashOf(key), depth)];
    part?.keys.push(key);
    // The value at a key's own index, which may itself be undefined in the type.
    part?.values.push(values[index] as Value);
  }
  return parts.map((part) => build(part.keys, part.values, depth + 1));
}

function setIn<Value>(
  node: TableNode<Value>,
  hash: number,
  depth: number,
  key: string,
  value: Value,
): TableNode<Value> {
  if (isBranch(node)) {
    const child = childOf(hash, depth);
    return node.with(child, setIn(node[child] ?? emptyLeaf, hash, depth + 1, key, value));
  }
  const place = placeIn(node.keys, key);
  if (place >= 0) return { keys: node.keys, values: node.values.with(place, value) };
  const at = -1 - place;
  return build(node.keys.toSpliced(at, 0, key), node.values.toSpliced(at, 0, value), depth);
}

export function tableSet<Value>(table: Table<Value>, key: string, value: Value): Table<Value> {
  const size = table.size + (tableHas(table, key) ? 0 : 1);
  return { size, root: setIn(table.root, hashOf(key), 0, key, value) };
}

function deleteIn<Value>(node: TableNode<Value>, hash: number, depth: number, key: string): TableNode<Value> {
  if (isBranch(node)) {
    const child = childOf(hash, depth);
    return merged(node.with(child, deleteIn(node[child] ?? emptyLeaf, hash, depth + 1, key)));
  }
  const place = placeIn(node.keys, key);
  return { keys: node.keys.toSpliced(place, 1), values: node.values.toSpliced(place, 1) };
}

/** A branch whose entries fit in one leaf becomes that leaf: the shape never tells what was once there. */
function merged<Value>(branch: readonly TableNode<Value>[]): TableNode<Value> {
  let size = 0;
  for (const child of branch) {
    if (isBranch(child)) return branch;
    size += child.keys.length;
    if (size > leafMax) return branch;
  }
  const pairs = branch.flatMap((child) => [...entriesIn(child)]).sort(([a], [b]) => (a < b ? -1 : 1));
  return { keys: pairs.map(([key]) => key), values: pairs.map(([, value]) => value) };
}

export function tableDelete<Value>(table: Table<Value>, key: string): Table<Value> {
  if (!tableHas(table, key)) return table;
  return { size: table.size - 1, root: deleteIn(table.root, hashOf(key), 0, key) };
}

function* entriesIn<Value>(node: TableNode<Value>): Generator<[key: string, value: Value]> {
  if (isBranch(node)) {
    for (const child of node) yield* entriesIn(child);
    return;
  }
  for (const [index, key] of node.keys.entries()) yield [key, node.values[index] as Value];
}

export const tableEntries = <Value>(table: Table<Value>): Generator<[key: string, value: Value]> =>
  entriesIn(table.root);

export function* tableKeys(table: Table<unknown>): Generator<string> {
  for (const [key] of entriesIn(table.root)) yield key;
}

export function* tableValues<Value>(table: Table<Value>): Generator<Value> {
  for (const [, value] of entriesIn(table.root)) yield value;
}

/** A whole table at once, much faster than one set after the other; the last of equal keys wins. */
export function tableFrom<Value>(entries: Iterable<readonly [key: string, value: Value]>): Table<Value> {
  const pairs = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = pairs.map(([key]) => key);
  return {
    size: keys.length,
    root: build(
      keys,
      pairs.map(([, value]) => value),
      0,
    ),
  };
}
