import type { MapGraphView } from '../../../map/views.ts';
import type { WhatIfBody } from '../../../server/protocol.ts';

const stateOfSupply = { served: 'up', partly: 'degraded', lost: 'down', unknown: 'unknown' } as const;

/** The map with the states of a what-if: what the picture and the list show of it. */
export function supposed(view: MapGraphView, answer: WhatIfBody): MapGraphView {
  const states = new Map<string, MapGraphView['nodes'][number]['state']>();
  for (const { id, state } of answer.components) states.set(id, state);
  for (const { id, state } of answer.careFunctions) states.set(id, stateOfSupply[state]);
  return {
    ...view,
    nodes: view.nodes.map((node) => {
      const state = states.get(node.id) ?? 'up';
      return state === node.state ? node : { ...node, state, since: null, code: null };
    }),
  };
}

/** What a set of references stands for among the elements of the map. */
export function stoppedIn(
  view: MapGraphView,
  answer: WhatIfBody | undefined,
  references: readonly string[],
): Set<string> {
  return new Set(
    answer === undefined ? references.filter((id) => view.nodes.some((node) => node.id === id)) : answer.down,
  );
}
