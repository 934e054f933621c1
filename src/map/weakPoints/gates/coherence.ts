import { usesFrom } from './coalesce.ts';
import type { GateGraph } from './graph.ts';

/** Whether no event is used both as itself and negated: then more failures never repair anything. A look at signs only. */
export function isCoherent(graph: GateGraph, root: number): boolean {
  const { order } = usesFrom(graph, root);
  // Bit 0: used as itself; bit 1: used negated.
  const signs = new Uint8Array(graph.nodes.length);
  signs[root >> 1] = 1 << (root & 1);
  const swapped = (bits: number): number => ((bits & 1) << 1) | (bits >> 1);
  for (const node of order.toReversed()) {
    const found = graph.nodes[node];
    const own = signs[node] ?? 0;
    if (found === undefined) continue;
    if (found.kind === 'event' && own !== 1) return false;
    if (found.kind === 'event') continue;
    for (const input of found.inputs) {
      const given = found.kind === 'xor' ? 3 : (input & 1) === 1 ? swapped(own) : own;
      signs[input >> 1] = (signs[input >> 1] ?? 0) | given;
    }
  }
  return true;
}
