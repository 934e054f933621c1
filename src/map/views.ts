import type { ComponentKind, ComponentState, Words } from './model.ts';

/** The map as a graph: care functions on top, what they need below. */
export interface MapGraphView {
  document: string | null;
  nodes: {
    id: string;
    kind: ComponentKind | 'careFunction';
    name: Words;
    site: string | null;
    supplier: string | null;
    tier: 1 | 2 | 3 | null;
    /** Of a component; for a care function its supply in the same words. */
    state: ComponentState;
    since: string | null;
    code: string | null;
    confirmed: { by: string; on: string } | null;
    restorable: boolean;
  }[];
  /** `from` needs `to`; `group` tells one alternative set from another: `any-1 of 2`. */
  edges: {
    from: string;
    to: string;
    need: 'all' | 'any' | 'atLeast';
    group: string | null;
    graceSeconds: number | null;
  }[];
}
