import type { MapGraphView } from '../../map/views.ts';

export type MapNode = MapGraphView['nodes'][number];
export type MapEdge = MapGraphView['edges'][number];

/** A graph of more than this is no longer read: the neighbourhood of one element is drawn instead. */
export const NODES_DRAWN = 160;

/** What a node needs and what needs it, all the way along: what a loss touches, and what may have caused it. */
export function connected(edges: readonly MapEdge[], start: string): { needs: Set<string>; neededBy: Set<string> } {
  return { needs: reach(edges, start, 'from', 'to'), neededBy: reach(edges, start, 'to', 'from') };
}

function reach(edges: readonly MapEdge[], start: string, near: 'from' | 'to', far: 'from' | 'to'): Set<string> {
  const next = Map.groupBy(edges, (edge) => edge[near]);
  const found = new Set<string>();
  const waiting = [start];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    for (const edge of next.get(here) ?? []) {
      if (found.has(edge[far]) || edge[far] === start) continue;
      found.add(edge[far]);
      waiting.push(edge[far]);
    }
  }
  return found;
}

/** The whole map while it can be read; otherwise what stands nearest to `centre`, breadth first. */
export function drawn(view: MapGraphView, centre: string | null): { nodes: MapNode[]; edges: MapEdge[] } {
  if (view.nodes.length <= NODES_DRAWN) return { nodes: view.nodes, edges: view.edges };
  const touching = new Map<string, string[]>();
  for (const { from, to } of view.edges) {
    touching.set(from, [...(touching.get(from) ?? []), to]);
    touching.set(to, [...(touching.get(to) ?? []), from]);
  }
  const start = centre ?? view.nodes[0]?.id;
  const kept = new Set<string>(start === undefined ? [] : [start]);
  for (const here of kept) {
    for (const other of touching.get(here) ?? []) if (kept.size < NODES_DRAWN) kept.add(other);
  }
  return {
    nodes: view.nodes.filter((node) => kept.has(node.id)),
    edges: view.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  };
}
