import {
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import '@xyflow/react/dist/base.css';
import type { MapGraphView } from '../../map/views.ts';
import { ComponentStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';
import { connected, drawn, type MapNode } from './graph.ts';
import { edgeId, layOut, type Placed } from './layout.ts';
import './graph.css';

type GraphNode = Node<{ shown: MapNode; near: boolean }, 'element'>;
type GraphEdge = Edge<{ points: { x: number; y: number }[]; near: boolean }, 'need'>;

/** Size of a node in root ems: the layout and the stylesheet agree on it. */
const box = { width: 9.75, height: 3.75 };
/** Below this zoom names are no longer read. */
const LEGIBLE = 0.7;
type Drawn = ReturnType<typeof drawn>;
const nodeTypes = { element: Element };
const edgeTypes = { need: Need };

export function Graph(props: { view: MapGraphView; selected: string | null; onSelect(id: string | null): void }) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({
  view,
  selected,
  onSelect,
}: {
  view: MapGraphView;
  selected: string | null;
  onSelect(id: string | null): void;
}) {
  const { t } = useWords();
  const { setCenter, getZoom, fitView } = useReactFlow();
  const store = useStoreApi();
  const [ready, setReady] = useState(false);
  const wanted = useMemo(() => drawn(view, selected), [view, selected]);
  const laidOut = useLayout(wanted);
  const placed = laidOut?.placed ?? null;
  // States are those of now, also while another layout is being computed.
  const current = useMemo(() => new Map(view.nodes.map((node) => [node.id, node])), [view.nodes]);
  const shown = laidOut?.shown ?? wanted;
  const around = useMemo(() => (selected === null ? null : connected(shown.edges, selected)), [shown.edges, selected]);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const near = (id: string) => around === null || id === selected || around.needs.has(id) || around.neededBy.has(id);
  const nodes: GraphNode[] = shown.nodes.map((node) => ({
    id: node.id,
    type: 'element',
    position: placed?.nodes[node.id] ?? { x: 0, y: 0 },
    width: box.width * rem,
    height: box.height * rem,
    selected: node.id === selected,
    data: { shown: current.get(node.id) ?? node, near: near(node.id) },
  }));
  const onPath = (from: string, to: string) =>
    around !== null &&
    ((around.needs.has(to) && (from === selected || around.needs.has(from))) ||
      (around.neededBy.has(from) && (to === selected || around.neededBy.has(to))));
  const edges: GraphEdge[] = shown.edges.map((edge) => ({
    id: edgeId(edge),
    type: 'need',
    source: edge.from,
    target: edge.to,
    className: [
      edge.need === 'all' ? '' : 'edge-alternative',
      around === null ? '' : onPath(edge.from, edge.to) ? 'edge-near' : 'edge-far',
    ].join(' '),
    zIndex: onPath(edge.from, edge.to) ? 1 : 0,
    data: { points: placed?.edges[edgeId(edge)] ?? [], near: onPath(edge.from, edge.to) },
  }));
  useEffect(() => {
    if (!ready || placed === null) return;
    const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250;
    const centre = (id: string | undefined, zoom: number, pull = 0) => {
      const position = id === undefined ? undefined : placed.nodes[id];
      if (position === undefined) return;
      const { width } = store.getState();
      const shift = (pull * width) / 2 / zoom;
      void setCenter(position.x + (box.width * rem) / 2 + shift, position.y + (box.height * rem) / 2, {
        zoom,
        duration,
      });
    };
    void fitView({ padding: 0.06, maxZoom: 1 }).then(() => {
      if (getZoom() >= LEGIBLE) return;
      // Too large to be read whole: care functions stand at the left edge, or what was chosen in the middle.
      const care = shown.nodes.filter((node) => node.kind === 'careFunction');
      if (selected === null) centre(care[Math.floor(care.length / 2)]?.id, LEGIBLE, 0.75);
      else centre(selected, 0.9);
    });
  }, [ready, selected, placed, shown, rem, setCenter, getZoom, fitView, store]);
  if (placed === null)
    return (
      <p className="graph-wait soft" role="status">
        {t.map.laysOut}
      </p>
    );
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodeClick={(_, node) => onSelect(node.id)}
      onPaneClick={() => onSelect(null)}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      minZoom={0.1}
      maxZoom={2}
      onInit={() => setReady(true)}
      proOptions={{ hideAttribution: true }}
      ariaLabelConfig={{
        'controls.ariaLabel': t.map.controls,
        'controls.zoomIn.ariaLabel': t.map.zoomIn,
        'controls.zoomOut.ariaLabel': t.map.zoomOut,
        'controls.fitView.ariaLabel': t.map.wholeMap,
      }}
    >
      <Controls showInteractive={false} position="bottom-right" />
    </ReactFlow>
  );
}

/** Laid out anew only when what is drawn changes, never when a state does. */
function useLayout(shown: Drawn): { placed: Placed; shown: Drawn } | null {
  const key = `${shown.nodes.map((node) => node.id).join()}|${shown.edges.map(edgeId).join()}`;
  const [found, keep] = useState<{ placed: Placed; shown: Drawn } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether nodes or edges differ
  useEffect(() => {
    let current = true;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    void layOut(shown.nodes, shown.edges, { width: box.width * rem, height: box.height * rem }).then((placed) => {
      if (current) keep({ placed, shown });
    });
    return () => {
      current = false;
    };
  }, [key]);
  return found;
}

function Element({ data }: NodeProps<GraphNode>) {
  const { say } = useWords();
  const { shown, near } = data;
  return (
    <div className="element" data-state={shown.state} data-near={near} data-care={shown.kind === 'careFunction'}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <ComponentStateMark state={shown.state} wordless={shown.state === 'up'} />
      <span className="element-name">{say(shown.name)}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

function Need({ data, id }: EdgeProps<GraphEdge>) {
  const points = data?.points ?? [];
  return <BaseEdge id={id} path={points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x},${y}`).join('')} />;
}
