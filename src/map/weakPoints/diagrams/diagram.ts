import type { NodeTable } from './nodeTable.ts';

/**
 * A finished diagram without what was only made on the way: nodes come after those below them, 0 is the terminal. Edges are as
 * the diagram they come from writes them (`signed`: 2 × node + sign, of a binary decision diagram; else nodes).
 */
export interface Diagram {
  variable: Int32Array;
  high: Int32Array;
  low: Int32Array;
  root: number;
}

/** `terminals`: how many first nodes are terminals; `shift`: how many low bits of an edge are not its node. */
export function compacted(table: NodeTable, root: number, terminals: number, shift: number): Diagram {
  const top = root >> shift;
  const place = new Int32Array(top + 1);
  place[top] = 1;
  let many = top < terminals ? terminals : terminals + 1;
  for (let node = top; node >= terminals; node -= 1) {
    if (place[node] === 0) continue;
    for (const edge of [table.high(node), table.low(node)]) {
      const below = edge >> shift;
      if (below < terminals || place[below] === 1) continue;
      place[below] = 1;
      many += 1;
    }
  }
  const diagram = { variable: new Int32Array(many), high: new Int32Array(many), low: new Int32Array(many), root: 0 };
  let next = 0;
  const moved = (edge: number): number => ((place[edge >> shift] ?? 0) << shift) | (edge & ((1 << shift) - 1));
  for (let node = 0; node <= Math.max(top, terminals - 1); node += 1) {
    if (node >= terminals && place[node] === 0) continue;
    place[node] = next;
    diagram.variable[next] = table.variable(node);
    diagram.high[next] = node < terminals ? 0 : moved(table.high(node));
    diagram.low[next] = node < terminals ? 0 : moved(table.low(node));
    next += 1;
  }
  return { ...diagram, root: moved(root) };
}
