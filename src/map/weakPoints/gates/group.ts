import { usesFrom } from './coalesce.ts';
import { GateGraph } from './graph.ts';
import { moduleGates } from './modules.ts';

/**
 * In each conjunction, gathers the inputs that share nothing with the rest of the tree into one gate of their own: a module
 * more, and as many variables fewer to order.
 */
export function grouped(graph: GateGraph, root: number): { graph: GateGraph; root: number } {
  const { uses, order } = usesFrom(graph, root);
  const { isModule } = moduleGates(graph, root);
  const fresh = new GateGraph();
  const literalOf = new Int32Array(graph.nodes.length);
  const now = (literal: number): number => (literalOf[literal >> 1] ?? 0) ^ (literal & 1);
  for (const node of order) {
    const found = graph.nodes[node];
    if (found === undefined) continue;
    const { kind, inputs, atLeast } = found;
    if (kind === 'event') literalOf[node] = fresh.event(inputs[0] ?? 0);
    else if (kind === 'and') {
      const alone = (input: number): boolean =>
        uses[input >> 1] === 1 && (isModule[input >> 1] === 1 || graph.nodes[input >> 1]?.kind === 'event');
      const own = inputs.filter(alone);
      const rest = inputs.filter((input) => !alone(input));
      literalOf[node] =
        own.length < 2 || rest.length === 0
          ? fresh.and(inputs.map(now))
          : fresh.and([fresh.and(own.map(now)), ...rest.map(now)]);
    } else if (kind === 'atLeast') literalOf[node] = fresh.atLeast(atLeast, inputs.map(now));
    else if (kind === 'xor') literalOf[node] = fresh.xor(now(inputs[0] ?? 0), now(inputs[1] ?? 0));
  }
  return { graph: fresh, root: now(root) };
}
