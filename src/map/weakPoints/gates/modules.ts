import { usesFrom } from './coalesce.ts';
import type { GateGraph } from './graph.ts';

/** A part of the tree that shares nothing with the rest: solved alone, then taken as one event by the part above it. */
export interface Module {
  /** Its gate. */
  node: number;
  /** Nodes it is made of, after their inputs; its inputs that are modules or basic events are its leaves. */
  gates: readonly number[];
  leaves: readonly number[];
}

/**
 * The modules under `root`, each after those it uses, the whole tree last: a gate is one where all that is below it was
 * visited between its own first and last visit (Dutuit and Rauzy, "A linear-time algorithm to find modules of fault
 * trees", IEEE Trans. Reliability 45, 1996).
 */
export function modulesOf(graph: GateGraph, root: number): Module[] {
  const { isModule, order } = moduleGates(graph, root);
  return order.filter((node) => isModule[node] === 1).map((node) => contentsOf(graph, node, isModule));
}

export function moduleGates(graph: GateGraph, root: number): { isModule: Uint8Array; order: readonly number[] } {
  const size = graph.nodes.length;
  const { order } = usesFrom(graph, root);
  const [entered, left, last] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  const next = new Int32Array(size);
  const stack = [root >> 1];
  let date = 1;
  entered[root >> 1] = date;
  while (stack.length > 0) {
    const node = stack.at(-1) ?? 0;
    const input = gateInputs(graph, node)[next[node] ?? 0];
    if (input === undefined) {
      date += 1;
      left[node] = date;
      last[node] = date;
      stack.pop();
      continue;
    }
    next[node] = (next[node] ?? 0) + 1;
    const below = input >> 1;
    date += 1;
    if (entered[below] === 0) {
      entered[below] = date;
      stack.push(below);
    } else last[below] = date;
  }
  const [soonest, latest] = [new Int32Array(size), new Int32Array(size)];
  const isModule = new Uint8Array(size);
  for (const node of order) {
    let [min, max] = [Number.MAX_SAFE_INTEGER, 0];
    for (const input of gateInputs(graph, node)) {
      const below = input >> 1;
      min = Math.min(min, entered[below] ?? 0, soonest[below] ?? 0);
      max = Math.max(max, last[below] ?? 0, latest[below] ?? 0);
    }
    const gate = gateInputs(graph, node).length > 0;
    soonest[node] = gate ? min : (entered[node] ?? 0);
    latest[node] = gate ? max : (last[node] ?? 0);
    if (gate && min > (entered[node] ?? 0) && max < (left[node] ?? 0)) isModule[node] = 1;
  }
  if (order.length > 0) isModule[root >> 1] = 1;
  return { isModule, order };
}

function contentsOf(graph: GateGraph, top: number, isModule: Uint8Array): Module {
  const [gates, leaves]: [number[], number[]] = [[], []];
  // A whole tree may be a single event.
  if (gateInputs(graph, top).length === 0) return { node: top, gates, leaves: [top] };
  const seen = new Set([top]);
  const stack: { node: number; at: number }[] = [{ node: top, at: 0 }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const input = gateInputs(graph, frame.node)[frame.at];
    if (input === undefined) {
      gates.push(frame.node);
      stack.pop();
      continue;
    }
    frame.at += 1;
    const below = input >> 1;
    if (seen.has(below)) continue;
    seen.add(below);
    if (isModule[below] === 1 || gateInputs(graph, below).length === 0) leaves.push(below);
    else stack.push({ node: below, at: 0 });
  }
  return { node: top, gates, leaves };
}

const none: readonly number[] = [];
export function gateInputs(graph: GateGraph, node: number): readonly number[] {
  const found = graph.nodes[node];
  return found === undefined || found.kind === 'event' ? none : found.inputs;
}
