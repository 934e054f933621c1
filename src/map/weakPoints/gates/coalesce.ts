import { GateGraph } from './graph.ts';

/** How many gates use each node (and one for the root), seen from the root; nodes come after their inputs. */
export function usesFrom(graph: GateGraph, root: number): { uses: Int32Array; order: number[] } {
  const uses = new Int32Array(graph.nodes.length);
  const order: number[] = [];
  const stack = [root >> 1];
  const next = new Int32Array(graph.nodes.length);
  uses[root >> 1] = 1;
  while (stack.length > 0) {
    const node = stack.at(-1) ?? 0;
    const { kind, inputs } = graph.nodes[node] ?? nothing;
    const at = next[node] ?? 0;
    const input = kind === 'event' ? undefined : inputs[at];
    if (input === undefined) {
      order.push(node);
      stack.pop();
      continue;
    }
    next[node] = at + 1;
    const below = input >> 1;
    uses[below] = (uses[below] ?? 0) + 1;
    if (uses[below] === 1) stack.push(below);
  }
  return { uses, order };
}

const nothing = { kind: 'constant', inputs: [], atLeast: 0 } as const;

/**
 * Writes conjunctions of conjunctions as one (so disjunctions too), where the inner one serves nobody else, and again until
 * nothing changes. What this makes alike is then shared.
 */
export function coalesced(graph: GateGraph, root: number): { graph: GateGraph; root: number } {
  let before = { graph, root };
  for (let size = Number.POSITIVE_INFINITY; ; ) {
    const { uses, order } = usesFrom(before.graph, before.root);
    if (order.length >= size) return before;
    size = order.length;
    before = rewritten(before.graph, before.root, order, uses);
  }
}

function rewritten(graph: GateGraph, root: number, order: readonly number[], uses: Int32Array) {
  const fresh = new GateGraph();
  const literalOf = new Int32Array(graph.nodes.length);
  const now = (literal: number): number => (literalOf[literal >> 1] ?? 0) ^ (literal & 1);
  for (const node of order) {
    const { kind, inputs, atLeast } = graph.nodes[node] ?? nothing;
    const first = inputs[0] ?? 0;
    if (kind === 'event') literalOf[node] = fresh.event(first);
    else if (kind === 'and') {
      literalOf[node] = fresh.and(
        inputs.flatMap((input) => {
          const literal = now(input);
          const inner = fresh.nodes[literal >> 1];
          const alone = (literal & 1) === 0 && inner?.kind === 'and' && uses[input >> 1] === 1;
          return alone ? inner.inputs : [literal];
        }),
      );
    } else if (kind === 'atLeast') literalOf[node] = fresh.atLeast(atLeast, inputs.map(now));
    else if (kind === 'xor') literalOf[node] = fresh.xor(now(first), now(inputs[1] ?? 0));
  }
  return { graph: fresh, root: now(root) };
}
