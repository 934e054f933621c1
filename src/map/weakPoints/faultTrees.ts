import type { GateGraph } from './gates/graph.ts';

/** Fault trees over the same basic events, as a file or a map gives them. */
export interface FaultTrees {
  graph: GateGraph;
  /** By index, as the graph numbers them. `probability`: that it is failed at a given instant; null: no rate was given. */
  events: readonly { id: string; probability: number | null }[];
  /** The things whose loss is asked about, each with the literal that says it is lost. */
  tops: readonly { id: string; root: number }[];
}
