import ELK, { type ELK as Elk, type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { MapEdge, MapNode } from './graph.ts';

export interface Placed {
  width: number;
  height: number;
  nodes: { [id: string]: { x: number; y: number } };
  /** Points of each edge's polyline, by `from→to`. */
  edges: { [id: string]: { x: number; y: number }[] };
}

export const edgeId = ({ from, to, group }: MapEdge): string => `${from}→${to}${group === null ? '' : `#${group}`}`;

let elk: Elk | undefined;

/** Layers from care on the left to what it needs on the right; computed in a worker, so that the page never stops. */
export async function layOut(
  nodes: readonly MapNode[],
  edges: readonly MapEdge[],
  box: { width: number; height: number },
): Promise<Placed> {
  elk ??= new ELK({ workerUrl });
  // A care function may need another (theatres need sterilisation): only what nothing needs can stand in the first column.
  const needed = new Set(edges.map(({ to }) => to));
  const graph: ElkNode = await elk.layout<ElkNode>({
    id: 'map',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(box.width * 0.26),
      'elk.spacing.nodeNode': String(box.height * 0.32),
      'elk.spacing.edgeNode': '14',
      'elk.spacing.edgeEdge': '8',
      'elk.layered.spacing.edgeNodeBetweenLayers': '14',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.mergeEdges': 'true',
      // Clinical order is the order of the view: the picture keeps it where crossings allow.
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: nodes.map(({ id, kind }) => ({
      id,
      ...box,
      ...(kind === 'careFunction' && !needed.has(id)
        ? { layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' } }
        : {}),
    })),
    edges: edges.map((edge) => ({ id: edgeId(edge), sources: [edge.from], targets: [edge.to] })),
  });
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    nodes: Object.fromEntries((graph.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    edges: Object.fromEntries(
      (graph.edges ?? []).map(({ id, sections }) => [
        id,
        (sections ?? []).flatMap(({ startPoint, bendPoints, endPoint }) => [
          startPoint,
          ...(bendPoints ?? []),
          endPoint,
        ]),
      ]),
    ),
  };
}
