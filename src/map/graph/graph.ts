/**
 * A map as numbers: what hangs on what, on typed arrays, for one hospital or for all of a region. Every node comes after
 * all it needs; a ring of things started together stands in one stretch. A node is met while at least `atLeast` of what it
 * needs is (0: it needs nothing); groups inside a need are nodes without a name.
 */
export interface Graph {
  readonly size: number;
  /** `componentNode`, `careNode` or `groupNode`, by node. */
  readonly kind: Uint8Array;
  /** Empty for a group. */
  nameOf(node: number): string;
  nodeOf(name: string): number | undefined;
  readonly atLeast: Int32Array;
  /** What `node` needs: `to[first[node]]` to `to[first[node + 1] - 1]`, each with its grace in seconds. */
  readonly first: Int32Array;
  readonly to: Int32Array;
  readonly graceSeconds: Int32Array;
  /** Who needs `node`: `users[firstUser[node]]` to `users[firstUser[node + 1] - 1]`. */
  readonly firstUser: Int32Array;
  readonly users: Int32Array;
  /** First node of the ring it is in; itself, where it is in none. */
  readonly ring: Int32Array;
}

export const groupNode = 0;
export const componentNode = 1;
export const careNode = 2;

/** Everything `node` hangs on, itself included, in ascending order: each after what it needs. */
export function below(graph: Graph, node: number): number[] {
  const seen = new Set([node]);
  for (const one of seen) {
    for (let edge = graph.first[one] ?? 0; edge < (graph.first[one + 1] ?? 0); edge += 1) seen.add(graph.to[edge] ?? 0);
  }
  return [...seen].sort((a, b) => a - b);
}

/** The part of a graph made of some nodes, ascending, which need nothing outside it: node `i` is `nodes[i]`. */
export function partOf(graph: Graph, nodes: readonly number[]): Graph {
  const place = new Map(nodes.map((node, i) => [node, i]));
  const edges = (node: number) => Array.from(graph.to.subarray(graph.first[node], graph.first[node + 1]));
  const first = Int32Array.from(running(nodes.map((node) => edges(node).length)));
  const to = Int32Array.from(nodes.flatMap(edges), (node) => place.get(node) ?? 0);
  const of = (array: Int32Array) => Int32Array.from(nodes, (node) => array[node] ?? 0);
  return {
    size: nodes.length,
    kind: Uint8Array.from(nodes, (node) => graph.kind[node] ?? 0),
    nameOf: (node) => graph.nameOf(nodes[node] ?? -1),
    nodeOf: (name) => place.get(graph.nodeOf(name) ?? -1),
    atLeast: of(graph.atLeast),
    first,
    to,
    graceSeconds: Int32Array.from(
      nodes.flatMap((node) => Array.from(graph.graceSeconds.subarray(graph.first[node], graph.first[node + 1]))),
    ),
    ...usersOf(nodes.length, first, to),
    ring: of(graph.ring).map((node) => place.get(node) ?? 0),
  };
}

/** The same links read from the other end. */
export function usersOf(size: number, first: Int32Array, to: Int32Array): Pick<Graph, 'firstUser' | 'users'> {
  const firstUser = new Int32Array(size + 1);
  for (const node of to) firstUser[node + 1] = (firstUser[node + 1] ?? 0) + 1;
  for (let node = 0; node < size; node += 1) firstUser[node + 1] = (firstUser[node + 1] ?? 0) + (firstUser[node] ?? 0);
  const next = firstUser.slice(0, size);
  const users = new Int32Array(to.length);
  for (let node = 0; node < size; node += 1) {
    for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge += 1) {
      const target = to[edge] ?? 0;
      const place = next[target] ?? 0;
      users[place] = node;
      next[target] = place + 1;
    }
  }
  return { firstUser, users };
}

function running(lengths: readonly number[]): number[] {
  let sum = 0;
  return [0, ...lengths.map((length) => (sum += length))];
}
